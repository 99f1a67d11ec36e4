using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Certificates.Tests.Keys;

public sealed class SigningKeyTests
{
    private const string RsassaPss = "1.2.840.113549.1.1.10";
    private const string RsaesOaep = "1.2.840.113549.1.1.7";

    private static readonly byte[] _message = "signed"u8.ToArray();

    public static TheoryData<string> Digests() => ["sha-256", "sha-384", "sha-512", "sha-1"];

    [Theory]
    [MemberData(nameof(Digests))]
    public async Task Sign_RsaPkcs1_VerifiesWithTheCertificate(string digest)
    {
        using RSA rsa = KeyCertificates.Rsa();
        await AssertSignsAsync(SigningKey.Create(KeyCertificates.For(rsa), rsa), RsaPkcs1Signature.Create(Digest(digest)), 256);
    }

    [Theory]
    [MemberData(nameof(Digests))]
    [Trait("Requirement", "R4056-3-f")]
    public async Task Sign_RsaPss_VerifiesWithASaltAsLongAsTheDigest(string digest)
    {
        using RSA rsa = KeyCertificates.Rsa();
        RsaPssSignature scheme = RsaPssSignature.Create(Digest(digest));
        byte[] signature = await AssertSignsAsync(SigningKey.Create(KeyCertificates.For(rsa), rsa), scheme, 256);
        Assert.True(rsa.VerifyData(_message, signature, Digest(digest).HashName, RSASignaturePadding.Pss));
    }

    [Theory]
    [InlineData("nistP256", "sha-256")]
    [InlineData("nistP384", "sha-384")]
    [InlineData("nistP521", "sha-512")]
    [InlineData("nistP256", "sha-512")]
    [Trait("Requirement", "R5753-2.1.1-b")]
    public async Task Sign_Ecdsa_IsDer(string curve, string digest)
    {
        using ECDsa key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        byte[] signature = await AssertSignsAsync(
            SigningKey.Create(KeyCertificates.For(key), key), EcdsaSignature.Create(Digest(digest)), null);
        Assert.Equal(0x30, signature[0]);
        Assert.True(key.VerifyData(_message, signature, Digest(digest).HashName, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public async Task Sign_WithSchemeOfAnotherKind_IsUnsupported()
    {
        using RSA rsa = KeyCertificates.Rsa();
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AssertUnsupportedAsync(SigningKey.Create(KeyCertificates.For(rsa), rsa), EcdsaSignature.Create(DigestAlgorithm.Sha256));
        await AssertUnsupportedAsync(SigningKey.Create(KeyCertificates.For(ec), ec), RsaPkcs1Signature.Create(DigestAlgorithm.Sha256));
        await AssertUnsupportedAsync(SigningKey.Create(KeyCertificates.For(ec), ec), RsaPssSignature.Create(DigestAlgorithm.Sha256));
    }

    [Fact]
    [Trait("Requirement", "R4056-2.1-a")]
    public async Task Sign_WithACertificateForPssOnly_SignsPssAndNothingElse()
    {
        using RSA rsa = KeyCertificates.Rsa();
        var key = SigningKey.Create(KeyCertificates.Under(RsassaPss, rsa), rsa);
        await AssertSignsAsync(key, RsaPssSignature.Create(DigestAlgorithm.Sha256), 256);
        await AssertUnsupportedAsync(key, RsaPkcs1Signature.Create(DigestAlgorithm.Sha256));
    }

    [Fact]
    [Trait("Requirement", "R4056-3-d")]
    public async Task Sign_WithPssParametersInTheCertificate_KeepsToThem()
    {
        using RSA rsa = KeyCertificates.Rsa();
        AlgorithmIdentifier restricted = RsaPssSignature.Create(DigestAlgorithm.Sha384).Identifier;
        SubjectPublicKeyInfo publicKey = SubjectPublicKeyInfo.Create(restricted, KeyCertificates.For(rsa).PublicKey.Key.Span);
        var key = SigningKey.Create(KeyCertificates.For(publicKey), rsa);
        await AssertSignsAsync(key, RsaPssSignature.Create(DigestAlgorithm.Sha384), 256);
        await AssertUnsupportedAsync(key, RsaPssSignature.Create(DigestAlgorithm.Sha256));
    }

    [Fact]
    [Trait("Requirement", "R3560-4-a")]
    public async Task Sign_WithACertificateForOaep_IsUnsupported()
    {
        using RSA rsa = KeyCertificates.Rsa();
        var key = SigningKey.Create(KeyCertificates.Under(RsaesOaep, rsa), rsa);
        await AssertUnsupportedAsync(key, RsaPkcs1Signature.Create(DigestAlgorithm.Sha256));
        await AssertUnsupportedAsync(key, RsaPssSignature.Create(DigestAlgorithm.Sha256));
    }

    [Fact]
    public async Task Sign_ADigestOfAnotherSize_IsTheCallersMistake()
    {
        using RSA rsa = KeyCertificates.Rsa();
        var key = SigningKey.Create(KeyCertificates.For(rsa), rsa);
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await key.SignAsync(RsaPkcs1Signature.Create(DigestAlgorithm.Sha256), new byte[31]));
    }

    [Fact]
    public void Create_WithAnotherKey_IsRefused()
    {
        using RSA rsa = KeyCertificates.Rsa();
        using RSA other = KeyCertificates.Rsa(1);
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa ec2 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<ArgumentException>(() => SigningKey.Create(KeyCertificates.For(rsa), other));
        Assert.Throws<ArgumentException>(() => SigningKey.Create(KeyCertificates.For(ec), rsa));
        Assert.Throws<ArgumentException>(() => SigningKey.Create(KeyCertificates.For(ec), ec2));
        Assert.Throws<ArgumentException>(() => SigningKey.FromPkcs8(KeyCertificates.For(rsa), other.ExportPkcs8PrivateKey()));
    }

    [Fact]
    public async Task Dispose_EndsOwnedKeysAndLeavesTheCallersAlone()
    {
        using RSA rsa = KeyCertificates.Rsa();
        Certificate certificate = KeyCertificates.For(rsa);
        RsaPkcs1Signature scheme = RsaPkcs1Signature.Create(DigestAlgorithm.Sha256);
        var owned = SigningKey.FromPkcs8(certificate, rsa.ExportPkcs8PrivateKey());
        await AssertSignsAsync(owned, scheme, 256);
        owned.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await owned.SignAsync(scheme, new byte[32]));
        var borrowed = SigningKey.Create(certificate, rsa);
        borrowed.Dispose();
        await AssertSignsAsync(borrowed, scheme, 256);
    }

    [Fact]
    public async Task FromX509Certificate2_OutlivesTheCertificate()
    {
        using RSA rsa = KeyCertificates.Rsa();
        SigningKey key;
        using (X509Certificate2 bare = KeyCertificates.For(rsa).ToX509Certificate2())
        using (X509Certificate2 certificate = bare.CopyWithPrivateKey(rsa))
        {
            key = SigningKey.FromX509Certificate2(certificate, [KeyCertificates.For(rsa)]);
            Assert.Throws<ArgumentException>(() => SigningKey.FromX509Certificate2(bare));
        }

        using (key)
        {
            Assert.Single(key.Chain);
            await AssertSignsAsync(key, RsaPssSignature.Create(DigestAlgorithm.Sha256), 256);
        }
    }

    [Fact]
    public void FromPkcs8_EveryTruncationAndFlip_IsATypedError()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Certificate certificate = KeyCertificates.For(ec);
        byte[] pkcs8 = ec.ExportPkcs8PrivateKey();
        for (int i = 0; i < pkcs8.Length; i++)
        {
            Assert.Throws<MalformedDataException>(() => SigningKey.FromPkcs8(certificate, pkcs8.AsMemory(0, i)));
            byte[] flipped = [.. pkcs8];
            flipped[i] ^= 0xFF;
            Exception? error = Record.Exception(() => SigningKey.FromPkcs8(certificate, flipped).Dispose());
            Assert.True(error is null or SmimeKitException or ArgumentException, $"octet {i}: {error}");
        }
    }

