using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.Xml;
using System.Text.RegularExpressions;
using MimeKit;
using SmimeKit.Capabilities;
using SmimeKit.Certificates;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Protecting;

/// <summary>What protected mail says about itself, octet by octet: header fields, signed attributes, capabilities, choice of algorithms.</summary>
public sealed partial class GoldenTests
{
    private const string OidData = "1.2.840.113549.1.7.1";
    private const string OidContentType = "1.2.840.113549.1.9.3";
    private const string OidMessageDigest = "1.2.840.113549.1.9.4";
    private const string OidSigningTime = "1.2.840.113549.1.9.5";
    private const string OidCapabilities = "1.2.840.113549.1.9.15";
    private const string OidKeyPreference = "1.2.840.113549.1.9.16.2.11";
    private const string OidMicrosoftKeyPreference = "1.3.6.1.4.1.311.16.4";
    private const string OidSigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const string OidAlgorithmProtection = "1.2.840.113549.1.9.52";
    private const string OidRsaEncryption = "1.2.840.113549.1.1.1";
    private const string OidRsaesOaep = "1.2.840.113549.1.1.7";

    private static readonly string[] _capabilities =
    [
        "300B060960864801650304012E", // AES-256-GCM
        "300B0609608648016503040106", // AES-128-GCM
        "300B060960864801650304012A", // AES-256-CBC
        "300B0609608648016503040116", // AES-192-CBC
        "300B0609608648016503040102", // AES-128-CBC
        "303806092A864886F70D010107302B300D06096086480165030402010500301A06092A864886F70D010108300D06096086480165030402010500", // RSAES-OAEP
        "300B06092A864886F70D010101", // rsaEncryption: key transport
        "301506062B8104010B01300B060960864801650304012D", // ECDH, AES-256 wrap
        "301506062B8104010B01300B0609608648016503040105", // ECDH, AES-128 wrap
        "300B0609608648016503040402", // ML-KEM-768
        "300B0609608648016503040403", // ML-KEM-1024
        "300B0609608648016503040401", // ML-KEM-512
        "300D06092A864886F70D01010B0500", // sha256WithRSAEncryption
        "300D06092A864886F70D01010D0500", // sha512WithRSAEncryption
        "300A06082A8648CE3D040302", // ecdsa-with-SHA256
        "300A06082A8648CE3D040303",
        "300A06082A8648CE3D040304",
    ];

