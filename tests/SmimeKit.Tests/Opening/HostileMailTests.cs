using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Opening;

/// <summary>Mail that tries to look signed, to look like somebody else's, or to cost more than it should.</summary>
public sealed class HostileMailTests
{
    private const string Pkcs7 = "; protocol=\"application/pkcs7-signature\"; micalg=sha-256";
    private const string Plain = "Content-Type: text/plain\r\n\r\nPay Mallory.\r\n";

    /// <summary>From and other fields, and the address that Alice's signature may be shown with; empty when it must not be trusted.</summary>
    public static TheoryData<string, string> Originators => new()
    {
        { "From: alice@example.org", "alice@example.org" },
        { "From: ALICE@EXAMPLE.ORG", "alice@example.org" },
        { "From: Alice\r\n <alice@example.org> (a comment)", "alice@example.org" },
        { "From: boss@example.com", "" },
        { "From: boss@example.com <alice@example.org>", "alice@example.org" },
        { "From: \"alice@example.org\" <boss@example.com>", "" },
        { "From: alice@example.org <boss@example.com>", "" },
        { "From: =?utf-8?q?alice=40example.org?= <boss@example.com>", "" },
        { "From: =?utf-8?q?=3Calice=40example.org=3E?= <boss@example.com>", "" },
        { "From: =?utf-8?q?alice=40example.org?=", "" },
        { "From: boss@example.com (alice@example.org)", "" },
        { "From: alice@example.org, boss@example.com", "" },
        { "From: boss@example.com, alice@example.org", "" },
        { "From: boss@example.com\r\nFrom: alice@example.org", "" },
        { "From: alice@example.org\r\nFrom: boss@example.com", "" },
        { "From: alice@example.org\r\nfrom: alice@example.org", "" },
        { "From: Board: alice@example.org;", "" },
        { "From: Board: boss@example.com, alice@example.org;", "" },
        { "From: undisclosed:;", "" },
        { "From:", "" },
        { "From: <>", "" },
        { "X-From: alice@example.org", "" },
        { "X: y\r\nFrom : boss@example.com\r\nFrom: alice@example.org", "" },
        { "From: alice@example.org.evil.example", "" },
        { "From: alice@example.org\0.evil.example", "" },
        { "From: \"alice@example.org\"@evil.example", "" },
        { "From: <@evil.example:boss@example.com>", "" },
        { "From: alice@example.or", "" },
        { "From: alice@ex\u00e4mple.org", "" },
        { "Reply-To: alice@example.org\r\nFrom: boss@example.com", "" },
        { "From: boss@example.com\r\nResent-From: alice@example.org", "" },
        { "From: boss@example.com\r\nSender: other@example.com", "" },
        { "From: boss@example.com\r\nSender: other@example.com\r\nSender: alice@example.org", "" },
    };

    public static TheoryData<string, string> Shapes => new()
    {
        { "no part", $"Content-Type: multipart/signed; boundary=\"{RawMail.Boundary}\"{Pkcs7}\r\n\r\n--{RawMail.Boundary}--\r\n" },
        { "nothing", $"Content-Type: multipart/signed; boundary=\"{RawMail.Boundary}\"{Pkcs7}\r\n\r\n" },
        { "no boundary parameter", $"Content-Type: multipart/signed{Pkcs7}\r\n\r\n--x\r\n\r\na\r\n--x--\r\n" },
        { "one part", "{signed}" },
        { "three parts", "{signed}{signature}{plain}" },
        { "plain first", "{plain}{signed}{signature}" },
        { "two signatures", "{signed}{signature}{signature}" },
        { "swapped", "{signature}{signed}" },
        { "plain instead of signature", "{signed}{plain}" },
        { "empty signature", "{signed}{empty}" },
        { "garbage signature", "{signed}{garbage}" },
    };

