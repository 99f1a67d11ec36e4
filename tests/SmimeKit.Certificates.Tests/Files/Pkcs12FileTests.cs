using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeKit.Certificates.Tests.Keys;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Stores;

namespace SmimeKit.Certificates.Tests.Files;

public sealed class Pkcs12FileTests
{
    private static readonly Pkcs12Options _quick = new() { Iterations = 2048 };

    [Theory]
    [InlineData(Pkcs12Integrity.HmacSha256, "secret")]
    [InlineData(Pkcs12Integrity.Pbmac1, "secret")]
    [InlineData(Pkcs12Integrity.HmacSha256, "pässwörd €")]
    [InlineData(Pkcs12Integrity.Pbmac1, "pässwörd €")]
    [Trait("Requirement", "R9879-6-a")]
    public void Encode_ThenDecode_GivesTheSame(Pkcs12Integrity integrity, string password)
    {
        using RSA rsa = KeyCertificates.Rsa();
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Certificate other = StoreCertificates.Make();
        Certificate[] own = [KeyCertificates.For(rsa), KeyCertificates.For(ec)];
        byte[] pfx = Pkcs12File.Encode(
            password, [new Pkcs12Key(own[0], rsa, "rsa"), new Pkcs12Key(own[1], ec)], [other, own[0]], _quick with { Integrity = integrity });
        using KeyFile file = KeyFile.Decode(pfx, password);
        Assert.Equal([.. own, other], file.Certificates);
        Assert.Equal(own, file.SigningKeys.Select(k => k.Certificate));
        Assert.Empty(file.Warnings);
        Assert.Equal("wrong-password", Assert.Throws<StoreException>(() => KeyFile.Decode(pfx, password + "x")).Code);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("pässwörd €")]
    public void Encode_IsReadByOpenSsl(string password)
    {
        using RSA rsa = KeyCertificates.Rsa();
        byte[] pfx = Pkcs12File.Encode(password, [new Pkcs12Key(KeyCertificates.For(rsa), rsa, "Älice")], [StoreCertificates.Make()], _quick);
        string printed = Encoding.UTF8.GetString(
            Peer.OpenSsl.Run(["pkcs12", "-nodes", "-passin", "pass:" + password], pfx).Succeeded());
        Assert.Equal(2, CertificateFile.Decode(Encoding.UTF8.GetBytes(printed)).Count);
        Assert.Contains("PRIVATE KEY", printed, StringComparison.Ordinal);
        using KeyFile file = KeyFile.Decode(Encoding.UTF8.GetBytes(printed));
        Assert.Single(file.SigningKeys);
    }