    [Fact]
    [Trait("Requirement", "R3851-2.5.2-e")]
    [Trait("Requirement", "R3851-2.5.2-f")]
    [Trait("Requirement", "R3851-2.5.2-g")]
    [Trait("Requirement", "R3851-2.5.2-h")]
    [Trait("Requirement", "R3851-2.5.2-i")]
    [Trait("Requirement", "R3851-2.5.2-j")]
    [Trait("Requirement", "R3851-A-a")]
    [Trait("Requirement", "R3565-5.1-a")]
    [Trait("Requirement", "R3560-5-b")]
    [Trait("Requirement", "R8551-2.5.2-b")]
    [Trait("Requirement", "R9936-2.4-a")]
    public void OwnCapabilities_AreThePublishedOctetsInOrder()
    {
        string der = Convert.ToHexString(SmimeCapabilities.Own.Encode());
        string entries = string.Concat(SmimeCapabilities.Own.Entries.Select(e => Convert.ToHexString(SmimeCapabilities.Create([e]).Encode())[4..]));
        Assert.Equal(string.Concat(_capabilities), entries);
        Assert.EndsWith(entries, der, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R9690-2.4-a")]
    public void Capability_OfRsaKem_IsThePublishedOctets()
    {
        Assert.Equal(
            "30493047060B2A864886F70D010910030E30383029060728818C71020204301E3019060A2B81051086480" + "92C010230"
            + "0B0609608648016503040201020110300B0609608648016503040105",
            Convert.ToHexString(SmimeCapabilities.Create([SmimeCapability.RsaKem]).Encode()));
        Assert.True(SmimeCapabilities.Create([SmimeCapability.RsaKem]).Announces("1.2.840.113549.1.9.16.3.14"));
        Assert.DoesNotContain(SmimeCapability.RsaKem, SmimeCapabilities.Own.Entries);
    }

    [Fact]
    [Trait("Requirement", "R3851-2.5.2-k")]
    [Trait("Requirement", "R3851-2.5.2-e")]
    public void Capabilities_UnknownOnes_AreKeptInOrder()
    {
        SmimeCapabilities? read = SmimeCapabilities.TryDecode(Convert.FromHexString("30193007060353010205003006060453010203300606045301020" + "4"));
        Assert.NotNull(read);
        Assert.Equal(["2.3.1.2", "2.3.1.2.3", "2.3.1.2.4"], read.Entries.Select(e => e.Oid));
        Assert.False(read.Announces("2.16.840.1.101.3.4.1.46"));
    }

    [Fact]
    [Trait("Requirement", "R3851-2.5.3-b")]
    public void KeyPreference_InEveryForm_NamesTheCertificate()
    {
        Certificate certificate = TestPerson.BobRsa.EncryptionCertificate;
        byte[] issuer = certificate.Issuer.RawData.ToArray();
        byte[] serial = [0x02, (byte)certificate.SerialNumber.Length, .. certificate.SerialNumber.Span];
        byte[] keyIdentifier = certificate.SubjectKeyIdentifier.ToArray();
        Assert.Equal(20, keyIdentifier.Length);
        byte[] byIssuer = [0xA0, (byte)(issuer.Length + serial.Length), .. issuer, .. serial];
        Assert.Equal(byIssuer, EncryptionKeyPreference.Create(certificate)[0].Values[0].ToArray());
        byte[][] values =
        [
            byIssuer,
            [0xA1, 22, 0x04, 20, .. keyIdentifier],
            [0xA1, 39, 0x04, 20, .. keyIdentifier, 0x18, 15, .. "20260601120000Z"u8], // with a date
            [0x82, 20, .. keyIdentifier],
        ];
        foreach (byte[] value in values)
        {
            CertificateIdentifier? found = EncryptionKeyPreference.Find(new CmsAttributes([new CmsAttribute(OidKeyPreference, value)]));
            Assert.NotNull(found);
            Assert.True(found.Matches(certificate));
            Assert.False(found.Matches(TestPerson.ErinRsa.EncryptionCertificate));
        }
    }

    [Theory]
    [InlineData(SigningForm.Clear, false)]
    [InlineData(SigningForm.Opaque, false)]
    [InlineData(SigningForm.Clear, true)]
    [Trait("Requirement", "R3851-2.5-b")]
    [Trait("Requirement", "R3851-2.5-d")]
    [Trait("Requirement", "R3851-2.5.3-c")]
    [Trait("Requirement", "R3851-2.5.3-e")]
    [Trait("Requirement", "R3851-2.5-a")]
    [Trait("Requirement", "R3369-4-b")]
    public async Task Sign_Attributes_AreAllThereOnce(SigningForm form, bool elliptic)
    {
        TestPerson signer = elliptic ? TestPerson.CarolEc : TestPerson.AliceRsa;
        using MimeMessage mail = TestMail.Create(signer, TestPerson.BobRsa);
        SmimeReport report = await SignAndOpenAsync(mail, TestMail.ProtectOptions(signer) with { Form = form });
        SignatureReport signature = Assert.Single(report.Signatures);
        CmsAttributes attributes = signature.Signer.SignedAttributes;
        string[] expected =
        [
            OidContentType, OidMessageDigest, OidSigningTime, OidCapabilities, OidKeyPreference, OidMicrosoftKeyPreference, OidSigningCertificateV2, OidAlgorithmProtection,
        ];
        Assert.Equal(expected.Order(), attributes.Select(a => a.Oid).Order());
        Assert.All(attributes, a => Assert.Single(a.Values));
        Assert.Equal("06092A864886F70D010701", Convert.ToHexString(attributes.FindSingle(OidContentType)!.Value.Span));
        Assert.Equal("170D3236303630313131353930305A", Convert.ToHexString(attributes.FindSingle(OidSigningTime)!.Value.Span)); // 260601115900Z
        Assert.Equal(SmimeCapabilities.Own.Encode(), attributes.FindSingle(OidCapabilities)!.Value.ToArray());
        Assert.Equal(0xA0, attributes.FindSingle(OidKeyPreference)!.Value.Span[0]);
        Assert.Equal(0x30, attributes.FindSingle(OidMicrosoftKeyPreference)!.Value.Span[0]);
        Assert.True(EncryptionKeyPreference.Find(attributes)!.Matches(signer.EncryptionCertificate));
        Assert.Contains(signer.EncryptionCertificate, report.Layers[0].SignedData!.Carried.Certificates);
        Assert.Contains(signer.SigningCertificate, report.Layers[0].SignedData!.Carried.Certificates);
        Assert.DoesNotContain(TestPerson.Root, report.Layers[0].SignedData!.Carried.Certificates);
        Assert.Equal(mail.Date, signature.Signer.SigningTime);
        Assert.Empty(signature.Signer.UnsignedAttributes);
    }

    [Theory]
    [InlineData("sha-256")]
    [InlineData("sha-384")]
    [InlineData("sha-512")]
    [Trait("Requirement", "R3851-3.4.3.2-b")]
    [Trait("Requirement", "R3851-3.4.3.2-c")]
    [Trait("Requirement", "R3851-3.4.3.2-d")]
    [Trait("Requirement", "R3851-3.2.1-a")]
    [Trait("Requirement", "R3851-3.2.1-b")]
    [Trait("Requirement", "R3851-3.4.3.1-a")]
    public async Task SignClear_Header_IsThatOfTheRfc(string micalg)
    {
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        SmimeProtectOptions options = TestMail.ProtectOptions(TestPerson.AliceRsa) with { Digest = DigestAlgorithm.FindByMicalg(micalg) };
        string text = await ProtectAsync(mail, options, ProtectionLayer.Sign);
        string unfolded = Fold().Replace(text, " ");
        Assert.Matches($"\r\nContent-Type: multipart/signed; boundary=\"[^\"]+\"; protocol=\"application/pkcs7-signature\"; micalg={micalg}\r\n", unfolded);
        Assert.Contains("\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n", unfolded, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Disposition: attachment; filename=smime.p7s\r\n", unfolded, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R3851-3.4.3.2-c")]
    public async Task SignClear_ByTwo_NamesBothDigestsOnce()
    {
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        SmimeProtectOptions options = TestMail.ProtectOptions(TestPerson.AliceRsa) with { SigningKeys = [TestPerson.AliceRsa.SigningKey, TestPerson.DaveEc.SigningKey, TestPerson.BobRsa.SigningKey] };
        string text = await ProtectAsync(mail, options, ProtectionLayer.Sign);
        Assert.Contains("micalg=\"sha-256,sha-384\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signed-data")]
    [InlineData("enveloped-data")]
    [InlineData("authEnveloped-data")]
    [Trait("Requirement", "R3851-3.2-d")]
    [Trait("Requirement", "R3851-3.2.2-a")]
    [Trait("Requirement", "R3851-3.3-a")]
    [Trait("Requirement", "R3851-3.4.2-a")]
    [Trait("Requirement", "R8551-3.2-a")]
    [Trait("Requirement", "R8551-3.4-a")]
    public async Task Protect_SmimeType_IsThatOfTheContent(string smimeType)
    {
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        SmimeProtectOptions options = TestMail.ProtectOptions(TestPerson.AliceRsa, TestPerson.BobRsa) with
        {
            Form = SigningForm.Opaque,
            Policy = smimeType == "authEnveloped-data" ? CmsPolicy.Strict : CmsPolicy.Default,
        };
        string text = await ProtectAsync(mail, options, smimeType == "signed-data" ? ProtectionLayer.Sign : ProtectionLayer.Encrypt);
        string unfolded = Fold().Replace(text, " ");
        Assert.Contains($"\r\nContent-Type: application/pkcs7-mime; smime-type={smimeType}; name=smime.p7m\r\n", unfolded, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Disposition: attachment; filename=smime.p7m\r\n", unfolded, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Transfer-Encoding: base64\r\n", unfolded, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R3369-4-b")]
    [Trait("Requirement", "R3851-2.4.1-a")]
    [Trait("Requirement", "R3851-2.4.1-b")]
    [Trait("Requirement", "R3851-2.4.2-a")]
    [Trait("Requirement", "R3851-3.2-a")]
    public async Task Protect_MimeContent_IsLabelledDataAndStandsInsideOrBesideTheCms()
    {
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        SmimeProtectOptions options = TestMail.ProtectOptions(TestPerson.AliceRsa, TestPerson.BobRsa);
        byte[] opaque = await FindCmsAsync(await ProtectAsync(mail, options with { Form = SigningForm.Opaque }, ProtectionLayer.Sign));
        var signed = new SignedCms();
        signed.Decode(opaque);
        Assert.Equal(OidData, signed.ContentInfo.ContentType.Value);
        Assert.StartsWith("Content-Type: multipart/mixed", RawMail.Text(signed.ContentInfo.Content), StringComparison.Ordinal);
        signed.CheckSignature(verifySignatureOnly: true);

        var detached = new SignedCms();
        detached.Decode(await FindCmsAsync(await ProtectAsync(mail, options, ProtectionLayer.Sign)));
        Assert.Equal(OidData, detached.ContentInfo.ContentType.Value);
        Assert.Empty(detached.ContentInfo.Content);

        var enveloped = new EnvelopedCms();
        enveloped.Decode(await FindCmsAsync(await ProtectAsync(mail, options, ProtectionLayer.Encrypt)));
        Assert.Equal(OidData, enveloped.ContentInfo.ContentType.Value);
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(TestPerson.BobRsa.DecryptionPkcs8, out _);
        string serial = TestPerson.BobRsa.EncryptionCertificate.SerialNumberHex;
        System.Security.Cryptography.Pkcs.RecipientInfo bob = enveloped.RecipientInfos.Cast<System.Security.Cryptography.Pkcs.RecipientInfo>()
            .Single(r => r.RecipientIdentifier.Value is X509IssuerSerial issued && issued.SerialNumber == serial);
        enveloped.Decrypt(bob, key);
        Assert.StartsWith("Content-Type: multipart/mixed", RawMail.Text(enveloped.ContentInfo.Content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stranger", "enveloped-data", "AES-256-CBC", OidRsaEncryption)]
    [InlineData("gcm and oaep", "authEnveloped-data", "AES-256-GCM", OidRsaesOaep)]
    [InlineData("gcm", "authEnveloped-data", "AES-256-GCM", OidRsaEncryption)]
    [InlineData("gcm-128", "authEnveloped-data", "AES-128-GCM", OidRsaEncryption)]
    [InlineData("cbc-128", "enveloped-data", "AES-128-CBC", OidRsaEncryption)]
    [InlineData("one stranger", "enveloped-data", "AES-256-CBC", OidRsaEncryption)]
    [InlineData("one without oaep", "authEnveloped-data", "AES-256-GCM", OidRsaEncryption)]
    [InlineData("strict stranger", "authEnveloped-data", "AES-256-GCM", OidRsaesOaep)]
    [Trait("Requirement", "R3851-2.5.2-d")]
    [Trait("Requirement", "R3851-3.3-b")]
    [Trait("Requirement", "R3851-2.7.1.1-b")]
    [Trait("Requirement", "R8551-3.10-a")]
    public async Task Encrypt_Choice_FollowsWhatAllAnnounce(string who, string form, string algorithm, string keyTransport)
    {
        MemoryCertificateStore store = TestMail.StoreOf();
        TestPerson[] recipients = who.StartsWith("one", StringComparison.Ordinal) ? [TestPerson.BobRsa, TestPerson.ErinRsa] : [TestPerson.BobRsa];
        await store.AddAsync(recipients[^1].EncryptionCertificate, CertificateProvenance.Imported);
        string[]? bob = who switch
        {
            "gcm and oaep" or "one stranger" or "one without oaep" => ["2.16.840.1.101.3.4.1.42", "2.16.840.1.101.3.4.1.46", OidRsaesOaep],
            "gcm" => ["2.16.840.1.101.3.4.1.46"],
            "gcm-128" => ["1.2.840.113549.3.7", "2.16.840.1.101.3.4.1.2", "2.16.840.1.101.3.4.1.6"],
            "cbc-128" => ["1.2.840.113549.3.7", "2.16.840.1.101.3.4.1.2"],
            _ => null,
        };
        await AnnounceAsync(store, TestPerson.BobRsa, bob);
        await AnnounceAsync(store, TestPerson.ErinRsa, who == "one without oaep" ? ["2.16.840.1.101.3.4.1.46", "2.16.840.1.101.3.4.1.42"] : null);
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, recipients);
        SmimeProtectOptions options = TestMail.ProtectOptions(TestPerson.AliceRsa) with
        {
            Stores = [store],
            Policy = who.StartsWith("strict", StringComparison.Ordinal) ? CmsPolicy.Strict : CmsPolicy.Default,
        };
        string text = await ProtectAsync(mail, options, ProtectionLayer.Encrypt);
        foreach (TestPerson reader in recipients.Append(TestPerson.AliceRsa))
        {
            (SmimeReport report, _) = await RawMail.OpenAsync(text, TestMail.OpenOptions(reader));
            LayerReport layer = Assert.Single(report.Layers);
            Assert.Equal((form, algorithm), (layer.Form, layer.Algorithm));
            Assert.Equal(recipients.Length + 1, layer.Recipients.Length);
            Assert.All(layer.Recipients, r => Assert.Equal(keyTransport, r.KeyEncryptionAlgorithm!.Oid));
        }
    }

    [Fact]
    [Trait("Requirement", "R3851-2.7.1-e")]
    [Trait("Requirement", "R3851-5-f")]
    public async Task Encrypt_ForTripleDesOnly_IsRefused()
    {
        MemoryCertificateStore store = TestMail.StoreOf();
        await AnnounceAsync(store, TestPerson.BobRsa, ["1.2.840.113549.3.7"]);
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        PolicyViolationException refusal = await Assert.ThrowsAsync<PolicyViolationException>(() =>
            ProtectAsync(mail, TestMail.ProtectOptions(TestPerson.AliceRsa) with { Stores = [store] }, ProtectionLayer.Encrypt));
        Assert.Equal("no-common-cipher", refusal.Rule);
    }

    [Theory]
    [InlineData("2.16.840.1.101.3.4.1.46", "2.16.840.1.101.3.4.1.2")] // AES-256-GCM and AES-128-CBC
    [InlineData("2.16.840.1.101.3.4.1.46", "1.2.840.113549.3.7")] // strong and weak
    [Trait("Requirement", "R3851-2.7.3-a")]
    [Trait("Requirement", "R8551-2.7.3-a")]
    [Trait("Kind", "negative")]
    public async Task Encrypt_ForRecipientsWithNoCipherInCommon_AsksForSeparateMessages(string bobs, string erins)
    {
        MemoryCertificateStore store = TestMail.StoreOf();
        await AnnounceAsync(store, TestPerson.BobRsa, [bobs]);
        await AnnounceAsync(store, TestPerson.ErinRsa, [erins]);
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa, TestPerson.ErinRsa);
        PolicyViolationException refusal = await Assert.ThrowsAsync<PolicyViolationException>(() =>
            ProtectAsync(mail, TestMail.ProtectOptions(TestPerson.AliceRsa) with { Stores = [store] }, ProtectionLayer.Encrypt));
        Assert.Equal("no-common-cipher", refusal.Rule);
        Assert.Contains("separate messages", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R3851-3.1-a")]
    public async Task Protect_Header_StaysOutsideAndOnlyOnce()
    {
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        mail.Headers.Add("X-Note", "kept");
        foreach (ProtectionLayer layer in Enum.GetValues<ProtectionLayer>())
        {
            string text = await ProtectAsync(mail, TestMail.ProtectOptions(TestPerson.AliceRsa, TestPerson.BobRsa), layer);
            string header = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
            foreach (string field in new[] { "From:", "To:", "Date:", "Subject:", "MIME-Version:", "Content-Type:", "X-Note:" })
            {
                Assert.Single(header.Split("\r\n"), line => line.StartsWith(field, StringComparison.OrdinalIgnoreCase));
            }

            (SmimeReport _, byte[] content) = await RawMail.OpenAsync(text, TestMail.OpenOptions(TestPerson.BobRsa));
            string inner = RawMail.Text(content);
            Assert.All(inner[..inner.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n"), line => Assert.Matches("^(Content-|[ \t])", line));
        }
    }

    [Theory]
    [InlineData(ProtectionLayer.Sign)]
    [InlineData(ProtectionLayer.Encrypt)]
    [InlineData(ProtectionLayer.Sign, ProtectionLayer.Encrypt)]
    [InlineData(ProtectionLayer.Sign, ProtectionLayer.Encrypt, ProtectionLayer.Sign)]
    [Trait("Requirement", "R3274-2-d")]
    [Trait("Requirement", "R3274-3-b")]
    public async Task Protect_TextThatCompressesWell_IsNeverCompressed(params ProtectionLayer[] layers)
    {
        var store = new MemoryCertificateStore();
        await AnnounceAsync(store, TestPerson.BobRsa, ["2.16.840.1.101.3.4.1.46", "1.2.840.113549.1.9.16.3.8"]); // AES-GCM, zlib
        SmimeProtectOptions options = TestMail.ProtectOptions(TestPerson.AliceRsa) with { Stores = [store] };
        using MimeMessage mail = TestMail.Create(TestPerson.AliceRsa, TestPerson.BobRsa);
        mail.Body = new TextPart("plain") { Text = string.Concat(Enumerable.Repeat("the same line again\r\n", 5000)) };
        string text = await ProtectAsync(mail, options, layers);
        (SmimeReport report, _) = await RawMail.OpenAsync(text, TestMail.OpenOptions(TestPerson.BobRsa));
        Assert.True(text.Length > 100_000);
        Assert.DoesNotContain(report.Layers, l => l.Kind == LayerKind.Compressed);
    }

    internal static async Task<string> ProtectAsync(MimeMessage mail, SmimeProtectOptions options, params ProtectionLayer[] layers)
    {
        using var output = new MemoryStream();
        await new SmimeProtector(options).ProtectAsync(mail, layers, output);
        return RawMail.Text(output.ToArray());
    }

    private static async Task<byte[]> FindCmsAsync(string mail)
    {
        MimeMessage message = await MimeMessage.LoadAsync(new MemoryStream(RawMail.Bytes(mail)));
        MimeEntity part = message.Body is Multipart multipart ? multipart[1] : message.Body!;
        using var cms = new MemoryStream();
        await Assert.IsType<MimePart>(part, exactMatch: false).Content!.DecodeToAsync(cms);
        return cms.ToArray();
    }

    private static async Task<SmimeReport> SignAndOpenAsync(MimeMessage mail, SmimeProtectOptions options)
    {
        (SmimeReport report, _) = await RawMail.OpenAsync(await ProtectAsync(mail, options, ProtectionLayer.Sign));
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        return report;
    }

    private static async Task AnnounceAsync(MemoryCertificateStore store, TestPerson person, string[]? capabilities)
    {
        if (capabilities is not null)
        {
            byte[] encoded = SmimeCapabilities.Create(capabilities.Select(oid => new SmimeCapability(oid, default))).Encode();
            await store.LearnAsync(new EncryptionAnnouncement(person.Address, person.EncryptionCertificate, encoded, TestPerson.Now.AddDays(-1)));
        }
    }

    [GeneratedRegex("\r\n[ \t]+")]
    private static partial Regex Fold();
}