    public static TheoryData<string> Duplicates =>
    [
        "Content-Type: multipart/signed; boundary=\"=-sep\"; protocol=\"application/pkcs7-signature\"\r\nContent-Type: text/html",
        "Content-Type: multipart/signed; boundary=\"=-sep\"\r\nContent-Type: multipart/signed; boundary=other",
        "Content-Type: multipart/signed; boundary=\"=-sep\"; boundary=other",
        "Content-Type: multipart/signed; boundary=other; Boundary=\"=-sep\"",
        "Content-Type: multipart/signed; boundary=\"=-sep\"\r\nContent-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64",
        "Content-Type: multipart/signed; boundary=\"=-sep\"\r\nContent-Transfer-Encoding: base64",
        "Content-Type: multipart/signed; boundary=\"=-sep\"\r\nContent-Transfer-Encoding: quoted-printable",
    ];

    [Theory]
    [MemberData(nameof(Originators))]
    [Trait("Requirement", "R3850-3-k")]
    [Trait("Requirement", "R3850-3-m")]
    [Trait("Requirement", "R8550-3-a")]
    [Trait("Requirement", "R8550-3-e")]
    [Trait("Requirement", "R9598-5-a")]
    public async Task Open_SignedByAlice_IsTrustedOnlyWhenAliceIsTheOneOriginator(string originator, string shown)
    {
        string mail = $"{originator}\r\nTo: bob@example.net\r\nDate: Mon, 01 Jun 2026 12:00:00 +0000\r\nMIME-Version: 1.0\r\n" + await RawMail.ClearSignedAsync();
        (SmimeReport report, _) = await RawMail.OpenAsync(new MemoryStream(Encoding.UTF8.GetBytes(mail)));
        SignatureReport signature = Assert.Single(report.Signatures);
        Assert.True(signature.Integrity.HasPassed);
        Assert.Equal(shown.Length > 0 ? MessageOutcome.Valid : MessageOutcome.NotValid, report.Outcome);
        Assert.Equal(shown.Length > 0 ? shown : null, signature.MatchedAddress);
        Assert.Empty(report.Warnings);
    }

    [Theory]
    [InlineData("From: boss@example.com\r\nSender: alice@example.org")]
    [InlineData("From: boss@example.com\r\nSender: The Boss <alice@example.org>")]
    [InlineData("From: boss@example.com, carol@example.org\r\nSender: alice@example.org")]
    [InlineData("From: Board: boss@example.com;\r\nSender: alice@example.org")]
    [InlineData("From: garbage <<>>\r\nSender: alice@example.org")]
    [InlineData("Sender: alice@example.org")]
    [Trait("Requirement", "R3850-3-k")]
    [Trait("Requirement", "R3850-3-m")]
    [Trait("Requirement", "R8550-3-e")]
    public async Task Open_SignedByTheSenderOfAnotherAuthor_IsValidOnlyForThoseWhoAcceptThat(string originators)
    {
        string mail = $"{originators}\r\nMIME-Version: 1.0\r\n" + await RawMail.ClearSignedAsync();
        (SmimeReport report, _) = await RawMail.OpenAsync(mail);
        Assert.Equal(MessageOutcome.NotValid, report.Outcome);
        Assert.Equal("signed-by-sender", Assert.IsType<Check.Fail>(Assert.Single(report.Signatures).Address).Code);

        (report, _) = await RawMail.OpenAsync(mail, TestMail.OpenOptions() with { AcceptsSender = true });
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        Assert.Equal("alice@example.org", Assert.Single(report.Signatures).MatchedAddress);
        Assert.Equal(["signed-by-sender"], report.Warnings);
    }

    [Fact]
    public async Task Open_MailWithoutFrom_IsNotValid()
    {
        (SmimeReport report, _) = await RawMail.OpenAsync("Subject: who?\r\nMIME-Version: 1.0\r\n" + await RawMail.ClearSignedAsync());
        Assert.Equal(MessageOutcome.NotValid, report.Outcome);
        Assert.Equal("originator-unclear", Assert.IsType<Check.Fail>(Assert.Single(report.Signatures).Address).Code);
    }

    [Fact]
    public async Task Open_EntityThatBelongsToNoMail_HasNoAddressToCompare()
    {
        (SmimeReport report, _) = await RawMail.OpenAsync("MIME-Version: 1.0\r\n" + await RawMail.ClearSignedAsync());
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        SignatureReport signature = Assert.Single(report.Signatures);
        Assert.Equal("no-mail", Assert.IsType<Check.NotChecked>(signature.Address).Reason);
        Assert.Null(signature.MatchedAddress);
    }