    [Fact]
    [Trait("Requirement", "R8018-4-a")]
    [Trait("Requirement", "R9879-7-a")]
    public void Encode_ByDefault_UsesAes256AndSha256With600000Iterations()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] pfx = Pkcs12File.Encode("secret", [new Pkcs12Key(KeyCertificates.For(ec), ec)]);
        string info = Peer.OpenSsl.Run(["pkcs12", "-info", "-noout", "-passin", "pass:secret"], pfx) is { ExitCode: 0 } result
            ? result.Error
            : throw new InvalidOperationException();
        Assert.Contains("MAC: sha256, Iteration 600000", info, StringComparison.Ordinal);
        Assert.Equal(2, info.Split("PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256").Length - 1);
        Assert.Contains("salt length: 16", info, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_IsReadByTheBaseLibrary()
    {
        using RSA rsa = KeyCertificates.Rsa();
        Certificate certificate = KeyCertificates.For(rsa);
        byte[] pfx = Pkcs12File.Encode("secret", [new Pkcs12Key(certificate, rsa)], null, _quick);
        using X509Certificate2 loaded = X509CertificateLoader.LoadPkcs12(pfx, "secret");
        Assert.True(loaded.HasPrivateKey);
        Assert.Equal(certificate.RawData.ToArray(), loaded.RawData);
    }

    [Fact]
    public void Encode_IsReadByBouncyCastle()
    {
        using RSA rsa = KeyCertificates.Rsa();
        Certificate certificate = KeyCertificates.For(rsa);
        byte[] pfx = Pkcs12File.Encode("secret", [new Pkcs12Key(certificate, rsa, "mine")], null, _quick);
        Org.BouncyCastle.Pkcs.Pkcs12Store store = new Org.BouncyCastle.Pkcs.Pkcs12StoreBuilder().Build();
        using var stream = new MemoryStream(pfx);
        store.Load(stream, "secret".ToCharArray());
        Assert.True(store.IsKeyEntry("mine"));
        Assert.Equal(certificate.RawData.ToArray(), store.GetCertificate("mine").Certificate.GetEncoded());
    }

    [Theory]
    [InlineData("-legacy", "-descert")]
    [InlineData("-legacy", "-certpbe", "PBE-SHA1-RC2-40")]
    [InlineData("-keypbe", "AES-256-CBC", "-certpbe", "AES-128-CBC", "-macalg", "sha512")]
    [InlineData("-certpbe", "NONE", "-keypbe", "NONE")]
    [InlineData("-legacy", "-keypbe", "PBE-SHA1-RC4-128", "-certpbe", "PBE-SHA1-RC2-128", "-iter", "1")]
    [InlineData("-legacy", "-keypbe", "PBE-SHA1-2DES", "-certpbe", "PBE-SHA1-RC4-40", "-macalg", "sha224")]
    [InlineData("-maciter")]
    [InlineData("-nomaciter")]
    public async Task Decode_FilesOfOpenSsl_InEveryProtection(params string[] protection)
    {
        using RSA rsa = KeyCertificates.Rsa();
        Certificate certificate = KeyCertificates.For(rsa);
        string pem = rsa.ExportPkcs8PrivateKeyPem() + "\n" + CertificateFile.EncodePem([certificate]);
        byte[] pfx = Peer.OpenSsl.Run(
            ["pkcs12", "-export", "-passout", "pass:pässwörd", .. protection], Encoding.ASCII.GetBytes(pem)).Succeeded();
        using KeyFile file = KeyFile.Decode(pfx, "pässwörd");
        Assert.Equal([certificate], file.Certificates);
        byte[] encrypted = rsa.Encrypt(new byte[16], RSAEncryptionPadding.Pkcs1);
        Assert.Equal(new byte[16], await Assert.Single(file.DecryptionKeys).DecryptAsync(new KeyTransportScheme.Pkcs1(), encrypted, 16));
    }

    [Fact]
    public void Encode_CallersMistakes_AreArgumentErrors()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Certificate certificate = KeyCertificates.For(ec);
        Assert.Throws<ArgumentException>(() => Pkcs12File.Encode("", [new Pkcs12Key(certificate, ec)]));
        Assert.Throws<ArgumentException>(() => Pkcs12File.Encode("x", [new Pkcs12Key(certificate, other)]));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Pkcs12File.Encode("x", [new Pkcs12Key(certificate, ec)], null, new Pkcs12Options { Iterations = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Pkcs12File.Encode("x", [new Pkcs12Key(certificate, ec)], null, new Pkcs12Options { Iterations = 9_000_000 }));
    }

    [Fact]
    public void Encode_AKeyThatCannotBeExported_IsAStoreError()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa publicOnly = ECDsa.Create(ec.ExportParameters(includePrivateParameters: false));
        StoreException error = Assert.Throws<StoreException>(
            () => Pkcs12File.Encode("x", [new Pkcs12Key(KeyCertificates.For(ec), publicOnly)], null, _quick));
        Assert.Equal("key-not-exportable", error.Code);
    }

    [Fact]
    public void Encode_WithoutKeys_HoldsCertificates()
    {
        Certificate[] certificates = [StoreCertificates.Make(), StoreCertificates.Make()];
        using KeyFile file = KeyFile.Decode(Pkcs12File.Encode("x", [], certificates, _quick), "x");
        Assert.Equal(certificates, file.Certificates);
    }
}
