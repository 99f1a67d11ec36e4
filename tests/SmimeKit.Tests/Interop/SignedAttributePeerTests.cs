using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Security;
using SmimeKit.Capabilities;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;
using AsnCms = Org.BouncyCastle.Asn1.Cms;
using AsnEss = Org.BouncyCastle.Asn1.Ess;
using AsnSmime = Org.BouncyCastle.Asn1.Smime;
using BouncyCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace SmimeKit.Tests.Interop;

/// <summary>Every signed attribute: ours as Bouncy Castle and OpenSSL read it, and theirs as we do.</summary>
public sealed class SignedAttributePeerTests
{
    private const string Unknown = "1.2.3.4.5.6";
    private const string SigningCertificateV1 = "1.2.840.113549.1.9.16.2.12";
    private const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const string KeyPreference = "1.2.840.113549.1.9.16.2.11";
    private const string Capabilities = "1.2.840.113549.1.9.15";
    private const string AlgorithmProtection = "1.2.840.113549.1.9.52";

    private static readonly byte[] _content = SigningCase.Content;
    private static readonly TestIdentity _signer = TestIdentity.Rsa;

    [Theory]
    [InlineData("sha-1")]
    [InlineData("sha-256")]
    [InlineData("sha-512")]
    [Trait("Matrix", "content-type")]
    [Trait("Matrix", "message-digest")]
    [Trait("Matrix", "signing-time")]
    [Trait("Matrix", "sMIMECapabilities")]
    [Trait("Matrix", "encryption key preferences")]
    [Trait("Matrix", "signingCertificate")]
    [Trait("Matrix", "signingCertificateV2")]
    [Trait("Matrix", "unknown attributes")]
    [Trait("Requirement", "R5035-5.4.1-a")]
    public void OurAttributes_AreReadByBouncyCastle(string essDigest)
    {
        SignerInformation signer = Assert.Single(new CmsSignedData(Sign(essDigest)).GetSignerInfos().GetSigners());
        Assert.True(signer.Verify(new BouncyCertificate(_signer.Certificate.RawData.ToArray())));

        AsnCms.AttributeTable attributes = signer.SignedAttributes;
        Asn1Encodable Value(string oid) => Assert.Single(attributes[new DerObjectIdentifier(oid)].AttrValues.ToArray());
        Assert.Equal(AsnCms.CmsObjectIdentifiers.Data, Value("1.2.840.113549.1.9.3"));
        Assert.Equal(signer.GetContentDigest(), Asn1OctetString.GetInstance(Value("1.2.840.113549.1.9.4")).GetOctets());
        Assert.Equal(SigningCase.SigningTime.UtcDateTime, AsnCms.Time.GetInstance(Value("1.2.840.113549.1.9.5")).ToDateTime());
        AsnSmime.SmimeCapabilities capabilities = AsnSmime.SmimeCapabilities.GetInstance(Value(Capabilities));
        Assert.All(SmimeCapabilities.Own.Entries, e => Assert.NotEmpty(capabilities.GetCapabilitiesForOid(new DerObjectIdentifier(e.Oid))));
        var preferred = AsnCms.IssuerAndSerialNumber.GetInstance(Asn1TaggedObject.GetInstance(Value(KeyPreference)), declaredExplicit: false);
        Assert.Equal(_signer.Certificate.SerialNumber.ToArray(), preferred.SerialNumber.Value.ToByteArray());
        Assert.Equal(5, DerInteger.GetInstance(Value(Unknown)).IntValueExact);

        byte[] hash = essDigest == "sha-1"
            ? Assert.Single(AsnEss.SigningCertificate.GetInstance(Value(SigningCertificateV1)).GetCerts()).GetCertHash()
            : Assert.Single(AsnEss.SigningCertificateV2.GetInstance(Value(SigningCertificateV2)).GetCerts()).GetCertHash();
        Assert.Equal(DigestUtilities.CalculateDigest(essDigest, _signer.Certificate.RawData.ToArray()), hash);
    }