    [Theory]
    [InlineData("alice@example.org", MessageOutcome.Valid)]
    [InlineData("boss@example.com", MessageOutcome.NotValid)]
    public async Task Open_WithAnExpectedAddress_ComparesThatAlone(string expected, MessageOutcome outcome)
    {
        string mail = "From: boss@example.com\r\nMIME-Version: 1.0\r\n" + await RawMail.ClearSignedAsync();
        (SmimeReport report, _) = await RawMail.OpenAsync(mail, TestMail.OpenOptions() with { ExpectedAddress = expected });
        Assert.Equal(outcome, report.Outcome);
    }

    [Theory]
    [InlineData(false, MessageOutcome.NotValid)]
    [InlineData(true, MessageOutcome.Valid)]
    [Trait("Requirement", "R3850-3-d")]
    [Trait("Requirement", "R3850-3-e")]
    public async Task Open_CertificateWithoutAddress_IsTrustedOnlyOnRequest(bool accepts, MessageOutcome outcome)
    {
        string mail = RawMail.Header + await RawMail.ClearSignedAsync(signer: TestPerson.Nameless);
        (SmimeReport report, _) = await RawMail.OpenAsync(mail, TestMail.OpenOptions() with { AcceptsCertificatesWithoutAddress = accepts });
        Assert.Equal(outcome, report.Outcome);
        SignatureReport signature = Assert.Single(report.Signatures);
        Assert.Equal("address-absent", Assert.IsType<Check.NotChecked>(signature.Address).Reason);
        Assert.Null(signature.MatchedAddress);
    }

