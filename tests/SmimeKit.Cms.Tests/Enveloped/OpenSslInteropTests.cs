using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Messages exchanged with <c>openssl cms</c>, in both directions.</summary>
public sealed class OpenSslInteropTests : IDisposable
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(100_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-").FullName;

    public static TheoryData<string, int> Ciphers => new()
    {
        { "aes128", 0 }, { "aes192", 0 }, { "aes256", 0 },
        { "aes-128-gcm", 0 }, { "aes-192-gcm", 0 }, { "aes-256-gcm", 0 },
        { "aes256", 1 }, { "aes-256-gcm", 1 },
    };

    public static TheoryData<string, bool, int> Sizes
    {
        get
        {
            var data = new TheoryData<string, bool, int>();
            foreach (string cipher in new[] { "AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "AES-128-GCM", "AES-192-GCM", "AES-256-GCM" })
            {
                foreach (int size in new[] { 0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 100_000 })
                {
                    data.Add(cipher, false, size);
                    data.Add(cipher, true, size);
                }
            }

            return data;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R3370-4.2.1-a")]
    [Trait("Requirement", "R5084-3.2-e")]
    [Trait("Requirement", "R8551-2.7-a")]
    public void MessageOfOpenSsl_WithAnyCipher_IsDecrypted(string cipher, int stream)
    {
        byte[] message = Encrypt(TestIdentity.Rsa, ["-" + cipher, .. stream == 1 ? ["-stream"] : Array.Empty<string>()]);

        Envelope.Opened opened = Envelope.Open(message, TestIdentity.Rsa);

        Assert.Equal(_content, opened.Content);
    }

    [Theory]
    [InlineData("rsa_padding_mode:oaep")]
    [InlineData("rsa_padding_mode:oaep", "rsa_oaep_md:sha256")]
    [InlineData("rsa_padding_mode:oaep", "rsa_oaep_md:sha512")]
    [InlineData("rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha1")]
    [InlineData("rsa_padding_mode:oaep", "rsa_oaep_md:sha1", "rsa_mgf1_md:sha512")]
    [InlineData("rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_oaep_label:01020304")]
    [Trait("Requirement", "R3560-3-c")]
    [Trait("Requirement", "R3560-3-d")]
    [Trait("Requirement", "R3560-3-e")]
    public void MessageOfOpenSsl_WithOaep_IsDecrypted(params string[] options)
    {
        byte[] message = Encrypt(TestIdentity.Rsa, ["-aes256"], options);

        Envelope.Opened opened = Envelope.Open(message, TestIdentity.Rsa);

        Assert.Equal(_content, opened.Content);
        Assert.Empty(opened.Report.Deviations);
    }

    [Theory]
    [InlineData("P-256", "ecdh_kdf_md:sha1")]
    [InlineData("P-256", "ecdh_kdf_md:sha256")]
    [InlineData("P-384", "ecdh_kdf_md:sha384")]
    [InlineData("P-521", "ecdh_kdf_md:sha512")]
    [InlineData("P-521", "ecdh_kdf_md:sha256")]
    [InlineData("P-256", "ecdh_cofactor_mode:1")]
    [Trait("Requirement", "R5753-8-a")]
    [Trait("Requirement", "R5753-7.1.4-a")]
    public void MessageOfOpenSsl_WithEcdh_IsDecrypted(string curve, params string[] options)
    {
        foreach (string cipher in new[] { "-aes128", "-aes-256-gcm" })
        {
            byte[] message = Encrypt(TestIdentity.Curve(curve), [cipher], options);

            Assert.Equal(_content, Envelope.Open(message, TestIdentity.Curve(curve)).Content);
        }
    }

    [Theory]
    [InlineData("P-256", "aes256-wrap")]
    [InlineData("P-384", "aes192-wrap")]
    [InlineData("P-521", "aes128-wrap")]
    [Trait("Requirement", "R5652-14-a")]
    [Trait("Requirement", "R3565-2.3.2-b")]
    [Trait("Requirement", "R8551-2.3-c")]
    public void MessageOfOpenSsl_WithAWrapOfItsOwnSize_IsDecryptedAndAWeakOneReported(string curve, string wrap)
    {
        byte[] message = Encrypt(TestIdentity.Curve(curve), ["-aes192", "-" + wrap]);

        Envelope.Opened opened = Envelope.Open(message, TestIdentity.Curve(curve));

        Assert.Equal(_content, opened.Content);
        Assert.Equal(wrap == "aes128-wrap" ? ["weak-key-wrap"] : [], opened.Report.Weaknesses);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "R3369-6.2.1-b")]
    [Trait("Requirement", "R3369-6.2.2-f")]
    public void MessageOfOpenSsl_ForSeveralRecipients_IsDecryptedByEach(bool byKeyIdentifier)
    {
        TestIdentity[] identities = [TestIdentity.OtherRsa, TestIdentity.P256, TestIdentity.Rsa, TestIdentity.P384];
        List<string> arguments = ["cms", "-encrypt", "-binary", "-outform", "DER", "-aes256"];
        if (byKeyIdentifier)
        {
            arguments.Add("-keyid");
        }

        arguments.AddRange(identities.SelectMany(i => new[] { "-recip", CertificateFile(i) }));
        byte[] message = Peer.OpenSsl.Run(arguments, _content).Succeeded();

        foreach (TestIdentity identity in identities)
        {
            Envelope.Opened opened = Envelope.Open(message, identity);

            Assert.Equal(_content, opened.Content);
            Assert.Equal(identity.Certificate, opened.Report.RecipientCertificate);
        }
    }

    [Theory]
    [Trait("Requirement", "R3369-6.1-h")]
    [Trait("Requirement", "R5083-2.2-b")]
    [MemberData(nameof(Sizes))]
    public void MessageForOpenSsl_WithAnyCipherInEitherForm_IsDecrypted(string cipher, bool definite, int size)
    {
        byte[] content = _content[..size];
        byte[] message = Seal(cipher, content, definite ? size : null, [Envelope.For(TestIdentity.Rsa)]);

        Assert.Equal(content, Decrypt(message, TestIdentity.Rsa));
        Assert.Equal(content, Envelope.Open(message, TestIdentity.Rsa).Content);
    }

    [Theory]
    [InlineData("sha-1", "sha-1", "")]
    [InlineData("sha-256", "sha-256", "")]
    [InlineData("sha-512", "sha-512", "")]
    [InlineData("sha-256", "sha-1", "")]
    [InlineData("sha-256", "sha-256", "0102")]
    [Trait("Requirement", "R3560-3-a")]
    public void MessageForOpenSsl_WithOaep_IsDecrypted(string digest, string mgf, string label)
    {
        var scheme = new KeyTransportScheme.Oaep(
            DigestAlgorithm.FindByMicalg(digest)!, DigestAlgorithm.FindByMicalg(mgf)!, Convert.FromHexString(label));
        byte[] message = Seal("AES-256-CBC", _content, null, [Envelope.For(TestIdentity.Rsa) with { KeyTransport = scheme }]);

        Assert.Equal(_content, Decrypt(message, TestIdentity.Rsa));
    }

    [Theory]
    [InlineData("P-256", null)]
    [InlineData("P-384", null)]
    [InlineData("P-521", null)]
    [InlineData("P-256", "sha-1")]
    [InlineData("P-521", "sha-256")]
    [Trait("Requirement", "R5753-8-b")]
    [Trait("Requirement", "R5753-3.1.1-h")]
    [Trait("Requirement", "R8551-2.3-a")]
    [Trait("Requirement", "R5083-2.3-a")]
    public void MessageForOpenSsl_WithEcdh_IsDecrypted(string curve, string? digest)
    {
        CertificateRecipient recipient = Envelope.For(TestIdentity.Curve(curve)) with
        {
            KeyDerivationDigest = digest is null ? null : DigestAlgorithm.FindByMicalg(digest),
        };
        foreach (string cipher in new[] { "AES-128-CBC", "AES-192-CBC", "AES-256-GCM" })
        {
            byte[] message = Seal(cipher, _content, null, [recipient]);

            Assert.Equal(_content, Decrypt(message, TestIdentity.Curve(curve)));
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [Trait("Requirement", "R3369-6.2.2-h")]
    [Trait("Requirement", "R5753-3.1.1-i")]
    [Trait("Requirement", "R3369-6.2-h")]
    public void MessageForOpenSsl_ForSeveralRecipients_IsDecryptedByEach(bool byKeyIdentifier, bool sharesEphemeralKeys)
    {
        var second = TestIdentity.CreateEc(ECCurve.NamedCurves.nistP256);
        TestIdentity[] identities = [TestIdentity.Rsa, TestIdentity.P256, second, TestIdentity.OtherRsa, TestIdentity.P384];
        byte[] message = Envelope.Seal(_content, new EnvelopedDataWriterOptions
        {
            Recipients = [.. identities.Select(i => Envelope.For(i) with { BySubjectKeyIdentifier = byKeyIdentifier })],
            SharesEphemeralKeys = sharesEphemeralKeys,
        });

        foreach (TestIdentity identity in identities)
        {
            Assert.Equal(_content, Envelope.Open(message, identity).Content);
            Assert.Equal(_content, Decrypt(message, identity));
        }
    }

    private static byte[] Seal(string cipher, byte[] content, long? length, CertificateRecipient[] recipients)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        return algorithm.IsAuthenticated
            ? Envelope.Seal(content, new AuthEnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, ContentLength = length })
            : Envelope.Seal(content, new EnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, ContentLength = length });
    }

    private byte[] Encrypt(TestIdentity identity, string[] options, params string[] keyOptions)
    {
        string[] keyArguments = [.. keyOptions.SelectMany(o => new[] { "-keyopt", o })];
        return Peer.OpenSsl.Run(
            ["cms", "-encrypt", "-binary", "-outform", "DER", .. options, "-recip", CertificateFile(identity), .. keyArguments], _content).Succeeded();
    }

    private byte[] Decrypt(byte[] message, TestIdentity identity)
    {
        string key = Path.Combine(_folder, identity.Certificate.SerialNumberHex + ".key");
        File.WriteAllText(key, identity.KeyPem);
        return Peer.OpenSsl.Run(
            ["cms", "-decrypt", "-binary", "-inform", "DER", "-recip", CertificateFile(identity), "-inkey", key], message).Succeeded();
    }

    private string CertificateFile(TestIdentity identity)
    {
        string file = Path.Combine(_folder, identity.Certificate.SerialNumberHex + ".pem");
        File.WriteAllText(file, identity.CertificatePem);
        return file;
    }
}
