using SmimeKit.TestKit;

namespace SmimeKit.Tests.Opening;

/// <summary>S/MIME is recognised whatever its type, its names and its encodings are, and only success in opening it counts.</summary>
public sealed class DisguiseTests
{
    public static TheoryData<string> Types =>
    [
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        "application/pkcs7-mime; smime-type=SIGNED-DATA",
        "application/pkcs7-mime; smime-type=signed-receipt",
        "application/pkcs7-mime",
        "Application/PKCS7-MIME; name=\"photo.jpg\"",
        "application/pkcs7-mime; name=wrong.p7s",
        "application/x-pkcs7-mime; name=smime.p7m",
        "application/x-pkcs7-mime",
        "application/octet-stream; name=smime.p7m",
        "application/octet-stream; name=\"SMIME.P7M\"",
        "application/octet-stream; name=smime.P7c",
        "application/octet-stream; name=smime.p7z",
        "application/octet-stream; name=smime.p7s",
        "application/octet-stream; name*=utf-8''SM%49ME.P7M",
        "application/octet-stream; name*0=smi; name*1=me.p7m",
        "application/octet-stream\r\nContent-Disposition: attachment; filename=smime.p7m",
        "application/octet-stream\r\nContent-Disposition: attachment;\r\n\tfilename=\"Smime.P7M\"",
        "application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''SMIME.P7M",
        "application/octet-stream; name=message.bin\r\nContent-Disposition: attachment; filename=smime.p7m",
        "application/octet-stream; name=smime.p7m\r\nContent-Disposition: attachment; filename=message.bin",
        "application/pkcs7-signature; name=smime.p7m",
        "application/pkcs7-mime;\r\n smime-type=signed-data;\r\n\tname=\"smime.p7m\"",
        "application/pkcs7-mime (a comment) ; smime-type = signed-data",
    ];

    public static TheoryData<string> Micalgs => ["", "; micalg=sha-256", "; micalg=sha256", "; micalg=SHA256", "; micalg=\"sha-256,sha-512\"", "; micalg=unknown", "; micalg=foo", "; micalg=\"\""];

    public static TheoryData<string> LyingMicalgs => ["sha-1", "sha1", "md5", "rsa-md5", "sha-512", "sha384", "\"sha-1,md5\""];