    [Theory]
    [InlineData("mixed", "{signed}{plain}", "1.1")]
    [InlineData("mixed", "{plain}{signed}", "1.2")]
    [InlineData("related", "{plain}{signed}", "1.2")]
    [InlineData("alternative", "{plain}{signed}{plain}", "1.2")]
    [InlineData("mixed", "{signed}", "1.1")]
    [InlineData("mixed", "{opaque}{plain}", "1.1")]
    [InlineData("mixed", "{plain}{octets}{signed}", "1.2 1.3")]
    [InlineData("mixed", "{forwarded}{plain}", "1.1.1")]
    [InlineData("mixed", "{noprotocol}{plain}", "1.1")]
    [Trait("Requirement", "R8551-6-g")]
    [Trait("Requirement", "R9787-4.2-a")]
    [Trait("Requirement", "R9787-4.5-a")]
    [Trait("Requirement", "R9787-6.2.1-a")]
    public async Task Open_SignedPartOfAnUnsignedMail_IsListedAndLendsNothing(string subtype, string parts, string errant)
    {
        const string Outer = "=-outer";
        byte[] opaque = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: false);
        string signed = await RawMail.ClearSignedAsync();
        string body = string.Concat(parts.Split('}', StringSplitOptions.RemoveEmptyEntries).Select(p => $"--{Outer}\r\n" + (p switch
        {
            "{signed" => signed,
            "{opaque" => RawMail.Pkcs7Mime(opaque),
            "{octets" => "Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.P7M\r\nContent-Transfer-Encoding: base64\r\n\r\n" + RawMail.Base64(opaque),
            "{forwarded" => "Content-Type: message/rfc822\r\n\r\n" + RawMail.Header + signed,
            "{noprotocol" => signed.Replace("; protocol=\"application/pkcs7-signature\"", "", StringComparison.Ordinal),
            _ => Plain,
        }) + "\r\n")) + $"--{Outer}--\r\n";
        string mail = $"{RawMail.Header}Content-Type: multipart/{subtype}; boundary=\"{Outer}\"\r\n\r\n{body}";
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail);
        Assert.Equal(MessageOutcome.NoSignature, report.Outcome);
        Assert.Equal(SignatureCoverage.None, report.Coverage);
        Assert.Equal(errant.Split(' '), report.ErrantParts);
        Assert.Empty(report.Layers);
        Assert.Empty(report.Signatures);
        Assert.Equal(mail, RawMail.Text(content));
    }

    [Theory]
    [InlineData("message/rfc822")]
    [InlineData("message/global")]
    [InlineData("message/news")]
    [InlineData("text/rfc822-headers")]
    public async Task Open_MailWithinMail_IsTakenApartWhateverItsType(string type)
    {
        string mail = $"{RawMail.Header}Content-Type: {type}\r\n\r\n{RawMail.Header}" + await RawMail.ClearSignedAsync();
        (SmimeReport report, _) = await RawMail.OpenAsync(mail);
        Assert.Equal(MessageOutcome.NoSignature, report.Outcome);
        Assert.Equal(["1.1"], report.ErrantParts);

        SmimeOpenOptions few = TestMail.OpenOptions() with { Limits = new SmimeLimits { MaxMimeParts = 3 } };
        LimitExceededException limit = await Assert.ThrowsAsync<LimitExceededException>(() => RawMail.OpenAsync(mail, few));
        Assert.Equal("MaxMimeParts", limit.Limit);
    }

    [Fact]
    public async Task Open_SignedCiphertextThatIsNotDecrypted_IsNotSaidToBeSigned()
    {
        byte[] encrypted = await RawMail.EncryptAsync(RawMail.Bytes(RawMail.Entity), TestPerson.BobRsa, authenticated: true);
        string mail = RawMail.Header + await RawMail.ClearSignedAsync(RawMail.Pkcs7Mime(encrypted));
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail, TestMail.OpenOptions() with { Decrypts = false });
        Assert.Equal(MessageOutcome.NoSignature, report.Outcome);
        Assert.Equal("signs-ciphertext", Assert.IsType<Check.Fail>(Assert.Single(report.Signatures).Coverage).Code);
        Assert.Empty(content);
    }

    [Fact]
    public async Task Open_SecondSignerOfAnUnknownAlgorithm_NeitherHelpsNorHarms()
    {
        using var cms = new MemoryStream();
        var options = new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(TestPerson.AliceRsa.SigningKey), new CmsSigner(TestPerson.CarolEc.SigningKey) { Digest = DigestAlgorithm.Sha384 }],
            Certificates = [TestPerson.AliceRsa.SigningCertificate, TestPerson.CarolEc.SigningCertificate],
        };
        using (SignedDataWriter writer = await SignedDataWriter.OpenAsync(cms, options))
        {
            await writer.Content.WriteAsync(RawMail.Bytes(RawMail.Entity));
            await writer.CompleteAsync();
        }

        // 2.16.840.1.101.3.4.2.2 becomes …2.127, which is nothing yet.
        byte[] sha384 = Convert.FromHexString("0609608648016503040202");
        byte[] octets = cms.ToArray();
        for (int at; (at = octets.AsSpan().IndexOf(sha384)) >= 0;)
        {
            octets[at + sha384.Length - 1] = 0x7F;
        }

        (SmimeReport report, _) = await RawMail.OpenAsync(RawMail.Header + RawMail.Pkcs7Mime(octets));
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        Assert.Equal([true, false], report.Signatures.OrderByDescending(s => s.IsTrusted).Select(s => s.IsTrusted));
        Assert.Contains("unsupported-signer", report.Warnings);
    }

    [Fact]
    public async Task Open_ManySigners_ShareOneBudgetForTheirPaths()
    {
        var options = new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(TestPerson.AliceRsa.SigningKey), new CmsSigner(TestPerson.CarolEc.SigningKey), new CmsSigner(TestPerson.DaveEc.SigningKey)],
            Certificates = [TestPerson.AliceRsa.SigningCertificate, TestPerson.CarolEc.SigningCertificate, TestPerson.DaveEc.SigningCertificate],
        };
        using var cms = new MemoryStream();
        using (SignedDataWriter writer = await SignedDataWriter.OpenAsync(cms, options))
        {
            await writer.Content.WriteAsync(RawMail.Bytes(RawMail.Entity));
            await writer.CompleteAsync();
        }

        SmimeOpenOptions open = TestMail.OpenOptions() with { PathLimits = PathLimits.Default with { SignatureChecks = 2 } };
        (SmimeReport report, _) = await RawMail.OpenAsync(RawMail.Header + RawMail.Pkcs7Mime(cms.ToArray()), open);
        Assert.Equal(2, report.Signatures.Sum(s => s.Path!.SignatureChecks));
        Assert.Single(report.Signatures, s => !s.Chain.HasPassed);
    }

    [Fact]
    public async Task Open_DecryptedContentThatIsMalformed_LooksLikeAWrongKey()
    {
        byte[] wrapped = await RawMail.EncryptAsync(RawMail.Bytes("Content-Type: application/pkcs7-mime\r\n\r\nno CMS at all\r\n"), TestPerson.BobRsa, authenticated: false);
        await Assert.ThrowsAsync<DecryptionFailedException>(
            () => RawMail.OpenAsync(RawMail.Header + RawMail.Pkcs7Mime(wrapped), TestMail.OpenOptions(TestPerson.BobRsa)));
    }

    [Theory]
    [InlineData("a:\n", "MaxHeaderFields")]
    [InlineData("From: a@b.example", "MaxAddresses")]
    public async Task Open_HeaderOfVeryManyParts_IsRefusedBeforeItIsParsed(string start, string limit)
    {
        string header = limit == "MaxHeaderFields" ? string.Concat(Enumerable.Repeat(start, 300_000)) : start + string.Concat(Enumerable.Repeat(",a@b.example", 10_000));
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] mail = RawMail.Bytes(header + "\n\n");
        LimitExceededException refused = await Assert.ThrowsAsync<LimitExceededException>(() => RawMail.OpenAsync(new MemoryStream(mail)));
        Assert.Equal(limit, refused.Limit);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024 * 1024);
    }

    [Fact]
    [Trait("Requirement", "R8551-6-e")]
    [Trait("Requirement", "R8551-6-g")]
    [Trait("Requirement", "R9787-6.2.2-a")]
    public async Task Open_FooterOfAMailingListBehindAnEncryptedPart_IsNotDecrypted()
    {
        byte[] cms = await RawMail.EncryptAsync(RawMail.Bytes(RawMail.Entity), TestPerson.BobRsa, authenticated: false);
        string mail = $"{RawMail.Header}Content-Type: multipart/mixed; boundary=\"{RawMail.Boundary}\"\r\n\r\n"
            + RawMail.Parts("Content-Type: text/html\r\n\r\n<img src=\"https://evil.example/", RawMail.Pkcs7Mime(cms), "Content-Type: text/html\r\n\r\n\">");
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail, TestMail.OpenOptions(TestPerson.BobRsa));
        Assert.Equal(EncryptionStatus.None, report.Encryption);
        Assert.Equal(["1.2"], report.ErrantParts);
        Assert.DoesNotContain("What was written", RawMail.Text(content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authentication-Results: example.net; smime=pass\r\nX-Smime-Status: signed and encrypted\r\nContent-Type: text/plain\r\n\r\ntext\r\n")]
    [InlineData("Content-Type: text/plain; smime-type=signed-data; name=smime.p7m\r\n\r\ntext\r\n")]
    [InlineData("Content-Type: text/plain; protocol=\"application/pkcs7-signature\"; micalg=sha-256\r\n\r\ntext\r\n")]
    [InlineData("Content-Type: text/html\r\n\r\n<p>&#x2714; Signed by alice@example.org</p>\r\n")]
    [InlineData("Content-Type: text/plain\r\n\r\n-----BEGIN PKCS7-----\r\nMIIB\r\n-----END PKCS7-----\r\n")]
    [Trait("Requirement", "R9787-6.1-a")]
    [Trait("Kind", "negative")]
    public async Task Open_MailThatClaimsToBeProtected_IsReportedAsItIs(string rest)
    {
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(RawMail.Header + rest, TestMail.OpenOptions(TestPerson.BobRsa));
        Assert.Equal((MessageOutcome.NoSignature, EncryptionStatus.None), (report.Outcome, report.Encryption));
        Assert.Empty(report.Layers);
        Assert.Equal(RawMail.Header + rest, RawMail.Text(content));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    [Trait("Requirement", "R3851-3.4.3-a")]
    public async Task Open_MultipartSignedOfAnotherShape_IsMalformed(string name, string form)
    {
        Assert.NotEmpty(name);
        byte[] signature = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: true);
        string entity = form.StartsWith('{')
            ? $"Content-Type: multipart/signed; boundary=\"{RawMail.Boundary}\"{Pkcs7}\r\n\r\n" + RawMail.Parts([.. form.Split('}', StringSplitOptions.RemoveEmptyEntries).Select(p => p switch
            {
                "{signed" => RawMail.Entity,
                "{signature" => RawMail.SignaturePart(signature),
                "{empty" => RawMail.SignaturePart([]),
                "{garbage" => RawMail.SignaturePart([1, 2, 3]),
                _ => Plain,
            })])
            : form;
        await Assert.ThrowsAsync<MalformedDataException>(() => RawMail.OpenAsync(RawMail.Header + entity));
    }

    [Fact]
    [Trait("Requirement", "R1847-2.1-c")]
    public async Task Open_MultipartSignedOfAnotherProtocol_IsNotOurs()
    {
        string mail = RawMail.Header + (await RawMail.ClearSignedAsync()).Replace("application/pkcs7-signature\";", "application/pgp-signature\";", StringComparison.Ordinal);
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail);
        Assert.Equal(MessageOutcome.NoSignature, report.Outcome);
        Assert.Equal(mail, RawMail.Text(content));
    }

    [Theory]
    [MemberData(nameof(Duplicates))]
    public async Task Open_StructureThatReadersDisagreeAbout_IsMalformed(string fields)
    {
        byte[] signature = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: true);
        string mail = $"{RawMail.Header}{fields}\r\n\r\n" + RawMail.Parts(RawMail.Entity, RawMail.SignaturePart(signature));
        await Assert.ThrowsAsync<MalformedDataException>(() => RawMail.OpenAsync(mail));
    }

    [Fact]
    public async Task Open_SecondContentTypeThatIsSigned_DoesNotCount()
    {
        string mail = RawMail.Header + "Content-Type: text/plain\r\n" + await RawMail.ClearSignedAsync();
        (SmimeReport report, _) = await RawMail.OpenAsync(mail);
        Assert.Equal(MessageOutcome.NoSignature, report.Outcome);
    }

    [Fact]
    [Trait("Requirement", "R3851-3.4.3.1-b")]
    [Trait("Requirement", "R1847-2.1-d")]
    public async Task Open_ContentHiddenInTheSignature_IsNeitherShownNorValid()
    {
        byte[] opaque = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: false);
        foreach (string shown in new[] { RawMail.Entity, Plain })
        {
            (SmimeReport report, byte[] content) = await RawMail.OpenAsync(RawMail.Header + RawMail.MultipartSigned(Pkcs7, shown, RawMail.SignaturePart(opaque)));
            Assert.Equal(MessageOutcome.NotValid, report.Outcome);
            Assert.Equal(shown, RawMail.Text(content));
        }
    }

    [Fact]
    public async Task Open_DetachedSignatureAlone_CannotBeJudged()
    {
        byte[] detached = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: true);
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(RawMail.Header + RawMail.Pkcs7Mime(detached));
        Assert.Equal(MessageOutcome.Indeterminate, report.Outcome);
        Assert.Equal("content-missing", Assert.IsType<Check.NotChecked>(Assert.Single(report.Signatures).Integrity).Reason);
        Assert.Empty(content);
    }

    [Fact]
    [Trait("Requirement", "R3851-3.2-a")]
    public async Task Open_BytesBehindTheMessage_AreMalformed()
    {
        byte[] cms = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: false);
        await Assert.ThrowsAsync<MalformedDataException>(() => RawMail.OpenAsync(RawMail.Header + RawMail.Pkcs7Mime([.. cms, 0x05, 0x00])));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-3)]
    [Trait("Requirement", "R3369-11.3-h")]
    [Trait("Requirement", "R3851-2.5.1-c")]
    public async Task Open_SigningTimeFarFromDate_IsAWarningAndNoTimeOfJudgement(int years)
    {
        string mail = RawMail.Header.Replace("2026", $"{2026 + years}", StringComparison.Ordinal) + await RawMail.ClearSignedAsync();
        (SmimeReport report, _) = await RawMail.OpenAsync(mail);
        Assert.Equal(["date-mismatch"], report.Warnings);
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        (SmimeReport late, _) = await RawMail.OpenAsync(mail, TestMail.OpenOptions() with { At = TestPerson.Now.AddYears(20) });
        Assert.Equal(MessageOutcome.NotValid, late.Outcome);
        Assert.IsType<Check.Fail>(Assert.Single(late.Signatures).Time);
    }
}