    [Theory]
    [InlineData("sha-1")]
    [InlineData("sha-256")]
    [InlineData("sha-512")]
    [Trait("Matrix", "signingCertificate")]
    [Trait("Matrix", "signingCertificateV2")]
    public void OurSigningCertificate_IsVerifiedByOpenSsl(string essDigest)
    {
        Peer.OpenSsl.Require();
        string root = Path.GetTempFileName();
        try
        {
            File.WriteAllText(root, TestAuthority.RootPem);
            byte[] read = Peer.OpenSsl.Run(["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-CAfile", root], Sign(essDigest)).Succeeded();
            Assert.Equal(_content, read);
        }
        finally
        {
            File.Delete(root);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Matrix", "CMSAlgorithmProtection")]
    [Trait("Matrix", "sMIMECapabilities")]
    [Trait("Matrix", "encryption key preferences")]
    [Trait("Matrix", "signingCertificate")]
    [Trait("Matrix", "signingCertificateV2")]
    [Trait("Matrix", "unknown attributes")]
    [Trait("Requirement", "R5035-5.4.1-a")]
    public void AttributesOfBouncyCastle_AreRead(bool otherCertificate)
    {
        SignerReport signer = SignedMessage.Read(SignByBouncyCastle(otherCertificate ? TestIdentity.OtherRsa : _signer)).Report.Signers[0];
        if (otherCertificate)
        {
            Assert.IsNotType<SignerVerdict.Valid>(signer.Verdict); // the attributes are read indeed: they name somebody else
            return;
        }

        Assert.IsType<SignerVerdict.Valid>(signer.Verdict);
        Assert.True(signer.SignedAttributes.Contains(AlgorithmProtection));
        Assert.All(
            SigningCertificate.FindAll(signer.SignedAttributes),
            c => Assert.True(Assert.Single(c.Certificates).Matches(_signer.Certificate)));
        Assert.Equal(2, SigningCertificate.FindAll(signer.SignedAttributes).Count);
        Assert.True(EncryptionKeyPreference.Find(signer.SignedAttributes)!.Matches(_signer.Certificate));
        var capabilities = SmimeCapabilities.TryDecode(signer.SignedAttributes.FindSingle(Capabilities)!.Value);
        Assert.Equal(["2.16.840.1.101.3.4.1.42", "1.2.840.113549.3.2"], capabilities!.Entries.Select(e => e.Oid));
        Assert.Equal([0x02, 0x01, 0x05], signer.SignedAttributes.FindSingle(Unknown)!.Value.ToArray());
    }

    private static byte[] Sign(string essDigest)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, new SignedDataWriterOptions
        {
            Signers =
            [
                new CmsSigner(_signer)
                {
                    SigningTime = SigningCase.SigningTime,
                    SigningCertificate = new SigningCertificateOptions { Digest = DigestAlgorithm.BuiltIn.Single(d => d.Name == essDigest) },
                    SignedAttributes =
                    [
                        new CmsAttribute(Capabilities, SmimeCapabilities.Own.Encode()),
                        .. EncryptionKeyPreference.Create(_signer.Certificate),
                        new CmsAttribute(Unknown, (byte[])[0x02, 0x01, 0x05]),
                    ],
                },
            ],
            Certificates = [_signer.Certificate],
        });
        writer.Content.Write(_content);
        writer.Complete();
        return output.ToArray();
    }

    private static byte[] SignByBouncyCastle(TestIdentity named)
    {
        var certificate = new BouncyCertificate(_signer.Certificate.RawData.ToArray());
        byte[] raw = named.Certificate.RawData.ToArray();
        var capabilities = new AsnSmime.SmimeCapabilityVector();
        capabilities.AddCapability(new DerObjectIdentifier("2.16.840.1.101.3.4.1.42"));
        capabilities.AddCapability(new DerObjectIdentifier("1.2.840.113549.3.2"), 128);
        var attributes = new Asn1EncodableVector(
            new AsnSmime.SmimeCapabilitiesAttribute(capabilities),
            new AsnSmime.SmimeEncryptionKeyPreferenceAttribute(new AsnCms.IssuerAndSerialNumber(certificate.CertificateStructure)),
            Of(SigningCertificateV1, new AsnEss.SigningCertificate(new AsnEss.EssCertID(DigestUtilities.CalculateDigest("SHA-1", raw)))),
            Of(SigningCertificateV2, new AsnEss.SigningCertificateV2([new AsnEss.EssCertIDv2(DigestUtilities.CalculateDigest("SHA-256", raw))])),
            Of(Unknown, DerInteger.ValueOf(5)));
        var generator = new CmsSignedDataGenerator();
        generator.AddCertificate(certificate);
        generator.AddSignerInfoGenerator(new SignerInfoGeneratorBuilder()
            .WithSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(new AsnCms.AttributeTable(attributes)))
            .Build(new Asn1SignatureFactory("SHA256withRSA", PrivateKeyFactory.CreateKey(_signer.Pkcs8)), certificate));
        return generator.Generate(new CmsProcessableByteArray(_content), encapsulate: true).GetEncoded();
    }

    private static AsnCms.Attribute Of(string oid, Asn1Encodable value) => new(new DerObjectIdentifier(oid), new DerSet(value));
}
