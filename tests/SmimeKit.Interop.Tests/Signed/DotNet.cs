using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary><c>System.Security.Cryptography.Pkcs.SignedCms</c>.</summary>
public sealed class DotNet : ISignatureReader
{
    public string Name => "dotnet";

    public void Require()
    {
    }

    public string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers)
    {
        try
        {
            SignedCms cms = detached ? new SignedCms(new ContentInfo(content), detached: true) : new SignedCms();
            cms.Decode(message);
            cms.CheckSignature(verifySignatureOnly: true);
            string[] found = [.. cms.SignerInfos.Cast<SignerInfo>().Select(s => s.Certificate!.SerialNumber).Order()];
            return !cms.ContentInfo.Content.AsSpan().SequenceEqual(content) ? "the content differs"
                : !found.SequenceEqual(signers.Select(s => s.Certificate.SerialNumberHex).Order()) ? "the signers differ"
                : null;
        }
        catch (CryptographicException e)
        {
            return e.Message;
        }
    }

    /// <summary>Signs a content.</summary>
    public static byte[] Sign(TestIdentity identity, byte[] content, bool detached, Action<CmsSigner>? configure = null)
    {
        using X509Certificate2 certificate = identity.ToX509Certificate2();
        var signer = new CmsSigner(certificate) { IncludeOption = X509IncludeOption.EndCertOnly };
        configure?.Invoke(signer);
        var cms = new SignedCms(new ContentInfo(content), detached);
        cms.ComputeSignature(signer, silent: true);
        return cms.Encode();
    }
}