    [Theory]
    [MemberData(nameof(Types))]
    [Trait("Requirement", "R3851-3.9-a")]
    [Trait("Requirement", "R3851-3.9-b")]
    [Trait("Requirement", "R3851-3.2-e")]
    [Trait("Requirement", "R3851-3.2.1-c")]
    [Trait("Requirement", "R8551-3.10-a")]
    public async Task Open_OpaqueSignedUnderAnyType_IsValid(string type)
    {
        byte[] cms = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: false);
        await RawMail.AssertValidAsync($"{RawMail.Header}Content-Type: {type}\r\nContent-Transfer-Encoding: base64\r\n\r\n{RawMail.Base64(cms)}");
    }

    [Theory]
    [InlineData("enveloped-data")]
    [InlineData("authEnveloped-data")]
    [InlineData("compressed-data")]
    [InlineData("nonsense")]
    [Trait("Requirement", "R3851-3.2.2-c")]
    [Trait("Requirement", "R7114-2-b")]
    public async Task Open_WrongSmimeType_FollowsTheContentAndSaysSo(string smimeType)
    {
        byte[] cms = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: false);
        await RawMail.AssertValidAsync(
            $"{RawMail.Header}Content-Type: application/pkcs7-mime; smime-type={smimeType}\r\nContent-Transfer-Encoding: base64\r\n\r\n{RawMail.Base64(cms)}",
            warnings: "smime-type-mismatch");
    }

    [Theory]
    [InlineData(false, "enveloped-data")]
    [InlineData(true, "authEnveloped-data")]
    [Trait("Requirement", "R5083-3-a")]
    [Trait("Requirement", "R8551-2.4.4-a")]
    [Trait("Requirement", "R8551-3.4-c")]
    public async Task Open_EncryptedWithTypeOfSignedData_IsDecrypted(bool authenticated, string form)
    {
        byte[] cms = await RawMail.EncryptAsync(RawMail.Bytes(RawMail.Entity), TestPerson.BobRsa, authenticated);
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(
            $"{RawMail.Header}Content-Type: application/octet-stream; smime-type=signed-data; name=a.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n{RawMail.Base64(cms)}",
            TestMail.OpenOptions(TestPerson.BobRsa));
        Assert.Equal(RawMail.Entity, RawMail.Text(content));
        Assert.Equal(form, Assert.Single(report.Layers).Form);
        Assert.Equal(["smime-type-mismatch"], report.Warnings);
        Assert.Equal(authenticated ? EncryptionStatus.Authenticated : EncryptionStatus.Unauthenticated, report.Encryption);
        Assert.Equal(MessageOutcome.NoSignature, report.Outcome); // whoever encrypted, nobody is named
        Assert.Empty(report.Signatures);
    }

    [Theory]
    [InlineData("base64", "lines")]
    [InlineData("BASE64 ", "lines")]
    [InlineData("base64", "one line")]
    [InlineData("base64", "lf lines")]
    [InlineData("base64", "blanks")]
    [InlineData("", "lines")]
    [InlineData("7bit", "lines")]
    [InlineData("7bit", "pem")]
    [InlineData("base64", "base64 of pem")]
    [InlineData("quoted-printable", "quoted-printable")]
    [InlineData("binary", "raw")]
    [InlineData("8bit", "raw")]
    [InlineData("x-unknown", "raw")]
    [InlineData("", "raw")]
    [Trait("Requirement", "R3851-3.1.2-c")]
    [Trait("Requirement", "R3851-3.2-c")]
    [Trait("Requirement", "R3851-3.2-f")]
    public async Task Open_AnyTransferEncoding_IsValid(string encoding, string form)
    {
        byte[] cms = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: false);
        string lines = RawMail.Base64(cms);
        string pem = $"-----BEGIN PKCS7-----\r\n{lines}-----END PKCS7-----\r\n";
        string body = form switch
        {
            "lines" => lines,
            "one line" => Convert.ToBase64String(cms),
            "lf lines" => lines.Replace("\r", "", StringComparison.Ordinal),
            "blanks" => "\r\n \t" + lines.Replace("\r\n", "  \r\n\t", StringComparison.Ordinal),
            "pem" => pem,
            "base64 of pem" => RawMail.Base64(RawMail.Bytes(pem)),
            "quoted-printable" => string.Concat(cms.Select(b => $"={b:X2}").Chunk(25).Select(c => string.Concat(c) + "=\r\n")),
            _ => RawMail.Text(cms),
        };
        string field = encoding.Length == 0 ? "" : $"Content-Transfer-Encoding: {encoding}\r\n";
        await RawMail.AssertValidAsync($"{RawMail.Header}Content-Type: application/pkcs7-mime\r\n{field}\r\n{body}");
    }

    [Fact]
    [Trait("Requirement", "R3851-3.9-c")]
    public async Task Open_GarbageWithTheNameOfSmime_IsMalformedAndNeverProtected()
    {
        string mail = RawMail.Header + "Content-Type: application/octet-stream; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nR2FyYmFnZQ==\r\n";
        await Assert.ThrowsAsync<MalformedDataException>(() => RawMail.OpenAsync(mail));
    }

    [Theory]
    [InlineData("application/octet-stream; name=smime.p7m.exe")]
    [InlineData("application/pdf; name=smime.p7m")]
    [InlineData("text/plain; name=smime.p7m")]
    [InlineData("application/pkcs10; name=smime.p10")]
    [Trait("Requirement", "R3851-3.8-b")]
    [Trait("Requirement", "R3851-3.2.1-c")]
    public async Task Open_OtherTypeWithTheNameOfSmime_IsLeftAlone(string type)
    {
        string mail = $"{RawMail.Header}Content-Type: {type}\r\n\r\ntext\r\n";
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail);
        Assert.Empty(report.Layers);
        Assert.Equal(mail, RawMail.Text(content));
    }

    [Fact]
    [Trait("Requirement", "R3851-3.1.2-a")]
    public async Task Open_BinaryEntityInsideCms_IsValidOctetByOctet()
    {
        string binary = "Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => (char)(i & 0xFF)));
        byte[] cms = await RawMail.SignAsync(RawMail.Bytes(binary), detached: false);
        await RawMail.AssertValidAsync(RawMail.Header + RawMail.Pkcs7Mime(cms), binary);
        byte[] encrypted = await RawMail.EncryptAsync(RawMail.Bytes(binary), TestPerson.BobRsa, authenticated: true);
        (_, byte[] content) = await RawMail.OpenAsync(RawMail.Header + RawMail.Pkcs7Mime(encrypted), TestMail.OpenOptions(TestPerson.BobRsa));
        Assert.Equal(binary, RawMail.Text(content));
    }

    [Theory]
    [MemberData(nameof(Micalgs))]
    [Trait("Requirement", "R3851-3.4.3.2-e")]
    [Trait("Requirement", "R8551-3.5.3.2-a")]
    public async Task Open_AnySpellingOfMicalg_IsValid(string micalg)
    {
        byte[] signature = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: true);
        await RawMail.AssertValidAsync(RawMail.Header + RawMail.MultipartSigned(
            "; protocol=\"application/pkcs7-signature\"" + micalg, RawMail.Entity, RawMail.SignaturePart(signature)));
    }

    [Theory]
    [MemberData(nameof(LyingMicalgs))]
    [Trait("Requirement", "R3851-3.4.3.2-f")]
    [Trait("Requirement", "R8551-3.5.3.2-b")]
    public async Task Open_LyingMicalg_IsValidAndSaysSo(string micalg)
    {
        byte[] signature = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: true);
        await RawMail.AssertValidAsync(
            RawMail.Header + RawMail.MultipartSigned(
                $"; protocol=\"application/pkcs7-signature\"; micalg={micalg}", RawMail.Entity, RawMail.SignaturePart(signature)),
            warnings: "micalg-mismatch");
    }

    [Theory]
    [InlineData("")]
    [InlineData("; protocol=\"application/pkcs7-signature\"")]
    [InlineData("; protocol=application/pkcs7-signature")]
    [InlineData("; PROTOCOL=\"Application/PKCS7-Signature\"")]
    [InlineData("; protocol=\"application/x-pkcs7-signature\"")]
    [InlineData(";\r\n\tprotocol=\"application/pkcs7-signature\";\r\n micalg=sha-256")]
    [Trait("Requirement", "R1847-2.1-c")]
    public async Task Open_ProtocolInAnyForm_IsValid(string protocol)
    {
        byte[] signature = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: true);
        await RawMail.AssertValidAsync(RawMail.Header + RawMail.MultipartSigned(protocol, RawMail.Entity, RawMail.SignaturePart(signature)));
    }

    [Theory]
    [InlineData("application/pkcs7-signature")]
    [InlineData("application/x-pkcs7-signature; name=\"smime.p7s\"")]
    [InlineData("application/octet-stream; name=SMIME.P7S")]
    [InlineData("application/octet-stream\r\nContent-Disposition: attachment; filename=smime.p7s")]
    [InlineData("application/octet-stream; name=a.dat\r\nContent-Disposition: attachment; filename*=utf-8''smime.P7s")]
    [Trait("Requirement", "R3851-3.2-e")]
    public async Task Open_SignaturePartOfAnyType_IsValid(string type)
    {
        byte[] signature = await RawMail.SignAsync(RawMail.Bytes(RawMail.Entity), detached: true);
        string part = $"Content-Type: {type}\r\nContent-Transfer-Encoding: base64\r\n\r\n{RawMail.Base64(signature)}";
        await RawMail.AssertValidAsync(RawMail.Header + RawMail.MultipartSigned("", RawMail.Entity, part));
    }

    [Fact]
    [Trait("Requirement", "R1847-2.1-b")]
    public async Task Open_StoredWithLfOnly_IsValid()
    {
        string mail = RawMail.Header + await RawMail.ClearSignedAsync();
        await RawMail.AssertValidAsync(
            mail.Replace("\r\n", "\n", StringComparison.Ordinal), RawMail.Entity.Replace("\r\n", "\n", StringComparison.Ordinal), "canonicalized");
    }

    [Fact]
    [Trait("Requirement", "R1847-2.1-b")]
    public async Task Open_MixedNewlines_IsValid()
    {
        string mixed = RawMail.Entity.Replace("written.\r\n", "written.\n", StringComparison.Ordinal);
        string mail = RawMail.Header + (await RawMail.ClearSignedAsync()).Replace(RawMail.Entity, mixed, StringComparison.Ordinal);
        await RawMail.AssertValidAsync(mail, mixed, "canonicalized");
    }

    [Fact]
    [Trait("Requirement", "R3851-3.1.2-b")]
    public async Task Open_SignedWithBareLf_IsValidAsSigned()
    {
        // AS2 partners sign binary content without canonicalisation.
        const string Binary = "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\na\nb\r\nc\rd\0e";
        await RawMail.AssertValidAsync(RawMail.Header + await RawMail.ClearSignedAsync(Binary), Binary);
    }

    [Theory]
    [InlineData("Content-Type: text/plain\r\n\r\nno newline at the end")]
    [InlineData("Content-Type: text/plain\r\n\r\n\r\nblank lines\r\n\r\n\r\n")]
    [InlineData("Content-Type: text/plain\r\n\r\n")]
    [InlineData("\r\nno header at all\r\n")]
    [InlineData("Content-Type: text/plain;\r\n\tcharset=utf-8 (odd)\r\nX-Odd:   spaces   \r\n\r\nblanks   \r\n\t\r\n")]
    [InlineData("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nÃ¤Ã¶Ã¼ \r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n--b  \r\n\r\none\r\n--b\r\nContent-Type: text/plain\r\n\r\ntwo\r\n--b--\r\nepilogue")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nwithout an end\r\n")]
    [InlineData("Content-Type: message/rfc822\r\n\r\nFrom: eve@example.com\r\nSubject: inner\r\n\r\ninner text\r\n")]
    [Trait("Requirement", "R1847-2.1-a")]
    [Trait("Requirement", "R3851-3.1.1-f")]
    public async Task Open_AnySignedOctets_AreVerifiedAsTheyStand(string entity) =>
        await RawMail.AssertValidAsync(RawMail.Header + await RawMail.ClearSignedAsync(entity), entity);

    [Fact]
    public async Task Open_PreambleAndEpilogue_AreNeitherSignedNorShown()
    {
        string mail = RawMail.Header + (await RawMail.ClearSignedAsync())
            .Replace($"\r\n\r\n--{RawMail.Boundary}\r\nContent-Type: text", $"\r\n\r\nPay Eve.\r\n--{RawMail.Boundary}\r\nContent-Type: text", StringComparison.Ordinal)
            + "\r\nContent-Type: text/html\r\n\r\nPay Mallory.\r\n";
        Assert.Contains("Pay Eve", mail, StringComparison.Ordinal);
        await RawMail.AssertValidAsync(mail);
    }

    [Fact]
    [Trait("Requirement", "R3851-3.4.3.3-a")]
    public async Task Open_SampleEntityOfTheRfc_DigestsSixtyOneOctets()
    {
        const string Sample = "Content-Type: text/plain\r\n\r\nThis is a clear-signed message.\r\n";
        (SmimeReport report, _) = await RawMail.OpenAsync(RawMail.Header + await RawMail.ClearSignedAsync(Sample));
        Assert.Equal(61, Assert.Single(report.Layers).SignedData!.ContentLength);
        Assert.Equal(61, report.ContentLength);
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "R3851-3.4.3.2-f")]
    public async Task Open_LargeContentWithLyingMicalg_NeedsASeekableInput(bool seekable)
    {
        string entity = "Content-Type: text/plain\r\n\r\n" + string.Concat(Enumerable.Repeat("0123456789abcdef0123456789abcdef\r\n", 60_000));
        byte[] signature = await RawMail.SignAsync(RawMail.Bytes(entity), detached: true, digest: Certificates.DigestAlgorithm.Sha512);
        byte[] mail = RawMail.Bytes(RawMail.Header + RawMail.MultipartSigned(
            "; protocol=\"application/pkcs7-signature\"; micalg=sha-256", entity, RawMail.SignaturePart(signature)));
        var behind = new MemoryStream([1, 2, 3, .. mail]) { Position = 3 };
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(seekable ? behind : DribblingStream.InChunks(mail, 100_000));
        Assert.Equal(entity, RawMail.Text(content));
        Assert.Equal(seekable ? MessageOutcome.Valid : MessageOutcome.Indeterminate, report.Outcome);
        Assert.Equal(["micalg-mismatch"], report.Warnings);
        Assert.Equal(behind.Length, seekable ? behind.Position : behind.Length);
    }

    [Fact]
    public async Task Open_LargeContentWithMicalgOfSha1_IsValidWithoutSeeking()
    {
        string entity = "Content-Type: text/plain\r\n\r\n" + string.Concat(Enumerable.Repeat("0123456789abcdef0123456789abcdef\r\n", 60_000));
        byte[] signature = await RawMail.SignAsync(RawMail.Bytes(entity), detached: true);
        byte[] mail = RawMail.Bytes(RawMail.Header + RawMail.MultipartSigned(
            "; protocol=\"application/pkcs7-signature\"; micalg=sha-1", entity, RawMail.SignaturePart(signature)));
        (SmimeReport report, _) = await RawMail.OpenAsync(DribblingStream.InChunks(mail, 100_000));
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
    }
}
