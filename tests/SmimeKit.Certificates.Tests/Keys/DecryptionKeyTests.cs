using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace SmimeKit.Certificates.Tests.Keys;

public sealed class DecryptionKeyTests
{
    private static readonly KeyTransportScheme _pkcs1 = new KeyTransportScheme.Pkcs1();

    [Theory]
    [InlineData("rsa_pkcs1_2048_test.json")]
    [InlineData("rsa_pkcs1_3072_test.json")]
    [InlineData("rsa_pkcs1_4096_test.json")]
    [Trait("Requirement", "R3218-2.3.2-a")]
    [Trait("Requirement", "R3370-4.2.1-e")]
    public async Task Decrypt_Pkcs1Vectors_GiveTheKeyOrRandomOctetsOfItsSize(string file)
    {
        foreach (JsonElement group in KeyCertificates.Wycheproof(file).EnumerateArray())
        {
            using DecryptionKey key = FromPkcs8(group.Hex("privateKeyPkcs8"));
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] message = test.Hex("msg");
                if (message.Length > 0)
                {
                    byte[]? decrypted = await key.DecryptAsync(_pkcs1, test.Hex("ct"), message.Length);
                    Assert.Equal(message.Length, decrypted!.Length);
                    Assert.Equal(test.GetProperty("result").GetString() == "valid", message.AsSpan().SequenceEqual(decrypted));
                }
            }
        }
    }

    [Theory]
    [InlineData("rsa_oaep_2048_sha1_mgf1sha1_test.json")]
    [InlineData("rsa_oaep_2048_sha256_mgf1sha1_test.json")]
    [InlineData("rsa_oaep_2048_sha256_mgf1sha256_test.json")]
    [InlineData("rsa_oaep_2048_sha384_mgf1sha1_test.json")]
    [InlineData("rsa_oaep_2048_sha384_mgf1sha384_test.json")]
    [InlineData("rsa_oaep_2048_sha512_mgf1sha1_test.json")]
    [InlineData("rsa_oaep_2048_sha512_mgf1sha512_test.json")]
    [InlineData("rsa_oaep_3072_sha256_mgf1sha256_test.json")]
    [InlineData("rsa_oaep_3072_sha512_mgf1sha512_test.json")]
    [InlineData("rsa_oaep_4096_sha256_mgf1sha256_test.json")]
    [Trait("Requirement", "R3560-3-c")]
    [Trait("Requirement", "R3560-3-d")]
    [Trait("Requirement", "R3560-3-e")]
    [Trait("Requirement", "R3560-6-b")]
    public async Task Decrypt_OaepVectors_GiveTheKeyOrNull(string file)
    {
        foreach (JsonElement group in KeyCertificates.Wycheproof(file).EnumerateArray())
        {
            using DecryptionKey key = FromPkcs8(group.Hex("privateKeyPkcs8"));
            DigestAlgorithm digest = DigestAlgorithm.FindByMicalg(group.GetProperty("sha").GetString()!)!;
            DigestAlgorithm mgfDigest = DigestAlgorithm.FindByMicalg(group.GetProperty("mgfSha").GetString()!)!;
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] message = test.Hex("msg");
                var scheme = new KeyTransportScheme.Oaep(digest, mgfDigest, test.Hex("label"));
                if (message.Length > 0)
                {
                    byte[]? decrypted = await key.DecryptAsync(scheme, test.Hex("ct"), message.Length);
                    Assert.Equal(test.GetProperty("result").GetString() == "valid" ? message : null, decrypted);
                }
            }
        }
    }

    [Theory]
    [InlineData("ecdh_secp256r1_ecpoint_test.json", "nistP256")]
    [InlineData("ecdh_secp384r1_ecpoint_test.json", "nistP384")]
    [InlineData("ecdh_secp521r1_ecpoint_test.json", "nistP521")]
    [Trait("Requirement", "R5753-3.1.1-d")]
    [Trait("Requirement", "R5753-3.1.1-e")]
    [Trait("Requirement", "R5753-7.2-b")]
    public async Task Agree_Vectors_GiveThePaddedSecretOrNull(string file, string curveName)
    {
        int agreed = 0;
        foreach (JsonElement test in KeyCertificates.Wycheproof(file)[0].GetProperty("tests").EnumerateArray())
        {
            byte[] expected = test.Hex("shared");
            using ECDiffieHellman ecdh = Ecdh(curveName, test.Hex("private"));
            Certificate certificate = KeyCertificates.For(ecdh);
            SubjectPublicKeyInfo other = SubjectPublicKeyInfo.Create(certificate.PublicKey.Algorithm, test.Hex("public"));
            byte[]? secret = await DecryptionKey.Create(certificate, ecdh).AgreeAsync(other);
            bool uncompressed = test.Hex("public") is [0x04, ..];
            Assert.Equal(test.GetProperty("result").GetString() == "valid" && uncompressed ? expected : null, secret);
            agreed += secret is null ? 0 : 1;
        }

        Assert.True(agreed > 50);
    }

    [Theory]
    [InlineData("nistP256", 32)]
    [InlineData("nistP384", 48)]
    [InlineData("nistP521", 66)]
    public async Task Agree_BothParties_GetTheSameSecretOfTheFieldsSize(string curve, int size)
    {
        using ECDiffieHellman alice = ECDiffieHellman.Create(ECCurve.CreateFromFriendlyName(curve));
        using ECDiffieHellman bob = ECDiffieHellman.Create(ECCurve.CreateFromFriendlyName(curve));
        using var aliceKey = DecryptionKey.FromPkcs8(KeyCertificates.For(alice), alice.ExportPkcs8PrivateKey());
        using var bobKey = DecryptionKey.FromPkcs8(KeyCertificates.For(bob), bob.ExportPkcs8PrivateKey());
        byte[]? secret = await aliceKey.AgreeAsync(bobKey.Certificate.PublicKey);
        Assert.Equal(size, secret!.Length);
        Assert.Equal(secret, await bobKey.AgreeAsync(aliceKey.Certificate.PublicKey));
    }

    [Fact]
    [Trait("Requirement", "R5753-3.1.1-b")]
    public async Task Agree_WithTheCurveLeftOutOrNull_TakesItFromTheCertificate()
    {
        using ECDiffieHellman own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using ECDiffieHellman other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = DecryptionKey.Create(KeyCertificates.For(own), own);
        SubjectPublicKeyInfo full = KeyCertificates.For(other).PublicKey;
        byte[]? expected = await key.AgreeAsync(full);
        Assert.NotNull(expected);
        Assert.Equal(expected, await key.AgreeAsync(
            SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(full.Algorithm.Oid), full.Key.Span)));
        Assert.Equal(expected, await key.AgreeAsync(
            SubjectPublicKeyInfo.Create(AlgorithmIdentifier.WithNull(full.Algorithm.Oid), full.Key.Span)));
    }

    [Fact]
    public async Task Agree_WithAnotherCurveOrKindOfKey_IsNull()
    {
        using ECDiffieHellman own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using ECDiffieHellman other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        using RSA rsa = KeyCertificates.Rsa();
        var key = DecryptionKey.Create(KeyCertificates.For(own), own);
        Assert.Null(await key.AgreeAsync(KeyCertificates.For(other).PublicKey));
        Assert.Null(await key.AgreeAsync(KeyCertificates.For(rsa).PublicKey));
        AlgorithmIdentifier curve = key.Certificate.PublicKey.Algorithm;
        Assert.Null(await key.AgreeAsync(SubjectPublicKeyInfo.Create(curve, [])));
        Assert.Null(await key.AgreeAsync(SubjectPublicKeyInfo.Create(curve, [0x00]))); // infinity
        Assert.Null(await key.AgreeAsync(SubjectPublicKeyInfo.Create(curve, new byte[65])));
    }

    [Fact]
    public async Task Agree_WithAHybridPoint_IsNull()
    {
        using ECDiffieHellman own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = DecryptionKey.Create(KeyCertificates.For(own), own);
        byte[] point = key.Certificate.PublicKey.Key.ToArray();
        point[0] = (byte)(0x06 | (point[^1] & 1));
        Assert.Null(await key.AgreeAsync(SubjectPublicKeyInfo.Create(key.Certificate.PublicKey.Algorithm, point)));
    }

    [Fact]
    [Trait("Requirement", "R3218-2.3.2-c")]
    public async Task Decrypt_BadPaddingTwice_GivesDifferentSubstitutes()
    {
        using RSA rsa = KeyCertificates.Rsa();
        var key = DecryptionKey.Create(KeyCertificates.For(rsa), rsa);
        byte[] bad = new byte[256];
        bad[^1] = 1;
        byte[]? first = await key.DecryptAsync(_pkcs1, bad, 32);
        byte[]? second = await key.DecryptAsync(_pkcs1, bad, 32);
        Assert.Equal(32, first!.Length);
        Assert.NotEqual(first, second);
        Assert.NotEqual(new byte[32], first);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(245)]
    [InlineData(246)]
    [InlineData(4096)]
    [Trait("Requirement", "R3218-2.3.2-a")]
    public async Task Decrypt_KeyOfAnotherSize_GivesRandomOctetsOfTheSizeAskedFor(int keySize)
    {
        using RSA rsa = KeyCertificates.Rsa();
        var key = DecryptionKey.Create(KeyCertificates.For(rsa), rsa);
        byte[] encrypted = rsa.Encrypt(new byte[32], RSAEncryptionPadding.Pkcs1);
        byte[]? decrypted = await key.DecryptAsync(_pkcs1, encrypted, keySize);
        Assert.Equal(keySize, decrypted!.Length);
        Assert.NotEqual(new byte[16], decrypted[..16]);
    }

    [Fact]
    [Trait("Requirement", "R3370-4.2.1-e")]
    public async Task Decrypt_WithoutItsLeadingZeros_StillDecrypts()
    {
        using RSA rsa = RSA.Create(1024);
        var key = DecryptionKey.Create(KeyCertificates.For(rsa), rsa);
        var oaep = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha1, DigestAlgorithm.Sha1, default);
        byte[] secret = RandomNumberGenerator.GetBytes(16);
        byte[] pkcs1 = WithLeadingZero(() => rsa.Encrypt(secret, RSAEncryptionPadding.Pkcs1));
        byte[] oaepKey = WithLeadingZero(() => rsa.Encrypt(secret, RSAEncryptionPadding.OaepSHA1));
        Assert.Equal(secret, await key.DecryptAsync(_pkcs1, pkcs1.AsMemory(1), 16));
        Assert.Equal(secret, await key.DecryptAsync(oaep, oaepKey.AsMemory(1), 16));
        Assert.NotEqual(secret, await key.DecryptAsync(_pkcs1, (byte[])[0, .. pkcs1], 16));
        Assert.Null(await key.DecryptAsync(oaep, (byte[])[0, .. oaepKey], 16));
    }

    [Fact]
    public async Task Decrypt_OaepOfAnotherSize_IsNull()
    {
        using RSA rsa = KeyCertificates.Rsa();
        var oaep = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default);
        byte[] encrypted = rsa.Encrypt(new byte[32], RSAEncryptionPadding.OaepSHA256);
        var key = DecryptionKey.Create(KeyCertificates.For(rsa), rsa);
        Assert.NotNull(await key.DecryptAsync(oaep, encrypted, 32));
        Assert.Null(await key.DecryptAsync(oaep, encrypted, 16));
    }

    [Fact]
    public async Task Decrypt_OaepWithALabel_NeedsAKeyFromAFile()
    {
        using RSA rsa = KeyCertificates.Rsa();
        var labelled = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, new byte[] { 1 });
        var mixed = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha1, default);
        var key = DecryptionKey.Create(KeyCertificates.For(rsa), rsa);
        foreach (KeyTransportScheme scheme in new[] { labelled, mixed })
        {
            await Assert.ThrowsAsync<UnsupportedAlgorithmException>(async () => await key.DecryptAsync(scheme, new byte[256], 32));
        }
    }

    [Fact]
    [Trait("Requirement", "R3560-4-a")]
    public async Task Decrypt_WithACertificateForOaep_RefusesPkcs1()
    {
        using RSA rsa = KeyCertificates.Rsa();
        var key = DecryptionKey.Create(KeyCertificates.Under("1.2.840.113549.1.1.7", rsa), rsa);
        var oaep = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default);
        Assert.NotNull(await key.DecryptAsync(oaep, rsa.Encrypt(new byte[32], RSAEncryptionPadding.OaepSHA256), 32));
        await Assert.ThrowsAsync<UnsupportedAlgorithmException>(async () => await key.DecryptAsync(_pkcs1, new byte[256], 32));
    }

    [Fact]
    public async Task Decrypt_WithAKeyOfAnotherKind_IsUnsupported()
    {
        using RSA rsa = KeyCertificates.Rsa();
        using ECDiffieHellman ec = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var ecKey = DecryptionKey.Create(KeyCertificates.For(ec), ec);
        var rsaKey = DecryptionKey.Create(KeyCertificates.For(rsa), rsa);
        var pssKey = DecryptionKey.Create(KeyCertificates.Under("1.2.840.113549.1.1.10", rsa), rsa);
        await Assert.ThrowsAsync<UnsupportedAlgorithmException>(async () => await ecKey.DecryptAsync(_pkcs1, new byte[256], 32));
        await Assert.ThrowsAsync<UnsupportedAlgorithmException>(async () => await pssKey.DecryptAsync(_pkcs1, new byte[256], 32));
        await Assert.ThrowsAsync<UnsupportedAlgorithmException>(async () => await rsaKey.AgreeAsync(ecKey.Certificate.PublicKey));
    }

    [Fact]
    public async Task Dispose_EndsOwnedKeysAndLeavesTheCallersAlone()
    {
        using RSA rsa = KeyCertificates.Rsa();
        Certificate certificate = KeyCertificates.For(rsa);
        byte[] encrypted = rsa.Encrypt(new byte[32], RSAEncryptionPadding.Pkcs1);
        var labelled = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, new byte[] { 1 });
        var owned = DecryptionKey.FromPkcs8(certificate, rsa.ExportPkcs8PrivateKey());
        Assert.Equal(new byte[32], await owned.DecryptAsync(_pkcs1, encrypted, 32));
        owned.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await owned.DecryptAsync(_pkcs1, encrypted, 32));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await owned.DecryptAsync(labelled, encrypted, 32));
        var borrowed = DecryptionKey.Create(certificate, rsa);
        borrowed.Dispose();
        Assert.Equal(new byte[32], await borrowed.DecryptAsync(_pkcs1, encrypted, 32));
    }

    [Fact]
    public async Task FromX509Certificate2_OpensRsaAndEcKeys()
    {
        using RSA rsa = KeyCertificates.Rsa();
        using X509Certificate2 rsaCertificate = KeyCertificates.For(rsa).ToX509Certificate2().CopyWithPrivateKey(rsa);
        using var rsaKey = DecryptionKey.FromX509Certificate2(rsaCertificate);
        Assert.Equal(new byte[32], await rsaKey.DecryptAsync(_pkcs1, rsa.Encrypt(new byte[32], RSAEncryptionPadding.Pkcs1), 32));
        using ECDiffieHellman ec = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 ecCertificate = KeyCertificates.For(ec).ToX509Certificate2().CopyWithPrivateKey(ec);
        using var ecKey = DecryptionKey.FromX509Certificate2(ecCertificate);
        Assert.NotNull(await ecKey.AgreeAsync(ecKey.Certificate.PublicKey));
    }

    [Fact]
    public void Create_WithAnotherKey_IsRefused()
    {
        using RSA rsa = KeyCertificates.Rsa();
        using RSA other = KeyCertificates.Rsa(1);
        using ECDiffieHellman ec = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Assert.Throws<ArgumentException>(() => DecryptionKey.Create(KeyCertificates.For(rsa), other));
        Assert.Throws<ArgumentException>(() => DecryptionKey.Create(KeyCertificates.For(rsa), ec));
        Assert.Throws<ArgumentException>(() => DecryptionKey.FromPkcs8(KeyCertificates.For(ec), rsa.ExportPkcs8PrivateKey()));
    }

    [Fact]
    public async Task Decrypt_FromManyThreads_DecryptsEveryTime()
    {
        using RSA rsa = KeyCertificates.Rsa();
        using var key = DecryptionKey.FromPkcs8(KeyCertificates.For(rsa), rsa.ExportPkcs8PrivateKey());
        byte[] encrypted = rsa.Encrypt(new byte[32], RSAEncryptionPadding.Pkcs1);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                Assert.Equal(new byte[32], await key.DecryptAsync(_pkcs1, encrypted, 32));
            }
        })));
    }

    private static DecryptionKey FromPkcs8(byte[] pkcs8)
    {
        using RSA rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return DecryptionKey.FromPkcs8(KeyCertificates.For(rsa), pkcs8);
    }

    private static ECDiffieHellman Ecdh(string curveName, byte[] scalar)
    {
        ECCurve curve = ECCurve.CreateFromFriendlyName(curveName);
        int size = curveName switch { "nistP256" => 32, "nistP384" => 48, _ => 66 };
        byte[] d = scalar.Length > size ? scalar[^size..] : [.. new byte[size - scalar.Length], .. scalar];
        return ECDiffieHellman.Create(new ECParameters { Curve = curve, D = d });
    }

    private static byte[] WithLeadingZero(Func<byte[]> encrypt)
    {
        byte[] encrypted;
        do
        {
            encrypted = encrypt();
        }
        while (encrypted[0] != 0);

        return encrypted;
    }
}
