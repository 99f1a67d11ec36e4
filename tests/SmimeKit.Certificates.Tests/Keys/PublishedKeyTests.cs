using SmimeKit.Certificates.Tests.Algorithms;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Keys;

/// <summary>Private keys published with their certificates or public keys: import, sign, verify; and those that have to be refused.</summary>
public sealed class PublishedKeyTests
{
    private static readonly byte[] _message = "a message"u8.ToArray();

    /// <summary>The private key, and where its public half is: a certificate, or a bare key.</summary>
    public static TheoryData<string, string> Pairs { get; } = new()
    {
        { "rfc8410/2-private-key.pem", "rfc8410/1-public-key.pem" },
        { "rfc8410/3-private-key.pem", "rfc8410/1-public-key.pem" },
        { "rfc8410/5-private-key.pem", "rfc8410/1-public-key.pem" },
        { "rfc9909/2-private-key.pem", "rfc9909/1-public-key.pem" },
        { "lamps-mldsa/ML-DSA-44-seed.priv", "lamps-mldsa/ML-DSA-44.crt" },
        { "lamps-mldsa/ML-DSA-44-expanded.priv", "lamps-mldsa/ML-DSA-44.crt" },
        { "lamps-mldsa/ML-DSA-44-both.priv", "lamps-mldsa/ML-DSA-44.crt" },
        { "lamps-mldsa/ML-DSA-65-seed.priv", "lamps-mldsa/ML-DSA-65.crt" },
        { "lamps-mldsa/ML-DSA-65-expanded.priv", "lamps-mldsa/ML-DSA-65.crt" },
        { "lamps-mldsa/ML-DSA-65-both.priv", "lamps-mldsa/ML-DSA-65.crt" },
        { "lamps-mldsa/ML-DSA-87-seed.priv", "lamps-mldsa/ML-DSA-87.crt" },
        { "lamps-mldsa/ML-DSA-87-expanded.priv", "lamps-mldsa/ML-DSA-87.crt" },
        { "lamps-mldsa/ML-DSA-87-both.priv", "lamps-mldsa/ML-DSA-87.crt" },
        { "rfc9216/carlos.sign.key", "rfc9216/carlos.sign.crt" },
        { "rfc9216/ed25519-ca.key", "rfc9216/ed25519-ca.crt" },
        { "openssl36/sig-ed25519.key", "openssl36/sig-ed25519.crt" },
        { "openssl36/sig-ml-dsa-65.key", "openssl36/sig-ml-dsa-65.crt" },
        { "openssl36/sig-slh-dsa-sha2-128s.key", "openssl36/sig-slh-dsa-sha2-128s.crt" },
        { "openssl-smime-certs/smdsa1.pem", "openssl-smime-certs/smdsa1.pem" },
        { "openssl-smime-certs/smdsa2.pem", "openssl-smime-certs/smdsa2.pem" },
        { "openssl-smime-certs/smdsa3.pem", "openssl-smime-certs/smdsa3.pem" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    [Trait("Requirement", "R8410-4-a")]
    [Trait("Requirement", "R8410-7-a")]
    [Trait("Requirement", "R9881-6-a")]
    [Trait("Requirement", "R9909-B-a")]
    public async Task Sign_WithAPublishedKey_VerifiesWithItsPublicHalf(string privateKey, string publicKey)
    {
        Certificate certificate = publicKey.EndsWith("public-key.pem", StringComparison.Ordinal)
            ? KeyVectors.CertificateFor(KeyVectors.Pem(publicKey, "PUBLIC KEY"))
            : Certificate.Decode(KeyVectors.Pem(publicKey, "CERTIFICATE"));
        using SigningKey key = SigningKey.FromPkcs8(certificate, KeyVectors.Pem(privateKey, "PRIVATE KEY"));
        SignatureAlgorithm scheme = SignatureAlgorithm.ForKey(certificate.PublicKey)!;

        byte[] signature = await key.SignAsync(scheme, scheme.GetInput(_message));

        Assert.Equal(SignatureCheck.Match, scheme.VerifyMessage(certificate.PublicKey, _message, signature));
        Assert.Equal(SignatureCheck.Mismatch, scheme.VerifyMessage(certificate.PublicKey, [.. _message, 0], signature));
        signature[^1] ^= 1;
        Assert.Equal(SignatureCheck.Mismatch, scheme.VerifyMessage(certificate.PublicKey, _message, signature));
        Assert.Equal(SignatureCheck.Mismatch, scheme.VerifyMessage(certificate.PublicKey, _message, signature.AsSpan(1)));
        Assert.Equal(SignatureCheck.Mismatch, scheme.VerifyMessage(certificate.PublicKey, _message, []));
    }

    /// <summary>The DSA keys of RFC 4134, one of them with a certificate that inherits its parameters.</summary>
    [Theory]
    [InlineData("AlicePrivDSSSign.pri", "AliceDSSSignByCarlNoInherit.cer")]
    [InlineData("DianePrivDSSSign.pri", "DianeDSSSignByCarlInherit.cer")]
    [InlineData("CarlPrivDSSSign.pri", "CarlDSSSelf.cer")]
    [Trait("Requirement", "R3370-3.1-b")]
    [Trait("Requirement", "R3370-3.1-c")]
    [Trait("Requirement", "R3370-3.1-d")]
    public async Task Sign_WithDsaKeysOfRfc4134_VerifiesWithTheParametersOfTheIssuer(string privateKey, string certificateFile)
    {
        Certificate certificate = Certificate.Decode(Vectors.Read("rfc4134/" + certificateFile));
        Certificate carl = Certificate.Decode(Vectors.Read("rfc4134/CarlDSSSelf.cer"));
        using SigningKey key = SigningKey.FromPkcs8(certificate, Vectors.Read("rfc4134/" + privateKey));
        DsaSignature scheme = DsaSignature.Create(DigestAlgorithm.Sha1);
        SubjectPublicKeyInfo complete = certificate.PublicKey.TryInherit(carl.PublicKey) ?? certificate.PublicKey;

        byte[] signature = await key.SignAsync(scheme, scheme.GetInput(_message));

        Assert.Equal(SignatureCheck.Match, scheme.VerifyMessage(complete, _message, signature));
        Assert.Equal(SignatureCheck.Match, certificate.VerifySignature(carl.PublicKey));
        Assert.Equal(certificateFile.Contains("Inherit.", StringComparison.Ordinal) && !certificateFile.Contains("No", StringComparison.Ordinal),
            certificate.PublicKey.InheritsParameters);
        if (certificate.PublicKey.InheritsParameters)
        {
            Assert.Equal(SignatureCheck.UnusableKey, scheme.VerifyMessage(certificate.PublicKey, _message, signature));
            Assert.Equal(0, certificate.PublicKey.KeySize);
            Assert.Equal(1024, complete.KeySize);
        }
    }

    /// <summary>Seed and expanded key that disagree, expanded keys out of range; and halves of RFC 8410 §10.3 that do not match.</summary>
    [Theory]
    [InlineData("lamps-mldsa/bad-ML-DSA-44-1.priv", "lamps-mldsa/ML-DSA-44.crt")]
    [InlineData("lamps-mldsa/bad-ML-DSA-44-2.priv", "lamps-mldsa/ML-DSA-44.crt")]
    [InlineData("lamps-mldsa/bad-ML-DSA-44-3.priv", "lamps-mldsa/ML-DSA-44.crt")]
    [InlineData("rfc8410/7-private-key.pem", "rfc8410/1-public-key.pem")]
    [InlineData("rfc8410/8-private-key.pem", "rfc8410/1-public-key.pem")]
    [Trait("Kind", "negative")]
    [Trait("Requirement", "R9881-6-a")]
    public void FromPkcs8_DamagedKey_IsMalformed(string privateKey, string publicKey)
    {
        Certificate certificate = publicKey.EndsWith("public-key.pem", StringComparison.Ordinal)
            ? KeyVectors.CertificateFor(KeyVectors.Pem(publicKey, "PUBLIC KEY"))
            : Certificate.Decode(KeyVectors.Pem(publicKey, "CERTIFICATE"));
        Assert.Throws<MalformedDataException>(() => SigningKey.FromPkcs8(certificate, KeyVectors.Pem(privateKey, "PRIVATE KEY")));
    }

    [Theory]
    [InlineData("rfc9216/carlos.sign.key")]
    [InlineData("lamps-mldsa/ML-DSA-44-both.priv")]
    [InlineData("openssl36/sig-slh-dsa-sha2-128s.key")]
    [InlineData("openssl-smime-certs/smdsa1.pem")]
    [Trait("Kind", "negative")]
    public void FromPkcs8_TruncatedOrChanged_IsATypedError(string privateKey)
    {
        byte[] pkcs8 = KeyVectors.Pem(privateKey, "PRIVATE KEY");
        Certificate certificate = KeyVectors.CertificateFor(KeyVectors.Pem("rfc8410/1-public-key.pem", "PUBLIC KEY"));
        for (int i = 0; i < pkcs8.Length; i += 1 + (pkcs8.Length / 50))
        {
            byte[] changed = [.. pkcs8];
            changed[i] ^= 0x40;
            AssertRefused(certificate, pkcs8[..i]);
            AssertRefused(certificate, changed);
        }
    }

    /// <summary>Certificates signed by their issuers with the schemes of this page.</summary>
    [Theory]
    [InlineData("rfc9216/carlos.sign.crt", "rfc9216/ed25519-ca.crt")]
    [InlineData("rfc9216/ed25519-ca.crt", "rfc9216/ed25519-ca.crt")]
    [InlineData("rfc9909/3-certificate.pem", "rfc9909/3-certificate.pem")]
    [InlineData("lamps-mldsa/ML-DSA-44.crt", "lamps-mldsa/ML-DSA-44.crt")]
    [InlineData("lamps-mldsa/ML-DSA-65.crt", "lamps-mldsa/ML-DSA-65.crt")]
    [InlineData("lamps-mldsa/ML-DSA-87.crt", "lamps-mldsa/ML-DSA-87.crt")]
    [InlineData("bc-mldsa/cert-mldsa/ML-DSA-87.pem", "bc-mldsa/cert-mldsa/ML-DSA-87.pem")]
    [InlineData("bc-mldsa/cert-slhdsa/SLH-DSA-SHA2-128S.pem", "bc-mldsa/cert-slhdsa/SLH-DSA-SHA2-128S.pem")]
    [InlineData("openssl36/sig-ml-dsa-65.crt", "openssl36/ca-mldsa65.crt")]
    [InlineData("openssl36/sig-slh-dsa-sha2-128s.crt", "openssl36/ca-mldsa65.crt")]
    [Trait("Requirement", "R8410-3-a")]
    [Trait("Requirement", "R9882-2-a")]
    [Trait("Requirement", "R9814-3-a")]
    public void VerifySignature_OfPublishedCertificate_Matches(string subject, string issuer)
    {
        Certificate certificate = Certificate.Decode(KeyVectors.Pem(subject, "CERTIFICATE"));
        Certificate ca = Certificate.Decode(KeyVectors.Pem(issuer, "CERTIFICATE"));
        Assert.Equal(SignatureCheck.Match, certificate.VerifySignature(ca.PublicKey));
        Assert.Equal(SignatureCheck.UnusableKey, certificate.VerifySignature(KeyCertificates.For(KeyCertificates.Rsa()).PublicKey));
    }

    /// <summary>Ed25519 keys in the PKCS #12 files of RFC 9216.</summary>
    [Theory]
    [InlineData("rfc9216/carlos.p12")]
    [InlineData("rfc9216/dana.p12")]
    public async Task KeyFile_WithEd25519Keys_GivesKeysThatSign(string path)
    {
        using KeyFile file = KeyFile.Decode(Vectors.Read(path), Vectors.Entry(path).Text("password"));
        SigningKey key = file.SigningKeys.Single(k => k.Certificate.PublicKey.Algorithm.Oid == EdDsaSignature.Ed25519.Identifier.Oid);
        byte[] signature = await key.SignAsync(EdDsaSignature.Ed25519, _message);
        Assert.Equal(SignatureCheck.Match, EdDsaSignature.Ed25519.VerifyMessage(key.Certificate.PublicKey, _message, signature));
    }

    private static void AssertRefused(Certificate certificate, byte[] pkcs8)
    {
        Exception? exception = Record.Exception(() => SigningKey.FromPkcs8(certificate, pkcs8).Dispose());
        Assert.True(exception is SmimeKitException or ArgumentException, exception?.ToString());
    }
}