    [Fact]
    public async Task Sign_FromManyThreads_SignsEveryTime()
    {
        using RSA rsa = KeyCertificates.Rsa();
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsaKey = SigningKey.FromPkcs8(KeyCertificates.For(rsa), rsa.ExportPkcs8PrivateKey());
        using var ecKey = SigningKey.FromPkcs8(KeyCertificates.For(ec), ec.ExportPkcs8PrivateKey());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                await AssertSignsAsync(rsaKey, RsaPkcs1Signature.Create(DigestAlgorithm.Sha256), 256);
                await AssertSignsAsync(ecKey, EcdsaSignature.Create(DigestAlgorithm.Sha256), null);
            }
        })));
    }

    [Fact]
    public async Task Sign_WhenTheKeyFails_SaysNothingButThat()
    {
        using RSA rsa = KeyCertificates.Rsa();
        using var broken = new BrokenRsa(rsa.ExportParameters(false));
        var key = SigningKey.Create(KeyCertificates.For(rsa), broken);
        StoreException error = await Assert.ThrowsAsync<StoreException>(
            async () => await key.SignAsync(RsaPkcs1Signature.Create(DigestAlgorithm.Sha256), new byte[32]));
        Assert.Equal("key-unusable", error.Code);
        Assert.Null(error.InnerException);
    }

    private static async Task<byte[]> AssertSignsAsync(SigningKey key, SignatureAlgorithm scheme, int? size)
    {
        byte[] digest = scheme.Digest!.Hash(_message);
        byte[] signature = await key.SignAsync(scheme, digest);
        Assert.Equal(SignatureCheck.Match, scheme.Verify(key.Certificate.PublicKey, digest, scheme.Digest, signature));
        Assert.Equal(size ?? signature.Length, signature.Length);
        return signature;
    }

    private static async Task AssertUnsupportedAsync(SigningKey key, SignatureAlgorithm scheme)
    {
        UnsupportedAlgorithmException error = await Assert.ThrowsAsync<UnsupportedAlgorithmException>(
            async () => await key.SignAsync(scheme, new byte[scheme.Digest!.Size]));
        Assert.Equal(scheme.Identifier.Oid, error.Oid);
    }

    private static DigestAlgorithm Digest(string name) => DigestAlgorithm.FindByMicalg(name)!;

    /// <summary>A token that was pulled out.</summary>
    private sealed class BrokenRsa : RSA
    {
        private readonly RSAParameters _publicKey;

        internal BrokenRsa(RSAParameters publicKey)
        {
            _publicKey = publicKey;
            KeySizeValue = publicKey.Modulus!.Length * 8;
        }

        public override RSAParameters ExportParameters(bool includePrivateParameters) =>
            includePrivateParameters ? throw new CryptographicException() : _publicKey;

        public override void ImportParameters(RSAParameters parameters) => throw new CryptographicException();

        public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) =>
            throw new CryptographicException("PIN 1234 refused");
    }
}
