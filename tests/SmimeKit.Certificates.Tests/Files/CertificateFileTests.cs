using System.Text;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Stores;

namespace SmimeKit.Certificates.Tests.Files;

public sealed class CertificateFileTests
{
    private static readonly Certificate _alice = StoreCertificates.Make();
    private static readonly Certificate _bob = StoreCertificates.Make("bob@example.com");

    [Fact]
    public void Decode_Der_GivesTheCertificate() => AssertDecodes([_alice], _alice.RawData.ToArray());

    [Fact]
    public void Decode_BareBase64_GivesTheCertificate()
    {
        string base64 = Convert.ToBase64String(_alice.RawData.Span, Base64FormattingOptions.InsertLineBreaks);
        AssertDecodes([_alice], Encoding.ASCII.GetBytes(base64));
        AssertDecodes([_alice], Encoding.ASCII.GetBytes("\r\n  " + base64 + "\r\n"));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Decode_PemWithTextAroundIt_GivesAllInOrder(string lineEnd)
    {
        string text = "subject=Alice\n" + Pem(_alice) + "\nBag Attributes\n    localKeyID: 01 02\n" + Pem(_bob) + "\nthe end";
        AssertDecodes([_alice, _bob], Encoding.UTF8.GetBytes(text.ReplaceLineEndings(lineEnd)));
    }

    [Fact]
    public void Decode_PemWithByteOrderMark_GivesTheCertificate() => AssertDecodes([_alice], Encoding.UTF8.GetBytes("\uFEFF" + Pem(_alice)));

    [Fact]
    public void Decode_PemWithOtherBlocks_PassesThemOver() => AssertDecodes([_bob], Encoding.ASCII.GetBytes(
        "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n-----BEGIN CERTIFICATE-----\nnever ends\n"
        + Pem(_bob) + "\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));

    [Fact]
    public void Decode_EncodedPem_IsTheSameAgain() =>
        AssertDecodes([_alice, _bob], Encoding.ASCII.GetBytes(CertificateFile.EncodePem([_alice, _bob])));

    [Fact]
    [Trait("Requirement", "R3850-4-c")]
    public void Decode_EncodedBundle_HasTheSameCertificates()
    {
        byte[] bundle = CertificateFile.EncodePkcs7([_alice, _bob, _alice]);
        IReadOnlyList<Certificate> decoded = CertificateFile.Decode(bundle);
        Assert.Equal(2, decoded.Count);
        Assert.Contains(_alice, decoded);
        Assert.Contains(_bob, decoded);
        string pem = new(System.Security.Cryptography.PemEncoding.Write("PKCS7", bundle));
        Assert.Equal(decoded, CertificateFile.Decode(Encoding.ASCII.GetBytes(pem)));
    }

    [Fact]
    public void EncodePkcs7_IsReadByOpenSsl()
    {
        byte[] printed = Peer.OpenSsl.Run(
            ["pkcs7", "-inform", "DER", "-print_certs"], CertificateFile.EncodePkcs7([_alice, _bob])).Succeeded();
        IReadOnlyList<Certificate> decoded = CertificateFile.Decode(printed);
        Assert.Equal(2, decoded.Count);
        Assert.Contains(_alice, decoded);
    }

    [Theory]
    [InlineData("DER")]
    [InlineData("PEM")]
    [Trait("Requirement", "R3369-5.2.1-e")]
    public async Task Decode_BundleOfOpenSsl_GivesItsCertificates(string form)
    {
        string input = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(input, CertificateFile.EncodePem([_alice, _bob]));
            byte[] bundle = Peer.OpenSsl.Run(["crl2pkcs7", "-nocrl", "-certfile", input, "-outform", form]).Succeeded();
            AssertDecodes([_alice, _bob], bundle);
        }
        finally
        {
            File.Delete(input);
        }
    }

    [Fact]
    public void Decode_TrustedCertificateOfOpenSsl_GivesTheCertificate()
    {
        byte[] trusted = Peer.OpenSsl.Run(
            ["x509", "-trustout", "-addtrust", "emailProtection"], Encoding.ASCII.GetBytes(Pem(_alice))).Succeeded();
        Assert.Contains("TRUSTED CERTIFICATE", Encoding.ASCII.GetString(trusted), StringComparison.Ordinal);
        AssertDecodes([_alice], trusted);
    }

    [Fact]
    public void Decode_SignedMessage_GivesTheCertificatesInIt()
    {
        byte[] signed = Vectors.Read("rfc4134/4.2.bin");
        Assert.NotEmpty(CertificateFile.Decode(signed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN CERTIFICATE-----\n-----END NOTHING-----\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void Decode_WithoutCertificate_SaysSo(string text) => Assert.Equal(
        "no-certificate",
        Assert.Throws<MalformedDataException>(() => CertificateFile.Decode(Encoding.ASCII.GetBytes(text))).Code);

    [Fact]
    public void Decode_PemThatIsNoBase64_IsMalformed() => Assert.Equal(
        "pem-malformed",
        Assert.Throws<MalformedDataException>(() => CertificateFile.Decode(
            "-----BEGIN CERTIFICATE-----\n*****\n-----END CERTIFICATE-----\n"u8.ToArray())).Code);

    [Fact]
    public void Decode_EveryTruncationAndFlipOfABundle_IsATypedError()
    {
        byte[] bundle = CertificateFile.EncodePkcs7([_alice, _bob]);
        for (int i = 0; i < bundle.Length; i++)
        {
            Assert.Throws<MalformedDataException>(() => CertificateFile.Decode(bundle.AsMemory(0, i)));
            byte[] flipped = [.. bundle];
            flipped[i] ^= 0xFF;
            Exception? error = Record.Exception(() => CertificateFile.Decode(flipped));
            Assert.True(error is null or SmimeKitException, $"octet {i}: {error}");
        }
    }

    [Fact]
    public async Task Read_BeyondALimit_IsRefused()
    {
        byte[] bundle = CertificateFile.EncodePkcs7([_alice, _bob]);
        byte[] pem = Encoding.ASCII.GetBytes(CertificateFile.EncodePem([_alice, _bob]));
        var few = new FileLimits { MaxCertificates = 1 };
        var small = new FileLimits { MaxFileSize = bundle.Length - 1 };
        Assert.Equal("MaxCertificates", Assert.Throws<LimitExceededException>(() => CertificateFile.Decode(bundle, few)).Limit);
        Assert.Equal("MaxCertificates", Assert.Throws<LimitExceededException>(() => CertificateFile.Decode(pem, few)).Limit);
        Assert.Equal("MaxFileSize", Assert.Throws<LimitExceededException>(() => CertificateFile.Decode(bundle, small)).Limit);
        await Assert.ThrowsAsync<LimitExceededException>(
            async () => await CertificateFile.ReadAsync(DribblingStream.InChunks(bundle, 7), small));
        Assert.Equal(2, (await CertificateFile.ReadAsync(
            DribblingStream.InChunks(bundle, 7), new FileLimits { MaxFileSize = bundle.Length })).Count);
    }

    [Fact]
    public void Decode_AMillionBlocksThatNeverEnd_TakesOnePass()
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("-----BEGIN CERTIFICATE-----\n", 500_000)));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Throws<MalformedDataException>(() => CertificateFile.Decode(text));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), clock.Elapsed.ToString());
    }

    [Fact]
    public async Task Read_AMissingFile_IsAStoreError()
    {
        StoreException error = await Assert.ThrowsAsync<StoreException>(
            async () => await CertificateFile.ReadAsync(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString())));
        Assert.Equal("file-unreadable", error.Code);
    }

    [Fact]
    public async Task Read_AStreamOfTheCallers_LetsItsErrorsPass()
    {
        using var broken = new BrokenStream();
        await Assert.ThrowsAsync<IOException>(async () => await CertificateFile.ReadAsync(broken));
    }

    private static string Pem(Certificate certificate) => CertificateFile.EncodePem([certificate]);

    private static void AssertDecodes(Certificate[] expected, byte[] data) => Assert.Equal(expected, CertificateFile.Decode(data));

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("unplugged");
    }
}
