using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities.Collections;
using Org.BouncyCastle.X509;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary>Bouncy Castle for .NET.</summary>
public sealed class BouncyCastle : ISignatureReader
{
    public string Name => "bouncycastle";

    public void Require()
    {
    }

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
        catch (CmsException e)
        {
            return e.Message;
        }
    }

    /// <summary>Signs a content in memory: DER but for the content, which is in segments.</summary>
    public static byte[] Sign(TestIdentity identity, byte[] content, bool detached, string algorithm, bool attributes = true, bool byKeyIdentifier = false)
    {
        var generator = new CmsSignedDataGenerator();
        X509Certificate certificate = Certificate(identity);
        generator.AddSignerInfoGenerator(SignerInfo(identity, certificate, algorithm, attributes, byKeyIdentifier));
        generator.AddCertificate(certificate);
        return generator.Generate(new CmsProcessableByteArray(content), encapsulate: !detached).GetEncoded();
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

    private static SignerInfoGenerator SignerInfo(
        TestIdentity identity, X509Certificate certificate, string algorithm, bool attributes, bool byKeyIdentifier)
    {
        SignerInfoGeneratorBuilder builder = new SignerInfoGeneratorBuilder().SetDirectSignature(!attributes);
        var factory = new Asn1SignatureFactory(algorithm, Key(identity));
        return byKeyIdentifier
            ? builder.Build(factory, identity.Certificate.SubjectKeyIdentifier.ToArray())
            : builder.Build(factory, certificate);
    }

    private static AsymmetricKeyParameter Key(TestIdentity identity) => PrivateKeyFactory.CreateKey(identity.Key.ExportPkcs8PrivateKey());

    private static X509Certificate Certificate(TestIdentity identity) => new(identity.Certificate.RawData.ToArray());
}
