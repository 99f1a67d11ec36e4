using MimeKit;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Interop;

/// <summary>Whole mails exchanged with <c>openssl cms</c> and <c>openssl smime</c>, in both directions and in nestings.</summary>
public sealed class OpenSslMailTests : IDisposable
{
    private const string Entity = "Content-Type: text/plain; charset=utf-8\r\n\r\nGr\u00c3\u00bc\u00c3\u009fe \r\nFrom here\r\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-").FullName;

    public OpenSslMailTests()
    {
        Peer.OpenSsl.Require();
        File.WriteAllText(In("root.pem"), InteropPerson.RootPem);
        foreach (string name in new[] { "rsa", "ec", "other" })
        {
            File.WriteAllText(In(name + ".pem"), InteropPerson.ByName(name).Pem);
        }
    }

    public static TheoryData<string, SigningForm, string, bool> Signers => new()
    {
        { "rsa", SigningForm.Clear, "sha-256", false }, { "rsa", SigningForm.Opaque, "sha-256", false }, { "rsa", SigningForm.Clear, "sha-384", false },
        { "rsa", SigningForm.Clear, "sha-512", false }, { "rsa", SigningForm.Clear, "sha-256", true }, { "rsa", SigningForm.Opaque, "sha-512", true },
        { "ec", SigningForm.Clear, "sha-256", false }, { "ec", SigningForm.Opaque, "sha-384", false },
    };

    public static TheoryData<string, string, string> Encryptions => new()
    {
        { "rsa", "AES-128-CBC", "pkcs1" }, { "rsa", "AES-192-CBC", "oaep" }, { "rsa", "AES-256-CBC", "oaep" }, { "rsa", "AES-128-GCM", "pkcs1" }, { "rsa", "AES-256-GCM", "oaep" },
        { "ec", "AES-128-CBC", "pkcs1" }, { "ec", "AES-256-CBC", "pkcs1" }, { "ec", "AES-256-GCM", "pkcs1" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Signers))]
    [Trait("Requirement", "R3851-3.4-a")]
    [Trait("Requirement", "R3851-2.2-c")]
    [Trait("Requirement", "R8551-2.1-a")]
    [Trait("Requirement", "R8551-2.2-b")]
    [Trait("Requirement", "R3851-3.4.3.2-a")]
    public async Task Signed_ByUs_IsVerifiedByOpenSsl(string name, SigningForm form, string micalg, bool pss)
    {
        InteropPerson signer = InteropPerson.ByName(name);
        SmimeProtectOptions options = InteropPerson.ProtectOptions(signer, InteropPerson.OtherRsa) with { Form = form, Digest = DigestAlgorithm.FindByMicalg(micalg), UsesPss = pss };
        await ProtectAsync(signer, options, ProtectionLayer.Sign);
        Run("cms", "-verify", "-in", In("mail.eml"), "-CAfile", In("root.pem"), "-out", In("out.txt"));
        AssertContent(File.ReadAllBytes(In("out.txt")));
    }

    [Theory]
    [MemberData(nameof(Encryptions))]
    public async Task Encrypted_ByUs_IsDecryptedByOpenSsl(string name, string algorithm, string transport)
    {
        await ProtectAsync(InteropPerson.OtherRsa, EncryptTo(name, algorithm, transport), ProtectionLayer.Encrypt);
        Run("cms", "-decrypt", "-in", In("mail.eml"), "-recip", In(name + ".pem"), "-out", In("out.txt"));
        AssertContent(File.ReadAllBytes(In("out.txt")));
    }

    [Theory]
    [MemberData(nameof(Encryptions))]
    [Trait("Requirement", "R2634-1.1-a")]
    public async Task SignedAndEncrypted_ByUs_IsOpenedByOpenSsl(string name, string algorithm, string transport)
    {
        await ProtectAsync(InteropPerson.OtherRsa, EncryptTo(name, algorithm, transport), ProtectionLayer.Sign, ProtectionLayer.Encrypt, ProtectionLayer.Sign);
        Run("cms", "-verify", "-in", In("mail.eml"), "-CAfile", In("root.pem"), "-out", In("1.eml"));
        Run("cms", "-decrypt", "-in", In("1.eml"), "-recip", In(name + ".pem"), "-out", In("2.eml"));
        Run("cms", "-verify", "-in", In("2.eml"), "-CAfile", In("root.pem"), "-out", In("out.txt"));
        AssertContent(File.ReadAllBytes(In("out.txt")));
    }

    [Theory]
    [InlineData("cms", "rsa")]
    [InlineData("cms", "rsa", "-nodetach")]
    [InlineData("cms", "rsa", "-md", "sha512")]
    [InlineData("cms", "rsa", "-keyopt", "rsa_padding_mode:pss")]
    [InlineData("cms", "rsa", "-keyid")]
    [InlineData("cms", "rsa", "-noattr")]
    [InlineData("cms", "rsa", "-nosmimecap")]
    [InlineData("cms", "rsa", "-crlfeol")]
    [InlineData("cms", "rsa", "-stream", "-nodetach")]
    [InlineData("cms", "ec")]
    [InlineData("cms", "ec", "-nodetach", "-md", "sha384")]
    [InlineData("smime", "rsa")]
    [InlineData("smime", "rsa", "-nodetach")]
    [InlineData("smime", "ec")]
    [Trait("Requirement", "R3851-3.4-a")]
    [Trait("Requirement", "R3851-2.6-a")]
    [Trait("Requirement", "R3369-5.2.1-a")]
    [Trait("Requirement", "R3851-2.5-a")]
    [Trait("Requirement", "R8551-2.1-a")]
    public async Task Signed_ByOpenSsl_IsValid(string command, string name, params string[] options)
    {
        File.WriteAllBytes(In("entity.txt"), RawMail.Bytes(Entity));
        Sign(command, name, "entity.txt", "mail.eml", options);
        (SmimeReport report, byte[] content) = await OpenAsync(null);
        Assert.True(report.Outcome == MessageOutcome.Valid, string.Join("; ", report.Signatures.SelectMany(s => s.Problems)));
        Assert.Equal(InteropPerson.ByName(name).Address, Assert.Single(report.Signatures).MatchedAddress);
        AssertEntity(content);
    }

    [Theory]
    [InlineData("rsa", "-aes128")]
    [InlineData("rsa", "-aes256", "-stream")]
    [InlineData("rsa", "-aes-256-gcm")]
    [InlineData("ec", "-aes192")]
    [InlineData("ec", "-aes-128-gcm")]
    [Trait("Requirement", "R3851-3.6-a")]
    [Trait("Requirement", "R3851-3.6-b")]
    public async Task TripleWrapped_ByOpenSsl_IsOpened(string name, params string[] cipher)
    {
        File.WriteAllBytes(In("entity.txt"), RawMail.Bytes(Entity));
        Run(["cms", "-sign", "-in", In("entity.txt"), "-signer", In("other.pem"), "-out", In("1.eml")]);
        Run(["cms", "-encrypt", "-in", In("1.eml"), .. cipher, "-out", In("2.eml"), In(name + ".pem")]);
        Sign("cms", "other", "2.eml", "mail.eml", ["-nodetach"]);
        (SmimeReport report, byte[] content) = await OpenAsync(InteropPerson.ByName(name));
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        Assert.Equal(2, report.Signatures.Length);
        Assert.Equal(3, report.Layers.Length);
        AssertEntity(content);
    }

    [Theory]
    [InlineData("-des3", EncryptionStatus.Weak)]
    [InlineData("-aes128", EncryptionStatus.Unauthenticated)]
    [InlineData("-aes-256-gcm", EncryptionStatus.Authenticated)]
    [Trait("Requirement", "R9787-6.5-a")]
    [Trait("Policy", "legacy")]
    public async Task Encrypted_ByOpenSsl_IsReportedAsWhatItIsWorth(string cipher, EncryptionStatus expected)
    {
        File.WriteAllBytes(In("entity.txt"), RawMail.Bytes(Entity));
        Run("cms", "-encrypt", "-in", In("entity.txt"), cipher, "-out", In("mail.eml"), In("rsa.pem"));
        SmimeOpenOptions options = InteropPerson.OpenOptions(InteropPerson.Rsa) with { Policy = CmsPolicy.Legacy };
        using FileStream mail = File.OpenRead(In("mail.eml"));

        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail, options);

        Assert.Equal(expected, report.Encryption);
        AssertEntity(content);
    }

    private static SmimeProtectOptions EncryptTo(string name, string algorithm, string transport) =>
        InteropPerson.ProtectOptions(InteropPerson.OtherRsa, InteropPerson.ByName(name)) with
        {
            ContentEncryption = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == algorithm),
            KeyTransport = transport == "oaep" ? new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default) : new KeyTransportScheme.Pkcs1(),
        };

    // openssl canonicalises text, and its output has the newlines that the input had.
    private static void AssertEntity(byte[] content) => Assert.Equal(
        Entity.Replace("\r", "", StringComparison.Ordinal), RawMail.Text(content).Replace("\r", "", StringComparison.Ordinal));

    private static void AssertContent(byte[] entity)
    {
        var body = Assert.IsType<Multipart>(MimeEntity.Load(new MemoryStream(entity)));
        Assert.Equal(TestMail.Text.ReplaceLineEndings(), ((TextPart)body[0]).Text.ReplaceLineEndings());
    }

    private string In(string file) => Path.Combine(_folder, file);

    private static void Run(params string[] arguments) => Peer.OpenSsl.Run(arguments).Succeeded();

    private void Sign(string command, string name, string entity, string mail, string[] options)
    {
        string address = InteropPerson.ByName(name).Address;
        Run([command, "-sign", "-in", In(entity), "-signer", In(name + ".pem"), .. options, "-from", address, "-to", "x@example.org", "-subject", "s", "-out", In(mail)]);
    }

    private async Task ProtectAsync(InteropPerson from, SmimeProtectOptions options, params ProtectionLayer[] layers)
    {
        using MimeMessage mail = InteropPerson.CreateMail(from, InteropPerson.OtherRsa);
        using FileStream output = File.Create(In("mail.eml"));
        await new SmimeProtector(options with { UsesMessageRecipients = false }).ProtectAsync(mail, layers, output);
    }

    private async Task<(SmimeReport Report, byte[] Content)> OpenAsync(InteropPerson? reader)
    {
        using FileStream mail = File.OpenRead(In("mail.eml"));
        return await RawMail.OpenAsync(mail, InteropPerson.OpenOptions(reader) with
        {
            ExtraCertificates = [InteropPerson.Rsa.Certificate, InteropPerson.Ec.Certificate],
        });
    }
}
