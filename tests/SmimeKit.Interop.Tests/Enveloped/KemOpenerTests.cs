using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Keys;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>Messages for recipients that encapsulate, written by us, opened by <see cref="KemOpener"/>.</summary>
public sealed class KemOpenerTests
{
    private const string RsaKemKey = "1.2.840.113549.1.9.16.3.14";

    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(100_000);
    private static readonly byte[] _ukm = RandomNumberGenerator.GetBytes(20);
    private static readonly ConcurrentDictionary<string, Lazy<TestIdentity>> _identities = new();

    public static TheoryData<string, string, bool, bool> Messages { get; } = new(
        from kind in new[] { "ml-kem-512", "ml-kem-768", "ml-kem-1024", "rsa", "rsa-kem" }
        from cipher in new[] { "AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "AES-128-GCM", "AES-256-GCM" }
        from ukm in new[] { false, true }
        from definite in new[] { false, true }
        select (kind, cipher, ukm, definite));

    [Theory]
    [MemberData(nameof(Messages))]
    [Trait("Requirement", "R9629-3-b")]
    [Trait("Requirement", "R9629-5-a")]
    [Trait("Requirement", "R9936-2.2-a")]
    [Trait("Requirement", "R9690-2.2-a")]
    [Trait("Requirement", "R9690-2.3-a")]
    [Trait("Matrix", "ml-kem-512")]
    [Trait("Matrix", "ml-kem-768-ukm")]
    [Trait("Matrix", "rsa-kem")]
    public void WrittenByUs_ForAKeyThatEncapsulates_IsOpenedByPartsOfBouncyCastle(string kind, string cipher, bool ukm, bool definite)
    {
        byte[] message = Write(kind, cipher, definite, r => r with { UserKeyingMaterial = ukm ? _ukm : default, BySubjectKeyIdentifier = ukm });
        var opener = new KemOpener(Identity(kind).Pkcs8);
        Assert.Equal(_content, opener.Open(message));
        Assert.Equal(ukm ? _ukm : null, opener.Info!.Ukm?.GetOctets());
        Assert.Equal(ukm, opener.Info.RecipientIdentifier.IsTagged);
    }

    [Theory]
    [InlineData("ml-kem-512", "sha-384")]
    [InlineData("ml-kem-768", "sha-512")]
    [InlineData("ml-kem-1024", "sha-512")]
    [InlineData("rsa", "sha-512")]
    [InlineData("rsa-kem", "sha-384")]
    [Trait("Requirement", "R9629-3-b")]
    [Trait("Requirement", "R9690-2.2-b")]
    [Trait("Matrix", "ml-kem-1024-sha512")]
    public void WrittenByUs_WithAnotherDerivation_IsOpenedByPartsOfBouncyCastle(string kind, string digest)
    {
        byte[] message = Write(kind, "AES-256-GCM", definite: true, r => r with { KeyDerivationDigest = DigestAlgorithm.FindByMicalg(digest) });
        Assert.Equal(_content, new KemOpener(Identity(kind).Pkcs8).Open(message));
    }

    [Theory]
    [InlineData("ml-kem-768")]
    [InlineData("rsa")]
    [Trait("Requirement", "R9629-5-b")]
    [Trait("Kind", "negative")]
    public void Opener_WithAnotherUkmOrAnotherKey_OpensNothing(string kind)
    {
        byte[] message = Write(kind, "AES-256-CBC", definite: true, r => r with { UserKeyingMaterial = _ukm });
        Assert.ThrowsAny<CryptoException>(() => new KemOpener(Identity(kind).Pkcs8) { OtherUkm = new byte[20] }.Open(message));
        Assert.ThrowsAny<CryptoException>(() => new KemOpener(KeyPair.Make(kind).Pkcs8).Open(message));
    }

    [Theory]
    [InlineData("aes128")]
    [InlineData("aes256")]
    [InlineData("aes-128-gcm")]
    [InlineData("aes-256-gcm")]
    [Trait("Requirement", "R9629-3-b")]
    public void WrittenByOpenSsl36_IsOpenedByTheSameParts(string cipher)
    {
        // That the opener opens what others write says that it follows the RFC, and not us.
        string pem = System.Text.Encoding.ASCII.GetString(Vectors.Read("openssl36/enc-ml-kem-768.key"));
        byte[] key = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
        Assert.Equal(Vectors.Read("openssl36/content.txt"), new KemOpener(key).Open(Vectors.Read($"openssl36/enc-ml-kem-768-{cipher}.der")));
    }

    private static TestIdentity Identity(string kind) => _identities.GetOrAdd(kind, k => new(() => Make(k))).Value;

    private static TestIdentity Make(string kind)
    {
        KeyPair keys = KeyPair.Make(kind == "rsa-kem" ? "rsa-3072" : kind);
        if (kind == "rsa-kem")
        {
            ReadOnlySpan<byte> key = SubjectPublicKeyInfo.Decode(keys.PublicKey).Key.Span;
            keys = keys with { PublicKey = SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(RsaKemKey), key).RawData.ToArray() };
        }

        return TestIdentity.Issue("to-" + kind, keys, X509KeyUsageFlags.KeyEncipherment);
    }

    private static byte[] Write(string kind, string cipher, bool definite, Func<CertificateRecipient, CertificateRecipient> describe)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        EnvelopeRecipient[] recipients = [describe(new CertificateRecipient(Identity(kind).Certificate) { EncapsulatesKey = kind.StartsWith("rsa", StringComparison.Ordinal) })];
        long? length = definite ? _content.Length : null;
        using var output = new MemoryStream();
        using EncryptedContentWriter writer = algorithm.IsAuthenticated
            ? AuthEnvelopedDataWriter.Open(output, new() { Recipients = recipients, Algorithm = algorithm, ContentLength = length })
            : EnvelopedDataWriter.Open(output, new() { Recipients = recipients, Algorithm = algorithm, ContentLength = length });
        writer.Content.Write(_content);
        writer.Complete();
        return output.ToArray();
    }
}
