using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Keys that are for RSA-KEM alone (id-rsa-kem-spki), and what their parameters fix: RFC 9690 §2.3.</summary>
public static class RsaKemKeyTests
{
    private const string RsaKemKey = "1.2.840.113549.1.9.16.3.14";

    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(1000);
    private static readonly byte[] _kdf3Sha256 = Asn.Algorithm("1.3.133.16.840.9.44.1.2", Asn.Algorithm(Oids.Sha256));

    private static readonly TestIdentity _bare = TestIdentity.Rsa.ReissueFor(new AlgorithmIdentifier(RsaKemKey));

    /// <summary>Gets somebody whose key is for KDF3 with SHA-256 and AES-128 key wrap alone.</summary>
    internal static TestIdentity FixedToAes128Wrap { get; } = KeyWith(Hybrid(_kdf3Sha256, 16, Oids.Aes128Wrap));

    public static TheoryData<string> Unsupported { get; } =
        ["no sequence", "other mechanism", "other derivation", "other wrap", "length of another wrap", "mechanism without parameters", "more"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "R9690-2.3-a")]
    public static void Message_ForAKeyOfEitherIdentifier_IsEncapsulated(bool forRsaKemAlone)
    {
        TestIdentity identity = forRsaKemAlone ? _bare : TestIdentity.Rsa;
        Assert.Equal(2048, identity.Certificate.PublicKey.KeySize);
        foreach (ContentEncryptionAlgorithm cipher in new[] { ContentEncryptionAlgorithm.Aes128Cbc, ContentEncryptionAlgorithm.Aes256Gcm })
        {
            // The key for RSA-KEM alone needs no choice; for the other one it has to be made.
            byte[] message = Envelope.Seal(_content, cipher, Envelope.For(identity) with { EncapsulatesKey = !forRsaKemAlone });
            Envelope.Opened opened = Envelope.Open(message, identity);
            Assert.Equal(_content, opened.Content);
            Assert.Equal(RecipientKind.KeyEncapsulation, opened.Report.Recipient.Kind);
            Assert.Equal(Oids.KemRsa, opened.Report.Recipient.KeyEncapsulationAlgorithm!.Oid);
        }
    }

    [Fact]
    [Trait("Requirement", "R9690-2.3-a")]
    [Trait("Kind", "negative")]
    public static async Task Key_ForRsaKemAlone_DoesNothingElse()
    {
        Assert.Throws<ArgumentException>(() => Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(_bare) with { KeyTransport = new KeyTransportScheme.Pkcs1() }));
        foreach (KeyTransportScheme scheme in new KeyTransportScheme[]
        {
            new KeyTransportScheme.Pkcs1(), new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default),
        })
        {
            var raw = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes128Cbc);
            raw.To(RawEnvelope.Transport(_bare, raw.Key, TestIdentity.Rsa, scheme));
            Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(raw.Encode(), _bare));
            await Assert.ThrowsAsync<UnsupportedAlgorithmException>(
                () => _bare.Key.DecryptAsync(scheme, new byte[256], 16, TestContext.Current.CancellationToken).AsTask());
        }

        using SigningKey signer = SigningKey.FromPkcs8(_bare.Certificate, _bare.Pkcs8);
        Assert.Throws<UnsupportedAlgorithmException>(
            () => SignedDataWriter.Open(Stream.Null, new SignedDataWriterOptions { Signers = [new CmsSigner(signer)] }));
        Assert.Throws<UnsupportedAlgorithmException>(() => SignedDataWriter.Open(
            Stream.Null, new SignedDataWriterOptions { Signers = [new CmsSigner(signer) { UsePss = true }] }));
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DigitalSignature)]
    [InlineData(X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment)]
    [InlineData(X509KeyUsageFlags.KeyAgreement)]
    [Trait("Requirement", "R9690-2.3-b")]
    [Trait("Kind", "negative")]
    public static void Certificate_ThatAllowsMoreThanKeyEncipherment_IsRefused(X509KeyUsageFlags usage)
    {
        TestIdentity identity = TestIdentity.Rsa.ReissueFor(new AlgorithmIdentifier(RsaKemKey), usage);
        PolicyViolationException e = Assert.Throws<PolicyViolationException>(
            () => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(identity)));
        Assert.Equal("key-usage", e.Rule);
    }

    [Fact]
    [Trait("Requirement", "R9690-2.3-b")]
    public static void Certificate_WithoutKeyUsage_IsAccepted()
    {
        TestIdentity identity = TestIdentity.Rsa.ReissueFor(new AlgorithmIdentifier(RsaKemKey), usage: null);
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(identity));
        Assert.Equal(_content, Envelope.Open(message, identity).Content);
    }

    [Theory]
    [InlineData("kdf3-sha-256", "sha-256", 16)]
    [InlineData("kdf3-sha-512", "sha-512", 32)]
    [InlineData("hkdf-sha-256", "sha-256", 16)]
    [InlineData("hkdf-sha-384", "sha-384", 32)]
    [InlineData("kmac256", "shake256", 32)]
    [Trait("Requirement", "R9690-2.3-c")]
    [Trait("Requirement", "R9690-2.2-b")]
    public static void Sender_UsesWhatTheKeyFixes(string derivation, string digest, int kekLength)
    {
        byte[] kdf = derivation switch
        {
            "kdf3-sha-256" => _kdf3Sha256,
            "kdf3-sha-512" => Asn.Algorithm("1.3.133.16.840.9.44.1.2", Asn.Algorithm(Oids.Sha512)),
            "hkdf-sha-256" => Asn.Algorithm(Oids.HkdfSha256),
            "kmac256" => Asn.Algorithm(Oids.Kmac256),
            _ => Asn.Algorithm("1.2.840.113549.1.9.16.3.29"),
        };
        string wrap = kekLength == 16 ? Oids.Aes128Wrap : Oids.Aes256Wrap;
        TestIdentity identity = KeyWith(Hybrid(kdf, kekLength, wrap));
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(identity));

        Envelope.Opened opened = Envelope.Open(message, identity);

        Assert.Equal(_content, opened.Content);
        KemRecipientInfoAsn info = opened.Report.Recipient.Encapsulation!;
        Assert.Equal(Convert.ToHexString(kdf), Convert.ToHexString(info.Kdf.Encode()));
        Assert.Equal((kekLength, wrap), (info.KekLength, info.Wrap.Oid));

        // Who asks for the digest that the key fixes anyway is not refused.
        CertificateRecipient same = Envelope.For(identity) with { KeyDerivationDigest = DigestAlgorithm.FindByMicalg(digest)! };
        Assert.Equal(_content, Envelope.Open(Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes128Cbc, same), identity).Content);
    }

    [Fact]
    [Trait("Requirement", "R9690-2.3-c")]
    [Trait("Kind", "negative")]
    public static void Sender_WhoWantsSomethingElse_IsRefused()
    {
        TestIdentity identity = KeyWith(Hybrid(_kdf3Sha256, 16, Oids.Aes128Wrap));
        CertificateRecipient recipient = Envelope.For(identity);
        Assert.Equal(_content, Envelope.Open(
            Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes128Cbc, recipient with { KeyDerivationDigest = DigestAlgorithm.Sha256 }), identity).Content);
        Assert.Throws<ArgumentException>(
            () => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes128Cbc, recipient with { KeyDerivationDigest = DigestAlgorithm.Sha512 }));

        // R3370-4.3-c: a key wrap of 128 bits is too weak for a content key of 256.
        Assert.Throws<ArgumentException>(() => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, recipient));
        TestIdentity weak = KeyWith(Asn.Sequence(
            Asn.Algorithm(Oids.KemRsa, Asn.Sequence(_kdf3Sha256, Asn.Number(24))), Asn.Algorithm("1.2.840.113549.1.9.16.3.6", [5, 0])));
        Assert.Throws<PolicyViolationException>(() => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(weak)));
    }

    [Theory]
    [InlineData("kdf", false)]
    [InlineData("digest", false)]
    [InlineData("wrap", false)]
    [InlineData("nothing", true)]
    [Trait("Requirement", "R9690-2.3-c")]
    [Trait("Kind", "negative")]
    public static void Reader_WithAMessageOfOtherAlgorithmsThanTheKeyFixes_RefusesIt(string differs, bool opens)
    {
        TestIdentity sealedFor = KeyWith(differs switch
        {
            "kdf" => Hybrid(Asn.Algorithm(Oids.HkdfSha256), 16, Oids.Aes128Wrap),
            "digest" => Hybrid(Asn.Algorithm("1.3.133.16.840.9.44.1.2", Asn.Algorithm(Oids.Sha512)), 16, Oids.Aes128Wrap),
            "wrap" => Hybrid(_kdf3Sha256, 32, Oids.Aes256Wrap),
            _ => Hybrid(_kdf3Sha256, 16, Oids.Aes128Wrap),
        });
        byte[] message = Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(sealedFor) with { BySubjectKeyIdentifier = true });
        TestIdentity owner = KeyWith(Hybrid(_kdf3Sha256, 16, Oids.Aes128Wrap));
        if (opens)
        {
            Assert.Equal(_content, Envelope.Open(message, owner).Content);
        }
        else
        {
            Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message, owner));
        }
    }

    [Theory]
    [MemberData(nameof(Unsupported))]
    [Trait("Requirement", "R9690-2.3-c")]
    [Trait("Kind", "negative")]
    public static void Key_WithParametersThatAreNotUnderstood_IsUsedByNobody(string fault)
    {
        byte[] good = Hybrid(_kdf3Sha256, 16, Oids.Aes128Wrap);
        TestIdentity identity = KeyWith(fault switch
        {
            "no sequence" => [5, 0],
            "other mechanism" => Asn.Sequence(
                Asn.Algorithm("1.2.3", Asn.Sequence(_kdf3Sha256, Asn.Number(16))), Asn.Algorithm(Oids.Aes128Wrap)),
            "other derivation" => Hybrid(Asn.Algorithm("1.2.3"), 16, Oids.Aes128Wrap),
            "other wrap" => Hybrid(_kdf3Sha256, 16, "1.2.3"),
            "length of another wrap" => Hybrid(_kdf3Sha256, 32, Oids.Aes128Wrap),
            "mechanism without parameters" => Asn.Sequence(Asn.Algorithm(Oids.KemRsa), Asn.Algorithm(Oids.Aes128Wrap)),
            _ => Asn.Sequence([good[2..], Asn.Number(1)]),
        });
        Assert.Throws<UnsupportedAlgorithmException>(
            () => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(identity)));
        byte[] message = Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes128Cbc, Envelope.For(_bare) with { BySubjectKeyIdentifier = true });
        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message, identity));
    }

    private static byte[] Hybrid(byte[] kdf, int kekLength, string wrap) => Asn.Sequence(
        Asn.Algorithm(Oids.KemRsa, Asn.Sequence(kdf, Asn.Number(kekLength))), Asn.Algorithm(wrap));

    private static TestIdentity KeyWith(byte[] parameters) => TestIdentity.Rsa.ReissueFor(new AlgorithmIdentifier(RsaKemKey, parameters));
}
