using System.Security.Cryptography;
using SmimeKit.Certificates.Tests.Keys;

namespace SmimeKit.Certificates.Tests.Algorithms;

/// <summary>Where the base library and Bouncy Castle both have an algorithm, they agree.</summary>
public sealed class SignatureDifferentialTests
{
    private static readonly byte[] _message = RandomNumberGenerator.GetBytes(1000);

    public static TheoryData<string> Digests { get; } = [.. DigestAlgorithm.BuiltIn.Select(d => d.Oid)];

    [Theory]
    [MemberData(nameof(Digests))]
    [Trait("Requirement", "R8702-3.1-a")]
    [Trait("Requirement", "R8702-5-a")]
    public void Digest_ByEitherLibraryInPartsAndAtOnce_IsTheSame(string oid)
    {
        DigestAlgorithm algorithm = DigestAlgorithm.Find(oid)!;
        using IncrementalDigest one = algorithm.CreateIncremental();
        using IncrementalDigest other = IncrementalDigest.CreateManaged(algorithm);
        foreach (byte[] part in _message.Chunk(77))
        {
            one.Append(part);
            other.Append(part);
            using IncrementalDigest copy = other.Clone();
            copy.Append([1]);
        }

        Assert.Equal(algorithm.Size, one.GetDigest().Length);
        Assert.Equal(one.GetDigest(), other.GetDigest());
        Assert.Equal(one.GetDigest(), algorithm.Hash(_message));
        using IncrementalDigest more = one.Clone();
        more.Append([1]);
        Assert.Equal(algorithm.Hash([.. _message, 1]), more.GetDigest());
        Assert.Equal(one.GetDigest(), algorithm.Hash(_message));
    }

    [Theory]
    [InlineData("sha-256")]
    [InlineData("sha-512")]
    [InlineData("sha-1")]
    public void RsaPkcs1_EncodedHere_IsWhatTheBaseLibraryMakes(string name)
    {
        DigestAlgorithm digest = DigestAlgorithm.FindByMicalg(name)!;
        using RSA rsa = KeyCertificates.Rsa();
        using var numbers = new RsaPrivateNumbers(rsa.ExportRSAPrivateKey(), rsa.KeySize / 8);
        byte[] hash = digest.Hash(_message);

        byte[] signature = RsaEncodedBlock.Sign(numbers, hash, digest);

        Assert.Equal(rsa.SignHash(hash, digest.HashName, RSASignaturePadding.Pkcs1), signature);
        SubjectPublicKeyInfo key = SubjectPublicKeyInfo.Decode(rsa.ExportSubjectPublicKeyInfo());
        Assert.Equal(SignatureCheck.Match, RsaEncodedBlock.Verify(key, hash, digest, signature));
        signature[^1] ^= 1;
        Assert.Equal(SignatureCheck.Mismatch, RsaEncodedBlock.Verify(key, hash, digest, signature));
    }

    [Theory]
    [InlineData("sha-256")]
    [InlineData("sha-384")]
    public void RsaPss_ByBouncyCastle_VerifiesWithTheBaseLibrary(string name)
    {
        DigestAlgorithm digest = DigestAlgorithm.FindByMicalg(name)!;
        using RSA rsa = KeyCertificates.Rsa();
        using var numbers = new RsaPrivateNumbers(rsa.ExportRSAPrivateKey(), rsa.KeySize / 8);
        byte[] hash = digest.Hash(_message);
        Assert.True(rsa.VerifyHash(hash, RsaPssSignature.Create(digest).Sign(numbers, hash), digest.HashName, RSASignaturePadding.Pss));
    }

    public static TheoryData<string> Curves { get; } = ["1.3.36.3.3.2.8.1.1.7", "1.3.36.3.3.2.8.1.1.11", "1.3.36.3.3.2.8.1.1.13"];

    [Theory]
    [MemberData(nameof(Curves))]
    public void Brainpool_ByEitherLibrary_Agrees(string curve)
    {
        using ECDsa native = ECDsa.Create(ECCurve.CreateFromValue(curve));
        using PrivateKeyMaterial material = PrivateKeyMaterial.FromPkcs8(native.ExportPkcs8PrivateKey());
        using EcPrivateSigner managed = EcPrivateSigner.FromMaterial(material);
        SubjectPublicKeyInfo key = SubjectPublicKeyInfo.Decode(native.ExportSubjectPublicKeyInfo());
        EcdsaSignature scheme = EcdsaSignature.Create(DigestAlgorithm.Sha384);
        byte[] hash = DigestAlgorithm.Sha384.Hash(_message);

        byte[] byManaged = managed.Sign(key, scheme, hash);
        byte[] byNative = native.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence);

        Assert.Equal(key.RawData.ToArray(), managed.GetPublicKey());
        Assert.True(native.VerifyHash(hash, byManaged, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(SignatureCheck.Match, ManagedEcdsa.Verify(key, hash, byNative));
        byNative[^1] ^= 1;
        Assert.Equal(SignatureCheck.Mismatch, ManagedEcdsa.Verify(key, hash, byNative));
    }

    /// <summary>Both ways with the base library's DSA, which the library itself does not use.</summary>
    [Fact]
    [Trait("Requirement", "R3370-3.1-f")]
    public async Task Dsa_AndTheBaseLibrary_Agree()
    {
        using DSA native = DSA.Create(2048);
        Certificate certificate = KeyVectors.CertificateFor(native.ExportSubjectPublicKeyInfo());
        using SigningKey key = SigningKey.FromPkcs8(certificate, native.ExportPkcs8PrivateKey());
        DsaSignature scheme = DsaSignature.Create(DigestAlgorithm.Sha256);

        byte[] signature = await key.SignAsync(scheme, scheme.GetInput(_message));

        Assert.True(native.VerifyData(_message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        byte[] theirs = native.SignData(_message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.Equal(SignatureCheck.Match, scheme.VerifyMessage(certificate.PublicKey, _message, theirs));
    }
}
