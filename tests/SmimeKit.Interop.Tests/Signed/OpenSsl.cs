using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary><c>openssl cms</c>, with certificate validation up to the test's root.</summary>
public sealed class OpenSsl : ISignatureReader
{
    public string Name => "openssl";

    public void Require() => Peer.OpenSsl.Require();

    public string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers)
    {
        using var folder = new WorkFolder();
        PeerResult result = Peer.OpenSsl.Run(
        [
            "cms", "-verify", "-binary", "-inform", "DER", "-in", folder.Write("message.p7m", message),
            "-CAfile", folder.Write("root.pem", TestAuthority.RootPem), "-out", folder["content"],
            .. detached ? ["-content", folder.Write("given", content)] : Array.Empty<string>(),
        ]);
        return result.ExitCode != 0 ? result.Error
            : folder.Read("content").AsSpan().SequenceEqual(content) ? null
            : "the content differs";
    }

    /// <summary>Signs a content with further options of the command.</summary>
    public static byte[] Sign(TestIdentity signer, byte[] content, params IEnumerable<string> options)
    {
        using var folder = new WorkFolder();
        return Peer.OpenSsl.Run(
        [
            "cms", "-sign", "-binary", "-outform", "DER", "-in", folder.Write("content", content),
            "-signer", folder.Write("signer.pem", signer.CertificatePem + "\n" + signer.KeyPem), .. options,
        ]).Succeeded();
    }
}
