using System.Security.Cryptography;
using System.Text;
using SmimeKit.Certificates.Tests.Keys;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Files;

public sealed class KeyFileTests
{
    public static TheoryData<string> PublishedPkcs12() =>
        [.. Vectors.Entries.Where(e => e.Kind == "p12" && e.Group != "pkits").Select(e => e.Path)];

    public static TheoryData<string> PkitsPkcs12() =>
        [.. Vectors.Entries.Where(e => e.Kind == "p12" && e.Group == "pkits").Where((_, i) => i % 20 == 0).Select(e => e.Path)];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(PublishedPkcs12))]
    [MemberData(nameof(PkitsPkcs12))]
    [Trait("Requirement", "R9879-4-a")]
    [Trait("Requirement", "R9879-4-b")]
    [Trait("Requirement", "R9879-5-a")]
    [Trait("Requirement", "R9879-5-b")]
    [Trait("Requirement", "R9879-9-a")]
    [Trait("Requirement", "R8018-A.2-a")]
    [Trait("Requirement", "R8018-A.4-a")]
    [Trait("Requirement", "R9216-2.6-a")]
    public void Decode_PublishedPkcs12_OpensOrNotAsPublished(string path)
    {
        VectorEntry entry = Vectors.Entry(path);
        byte[] data = Vectors.Read(path);
        var options = new KeyFileOptions { AllowMissingMac = true };
        if (entry.Expected("open") == "fail")
        {
            Exception? error = Record.Exception(() => KeyFile.Decode(data, entry.Text("password"), null, options).Dispose());
            Assert.True(error is MalformedDataException or StoreException { Code: "wrong-password" }, error?.ToString());
            return;
        }

        using KeyFile file = KeyFile.Decode(data, entry.Text("password"), null, options);
        Assert.True(file.Certificates.Count + file.Warnings.Count > 0);
        Assert.All(file.SigningKeys, k => Assert.Contains(k.Certificate, file.Certificates));
    }

    [Theory]
    [InlineData("thunderbird-smime/Alice.p12", "nss")]
    [InlineData("thunderbird-smime/Fran-ec.p12", "nss")]
    [InlineData("rfc9216/alice.p12", "alice")]
    [InlineData("pkcs12/pbmac1/pbmac1_512_512.good.p12", "1234")]
    [InlineData("pkcs12/rustcrypto/ValidCertificatePathTest1EE_firefox.p12", "password")]
    [InlineData("pkcs12/rustcrypto/ValidCertificatePathTest1EE_macos.p12", "password")]
    [InlineData("pkcs12/rustcrypto/example11.pfx", "1234")]
    public async Task Decode_PublishedPkcs12_GivesKeysThatSign(string path, string password)
    {
        using KeyFile file = KeyFile.Decode(Vectors.Read(path), password);
        Assert.NotEmpty(file.SigningKeys);
        foreach (SigningKey key in file.SigningKeys)
        {
            await AssertSignsAsync(key);
        }
    }

    [Fact]
    [Trait("Requirement", "R9216-3-a")]
    public async Task Decode_AliceOfRfc9216_HasTwoKeysAndTheirChain()
    {
        using KeyFile file = KeyFile.Decode(Vectors.Read("rfc9216/alice.p12"), "alice");
        Assert.Equal(2, file.SigningKeys.Count);
        Assert.Equal(2, file.DecryptionKeys.Count);
        Certificate[] separate =
        [
            Assert.Single(CertificateFile.Decode(Vectors.Read("rfc9216/alice.sign.crt"))),
            Assert.Single(CertificateFile.Decode(Vectors.Read("rfc9216/alice.encrypt.crt"))),
        ];
        Assert.Equal(separate.ToHashSet(), [.. file.DecryptionKeys.Select(k => k.Certificate)]);
        Certificate issuer = Assert.Single(CertificateFile.Decode(Vectors.Read("rfc9216/rsa-ca.cross.crt")));
        Assert.All(file.SigningKeys, k => Assert.Contains(issuer, k.Chain));
        DecryptionKey key = file.DecryptionKeys[0];
        using RSA rsa = key.Certificate.PublicKey.TryCreateRsa()!;
        byte[] encrypted = rsa.Encrypt(new byte[32], RSAEncryptionPadding.Pkcs1);
        Assert.Equal(new byte[32], await key.DecryptAsync(new KeyTransportScheme.Pkcs1(), encrypted, 32));
        Assert.Contains(file.Warnings, w => w.Code == "weak-encryption");
        Assert.Contains(file.Warnings, w => w.Code == "weak-mac");
    }

    [Fact]
    public void Decode_KeysOfAnUnknownKind_AreReportedAndTheRestIsRead()
    {
        using KeyFile file = KeyFile.Decode(Vectors.Read("openssl-smime-certs/smec2.pem"));
        Assert.Empty(file.SigningKeys);
        Assert.NotEmpty(file.Certificates);
        Assert.Contains(file.Warnings, w => w.Code == "unsupported-key");
    }

    [Fact]
    public void Decode_DsaKey_OnlySigns()
    {
        using KeyFile file = KeyFile.Decode(Vectors.Read("openssl-smime-certs/smdsa1.pem"));
        Assert.Single(file.SigningKeys);
        Assert.Empty(file.DecryptionKeys);
    }

    [Theory]
    [InlineData("rfc9216/alice.sign")]
    [InlineData("rfc9216/bob.sign")]
    public async Task Decode_PemKeyAndCertificateApart_ArePaired(string name)
    {
        byte[] key = Vectors.Read(name + ".key");
        IReadOnlyList<Certificate> certificates = CertificateFile.Decode(Vectors.Read(name + ".crt"));
        using (KeyFile alone = KeyFile.Decode(key))
        {
            Assert.Empty(alone.SigningKeys);
            Assert.Contains(alone.Warnings, w => w.Code == "key-without-certificate");
        }

        using KeyFile paired = KeyFile.Decode(key, null, certificates);
        await AssertSignsAsync(Assert.Single(paired.SigningKeys));
        Assert.Empty(paired.Certificates);
    }

    [Theory]
    [InlineData("smrsa1.pem", 1, 1)]
    [InlineData("smrsa2.pem", 1, 1)]
    [InlineData("smrsa1024.pem", 1, 1)]
    [InlineData("smroot.pem", 1, 1)]
    [InlineData("smec1.pem", 1, 1)]
    [InlineData("smec2.pem", 0, 0)] // K-283
    [InlineData("smdh.pem", 0, 1)]
    public async Task Decode_OpenSslPem_GivesTheKeysThatAreSupported(string name, int signing, int decryption)
    {
        using KeyFile file = KeyFile.Decode(Vectors.Read("openssl-smime-certs/" + name));
        Assert.Single(file.Certificates);
        Assert.Equal(signing, file.SigningKeys.Count);
        Assert.Equal(decryption, file.DecryptionKeys.Count);
        Assert.Equal(1 - decryption, file.Warnings.Count(w => w.Code == "unsupported-key"));
        foreach (SigningKey key in file.SigningKeys)
        {
            await AssertSignsAsync(key);
        }
    }

    [Theory]
    [InlineData("pkcs8", "-topk8", "-nocrypt")]
    [InlineData("pkcs8", "-topk8", "-passout", "pass:secret", "-v2", "aes-256-cbc")]
    [InlineData("pkcs8", "-topk8", "-passout", "pass:secret", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512")]
    [InlineData("pkcs8", "-topk8", "-passout", "pass:secret", "-v2", "des3", "-v2prf", "hmacWithSHA1")]
    [InlineData("pkcs8", "-topk8", "-passout", "pass:secret", "-v1", "PBE-SHA1-3DES")]
    [InlineData("rsa", "-traditional")]
    [InlineData("rsa", "-traditional", "-aes256", "-passout", "pass:secret")]
    [InlineData("rsa", "-traditional", "-des3", "-passout", "pass:secret")]
    [InlineData("rsa", "-outform", "DER", "-traditional")]
    [InlineData("pkcs8", "-topk8", "-outform", "DER", "-passout", "pass:secret")]
    public async Task Decode_RsaKeysOfOpenSsl_InEveryForm(params string[] command)
    {
        using RSA rsa = KeyCertificates.Rsa();
        byte[] key = Peer.OpenSsl.Run(command, Encoding.ASCII.GetBytes(rsa.ExportPkcs8PrivateKeyPem())).Succeeded();
        await AssertPairsAsync(key, KeyCertificates.For(rsa), command.Any(c => c == "pass:secret"));
    }

    [Theory]
    [InlineData("pkcs8", "-topk8", "-nocrypt")]
    [InlineData("pkcs8", "-topk8", "-passout", "pass:secret")]
    [InlineData("ec")]
    [InlineData("ec", "-aes128", "-passout", "pass:secret")]
    [InlineData("ec", "-outform", "DER")]
    public async Task Decode_EcKeysOfOpenSsl_InEveryForm(params string[] command)
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        byte[] key = Peer.OpenSsl.Run(command, Encoding.ASCII.GetBytes(ec.ExportPkcs8PrivateKeyPem())).Succeeded();
        await AssertPairsAsync(key, KeyCertificates.For(ec), command.Any(c => c == "pass:secret"));
    }

    [Theory]
    [InlineData("explicit")]
    public void Decode_EcKeyWithExplicitParameters_IsNotSupported(string encoding)
    {
        byte[] key = Peer.OpenSsl.Run(["ecparam", "-genkey", "-noout", "-name", "prime256v1", "-param_enc", encoding]).Succeeded();
        using KeyFile file = KeyFile.Decode(key);
        Assert.Contains(file.Warnings, w => w.Code == "unsupported-key");
    }

    [Theory]
    [InlineData("thunderbird-smime/Alice.p12")]
    [InlineData("pkcs12/pbmac1/pbmac1-simple.p12")]
    [InlineData("pkcs12/rustcrypto/example.pfx")]
    public void Decode_Pkcs12WithAnotherPassword_SaysSo(string path)
    {
        byte[] data = Vectors.Read(path);
        Assert.Equal("wrong-password", Assert.Throws<StoreException>(() => KeyFile.Decode(data, "wrong")).Code);
    }

    [Fact]
    public void Decode_Pkcs12WithoutPassword_AsksForIt() => Assert.Equal(
        "password-required",
        Assert.Throws<StoreException>(() => KeyFile.Decode(Vectors.Read("thunderbird-smime/Alice.p12"))).Code);

    [Fact]
    public void Decode_Pkcs12WithoutMac_NeedsConsent()
    {
        byte[] data = Vectors.Read("pkcs12/rustcrypto/example5.pfx");
        Assert.Equal("no-mac", Assert.Throws<StoreException>(() => KeyFile.Decode(data, "1234")).Code);
        var options = new KeyFileOptions { AllowMissingMac = true };
        using KeyFile file = KeyFile.Decode(data, "1234", null, options);
        Assert.Contains(file.Warnings, w => w.Code == "no-mac");
        Assert.Equal("wrong-password", Assert.Throws<StoreException>(() => KeyFile.Decode(data, "4321", null, options)).Code);
    }

    [Fact]
    public void Decode_CertificatesOnly_HasNoKeys()
    {
        using KeyFile file = KeyFile.Decode(Vectors.Read("rfc9216/alice.sign.crt"));
        Assert.Single(file.Certificates);
        Assert.Empty(file.SigningKeys);
        Assert.Empty(file.Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    public void Decode_NothingOfUse_SaysSo(string text) => Assert.Equal(
        "no-key-file", Assert.Throws<MalformedDataException>(() => KeyFile.Decode(Encoding.ASCII.GetBytes(text))).Code);

    [Fact]
    public void Decode_APemKeyEncryptedWithUnknownCipher_IsUnsupported() => Assert.Throws<UnsupportedAlgorithmException>(
        () => KeyFile.Decode(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: SEED-CBC,0102\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"u8.ToArray(),
            "secret"));

    [Fact]
    public async Task Dispose_EndsEveryHandle()
    {
        KeyFile file = KeyFile.Decode(Vectors.Read("thunderbird-smime/Alice.p12"), "nss");
        file.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await file.SigningKeys[0].SignAsync(RsaPkcs1Signature.Create(DigestAlgorithm.Sha256), new byte[32]));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await file.DecryptionKeys[0].DecryptAsync(new KeyTransportScheme.Pkcs1(), new byte[256], 32));
    }

    [Fact]
    public async Task Read_FromStreamAndPath_GivesTheSame()
    {
        string path = Vectors.PathOf("thunderbird-smime/Alice.p12");
        using KeyFile fromPath = await KeyFile.ReadAsync(path, "nss");
        using KeyFile fromStream = await KeyFile.ReadAsync(DribblingStream.InChunks(Vectors.Read("thunderbird-smime/Alice.p12"), 100), "nss");
        Assert.Equal(fromPath.Certificates, fromStream.Certificates);
        await Assert.ThrowsAsync<StoreException>(async () => await KeyFile.ReadAsync(path + ".missing", "nss"));
    }

    private static async Task AssertPairsAsync(byte[] key, Certificate certificate, bool encrypted)
    {
        if (encrypted)
        {
            Assert.Equal("password-required", Assert.Throws<StoreException>(() => KeyFile.Decode(key)).Code);
            Assert.Equal("wrong-password", Assert.Throws<StoreException>(() => KeyFile.Decode(key, "Secret")).Code);
        }

        using KeyFile file = KeyFile.Decode(key, "secret", [certificate]);
        await AssertSignsAsync(Assert.Single(file.SigningKeys));
    }

    private static async Task AssertSignsAsync(SigningKey key)
    {
        SignatureAlgorithm scheme = SignatureAlgorithm.ForKey(key.Certificate.PublicKey)!;
        byte[] digest = scheme.Digest!.Hash("signed"u8);
        byte[] signature = await key.SignAsync(scheme, digest);
        Assert.Equal(SignatureCheck.Match, scheme.Verify(key.Certificate.PublicKey, digest, scheme.Digest, signature));
    }
}
