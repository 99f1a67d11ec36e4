using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities.Collections;
using Org.BouncyCastle.X509;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Peers;

/// <summary>Bouncy Castle for .NET.</summary>
public sealed partial class BouncyCastle : IForeign
{
    public string Name => "bouncycastle";

    public string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers)
    {
        try
        {
            CmsSignedData cms = detached ? new CmsSignedData(new CmsProcessableByteArray(content), message) : new CmsSignedData(message);
            IStore<X509Certificate> certificates = cms.GetCertificates();
            ICollection<SignerInformation> infos = cms.GetSignerInfos().GetSigners();
            if (infos.Count != signers.Count)
            {
                return "the signers differ";
            }

            foreach (SignerInformation info in infos)
            {
                if (!certificates.EnumerateMatches(info.SignerID).Any(c => info.Verify(c)))
                {
                    return "a signer does not verify";
                }
            }

            using var carried = new MemoryStream();
            cms.SignedContent.Write(carried);
            return carried.ToArray().AsSpan().SequenceEqual(content) ? null : "the content differs";
        }
        catch (Exception e) when (e is CmsException or SecurityUtilityException)
        {
            return e.Message;
        }
    }

    public byte[] Sign(SigningCase signing, byte[] content)
    {
        var generator = new CmsSignedDataGenerator();
        foreach (TestIdentity signer in signing.Signers)
        {
            X509Certificate certificate = Certificate(signer);
            generator.AddSignerInfoGenerator(SignerInfo(signing, signer, certificate));
            generator.AddCertificate(certificate);
        }

        CmsSignedData message = generator.Generate(new CmsProcessableByteArray(content), encapsulate: !signing.IsDetached);
        return signing.Form == SigningForm.Indefinite ? message.GetEncoded() : message.GetEncoded(Org.BouncyCastle.Asn1.Asn1Encodable.Der);
    }

    /// <summary>Signs a content as a stream: indefinite lengths, small segments.</summary>
    public static byte[] SignStreamed(TestIdentity identity, byte[] content, string digestOid)
    {
        var generator = new CmsSignedDataStreamGenerator();
        X509Certificate certificate = Certificate(identity);
        generator.AddSigner(Key(identity), certificate, digestOid);
        generator.AddCertificate(certificate);
        using var output = new MemoryStream();
        using (Stream stream = generator.Open(output, encapsulate: true))
        {
            foreach (byte[] chunk in content.Chunk(100))
            {
                stream.Write(chunk);
            }
        }

        return output.ToArray();
    }

    public string? FindObjection(byte[] message, SmimeKit.Certificates.Certificate certificate)
    {
        try
        {
            return new CmsSignedData(message).GetCertificates().EnumerateMatches(null)
                .Any(c => c.GetEncoded().AsSpan().SequenceEqual(certificate.RawData.Span)) ? null : "the certificate is missing";
        }
        catch (CmsException e)
        {
            return e.Message;
        }
    }

    public byte[] WriteCertificate(TestIdentity identity)
    {
        var generator = new CmsSignedDataGenerator();
        generator.AddCertificate(Certificate(identity));
        return generator.Generate(new CmsProcessableByteArray([]), encapsulate: false).GetEncoded();
    }

    private static SignerInfoGenerator SignerInfo(SigningCase signing, TestIdentity signer, X509Certificate certificate)
    {
        SignerInfoGeneratorBuilder builder = new SignerInfoGeneratorBuilder().SetDirectSignature(!signing.Attributes);
        var factory = new Asn1SignatureFactory(SignatureName(signing, signer), Key(signer));
        return signing.KeyIdentifier
            ? builder.Build(factory, signer.Certificate.SubjectKeyIdentifier.ToArray())
            : builder.Build(factory, certificate);
    }

    /// <summary>Gets the name of a scheme, which Bouncy Castle has in common for .NET and Java.</summary>
    internal static string SignatureName(SigningCase signing, TestIdentity signer) =>
        signer != signing.Scheme.Signer() ? "SHA256with" + (signer.Certificate.PublicKey.IsRsa ? "RSA" : "ECDSA")
        : signing.Scheme.Digest is not { } digest ? signing.Scheme.Name
        : digest.Name.StartsWith("shake", StringComparison.Ordinal) ? digest.Name + (signer.Certificate.PublicKey.IsRsa ? "withRSAPSS" : "withECDSA")
        : digest.Name.Replace("sha-", "sha", StringComparison.Ordinal).ToUpperInvariant()
            + (signer.Certificate.PublicKey.IsDsa ? "withDSA"
                : !signer.Certificate.PublicKey.IsRsa ? "withECDSA"
                : signing.Scheme.Pss ? "withRSAandMGF1"
                : "withRSA");

    internal static AsymmetricKeyParameter Key(TestIdentity identity) => PrivateKeyFactory.CreateKey(identity.Pkcs8);

    internal static X509Certificate Certificate(TestIdentity identity) => new(identity.Certificate.RawData.ToArray());
}
