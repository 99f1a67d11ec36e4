using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Recipients by a password: pwri.</summary>
public sealed class PasswordRecipientTests
{
    private const string Password = "correct horse — Æther battery";
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(10_000);
    private static readonly byte[] _salt = [1, 2, 3, 4, 5, 6, 7, 8];

    public static TheoryData<string> Ciphers => [.. ContentEncryptionAlgorithm.BuiltIn.Where(a => CmsPolicy.Default.FindContentEncryptionObjection(a.Oid, Envelope.Now) is null).Select(a => a.Name)];

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R3369-6.2.4-a")]
    [Trait("Requirement", "R3370-4.4.1-f")]
    public static void Message_ForAPassword_IsReadWithIt(string cipher)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        using RecipientPassword password = new(Password);
        foreach (KeyWrapAlgorithm? wrap in new[] { null, KeyWrapAlgorithm.Suitable(algorithm.KeySize), KeyWrapAlgorithm.Camellia256 })
        {
            byte[] message = Envelope.Seal(_content, algorithm, Fast(password) with { KeyWrap = wrap });

            Envelope.Opened opened = Open(message, Password);

            Assert.Equal(_content, opened.Content);
            Assert.Empty(opened.Report.Deviations);
            Assert.Empty(opened.Report.Weaknesses);
            Assert.Equal(RecipientKind.Password, opened.Report.Recipient.Kind);
            Assert.Equal(wrap?.Oid ?? Oids.PwriKek, opened.Report.Recipient.KeyEncryptionAlgorithm!.Oid);
        }
    }

    [Theory]
    [InlineData("sha-1", "")]
    [InlineData("sha-224", "300C06082A864886F70D02080500")]
    [InlineData("sha-256", "300C06082A864886F70D02090500")]
    [InlineData("sha-384", "300C06082A864886F70D020A0500")]
    [InlineData("sha-512", "300C06082A864886F70D020B0500")]
    [Trait("Requirement", "R8018-A.2-a")]
    [Trait("Requirement", "R3370-4.4.1-a")]
    [Trait("Requirement", "R3370-4.4.1-c")]
    public static void Derivation_WithEachDigest_IsWrittenAsItsProductionSays(string digest, string prf)
    {
        using RecipientPassword password = new(Password);
        byte[] message = Envelope.Seal(
            _content,
            ContentEncryptionAlgorithm.Aes128Cbc,
            Fast(password) with { DerivationDigest = DigestAlgorithm.FindByMicalg(digest)!, Iterations = 1000 });

        Envelope.Opened opened = Open(message, Password);

        AlgorithmIdentifier derivation = opened.Report.Recipient.KeyDerivationAlgorithm!;
        string parameters = Convert.ToHexString(derivation.Parameters.Span);
        Assert.Equal(Oids.Pbkdf2, derivation.Oid);
        Assert.StartsWith(prf.Length == 0 ? "30160410" : "30240410", parameters, StringComparison.Ordinal);
        Assert.EndsWith("020203E8" + prf, parameters, StringComparison.Ordinal);
        Assert.Equal(_content, opened.Content);
    }

    [Fact]
    [Trait("Requirement", "R3370-4.4.1-e")]
    [Trait("Requirement", "R8018-4-a")]
    [Trait("Requirement", "R3369-6.1-b")]
    public static void Defaults_AreASaltOfSixteenOctetsAndManyIterations()
    {
        using RecipientPassword password = new(Password);
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Cbc, new PasswordRecipient(password));

        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));
        RecipientInfo recipient = Assert.Single(reader.Recipients);

        Assert.Equal(3, reader.Version);
        Assert.Equal(0, recipient.Version);
        Assert.Equal(0xA3, recipient.RawData.Span[0]);
        Assert.EndsWith("0203" + "0927C0" + "300C06082A864886F70D02090500", Convert.ToHexString(recipient.KeyDerivationAlgorithm!.Parameters.Span), StringComparison.Ordinal);
        Assert.Equal(_content, Open(message, Password).Content);
    }

    [Fact]
    [Trait("Kind", "negative")]
    [Trait("Requirement", "R3211-2.3.2-a")]
    public static void Password_ThatIsWrong_FailsLikeEverythingElse()
    {
        using RecipientPassword password = new(Password);
        foreach (ContentEncryptionAlgorithm algorithm in new[] { ContentEncryptionAlgorithm.Aes256Cbc, ContentEncryptionAlgorithm.Aes256Gcm })
        {
            byte[] message = Envelope.Seal(_content, algorithm, Fast(password));

            Assert.Throws<DecryptionFailedException>(() => Open(message, Password + "!"));
            Assert.Throws<DecryptionFailedException>(() => Open(message, ""));
            Assert.Throws<NoMatchingRecipientException>(() => Envelope.Open(message, TestIdentity.Rsa));
        }
    }

    [Fact]
    public static void Passwords_AreAllTriedWithAllEntries()
    {
        using RecipientPassword first = new("first");
        using RecipientPassword second = new("second");
        using RecipientPassword wrong = new("wrong");
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, Fast(first), Fast(second));

        Assert.Equal(_content, Envelope.Open(message, new RecipientKeys { Passwords = [wrong, second] }).Content);
        Assert.Equal(_content, Envelope.Open(message, new RecipientKeys { Passwords = [first] }).Content);
        Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message, new RecipientKeys { Passwords = [wrong] }));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2.4-b")]
    public static void KeyFromElsewhere_IsUsedWithoutDerivation()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        using RecipientPassword key = RecipientPassword.FromKeyEncryptionKey(secret);
        using RecipientPassword password = RecipientPassword.FromOctets(secret);
        using RecipientPassword shorter = RecipientPassword.FromKeyEncryptionKey(secret.AsSpan(16));
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, new PasswordRecipient(key));

        Envelope.Opened opened = Envelope.Open(message, new RecipientKeys { Passwords = [password, key] });

        Assert.Equal(_content, opened.Content);
        Assert.Null(opened.Report.Recipient.KeyDerivationAlgorithm);
        Assert.Throws<NoMatchingRecipientException>(() => Envelope.Open(message, new RecipientKeys { Passwords = [password] }));
        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message, new RecipientKeys { Passwords = [shorter] }));
        Assert.Throws<ArgumentException>(() => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, new PasswordRecipient(shorter)));
    }

    [Fact]
    [Trait("Requirement", "R3211-2.3.1-a")]
    [Trait("Policy", "legacy")]
    public static void TripleDes_IsWrittenAndReadUnderTheLegacyPolicyOnlyAndReported()
    {
        using RecipientPassword password = new(Password);
        var options = new EnvelopedDataWriterOptions
        {
            Recipients = [Fast(password) with { WrapCipher = ContentEncryptionAlgorithm.TripleDesCbc }],
            Algorithm = ContentEncryptionAlgorithm.Aes128Cbc,
            Policy = CmsPolicy.Legacy,
        };
        byte[] message = Envelope.Seal(_content, options);

        Assert.Equal(["weak-key-wrap"], Open(message, Password, Envelope.Legacy).Report.Weaknesses);
        Assert.Throws<PolicyViolationException>(() => Open(message, Password));
        Assert.Throws<PolicyViolationException>(() => Envelope.Seal(_content, options with { Policy = CmsPolicy.Default }));
    }

    [Fact]
    [Trait("Requirement", "R3211-2.2-a")]
    public static void WrapCipher_ThatIsAStreamOrTooWeak_IsRefused()
    {
        using RecipientPassword password = new(Password);
        Assert.Throws<ArgumentException>(() => Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes128Cbc, Fast(password) with { WrapCipher = ContentEncryptionAlgorithm.Aes256Gcm }));
        Assert.Throws<ArgumentException>(() => Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes256Cbc, Fast(password) with { WrapCipher = ContentEncryptionAlgorithm.Aes128Cbc }));
        Assert.Throws<ArgumentException>(() => Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes256Cbc, Fast(password) with { WrapCipher = ContentEncryptionAlgorithm.Aes256Cbc, KeyWrap = KeyWrapAlgorithm.Aes256 }));
    }

    [Fact]
    public static void Recipient_WithoutPasswordIterationsOrKnownDigest_IsRefused()
    {
        using RecipientPassword password = new(Password);
        using RecipientPassword empty = new("");
        Assert.Throws<ArgumentException>(() => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Cbc, Fast(empty)));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Cbc, Fast(password) with { Iterations = 0 }));
        Assert.Throws<UnsupportedAlgorithmException>(
            () => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Cbc, Fast(password) with { DerivationDigest = DigestAlgorithm.Md5 }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("300C06082A864886F70D02070500")]
    [InlineData("300A06082A864886F70D0207")]
    [InlineData("300C06082B060105050801020500")]
    [InlineData("300A06082B06010505080102")]
    [Trait("Requirement", "R3370-4.4.1-c")]
    public static void Prf_OfSha1InEachEncoding_DerivesTheSameKey(string prf)
    {
        byte[] message = Raw(Derivation(prf: prf));
        Assert.Equal(RawEnvelope.DefaultContent, Open(message, Password).Content);
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(5, false)]
    [InlineData(16, false)]
    [Trait("Requirement", "R3370-4.4.1-d")]
    public static void KeyLength_MustBeThatOfTheWrap(int length, bool isGood)
    {
        byte[] message = Raw(Derivation(keyLength: length));
        if (isGood)
        {
            Assert.Equal(RawEnvelope.DefaultContent, Open(message, Password).Content);
        }
        else
        {
            Assert.Throws<MalformedDataException>(() => Open(message, Password));
        }
    }

    [Theory]
    [InlineData("02047FFFFFFF")]
    [InlineData("02050080000000")]
    [InlineData("0204FFFFFFFF")]
    [InlineData("020100")]
    [InlineData("0209FFFFFFFFFFFFFFFFFF")]
    [InlineData("02110100000000000000000000000000000000")]
    [Trait("Kind", "negative")]
    [Trait("Requirement", "R3370-4.4.1-d")]
    [Trait("Requirement", "R8018-5.2-a")]
    public static void Iterations_BeyondReason_AreRefusedAtOnce(string iterations)
    {
        byte[] message = Raw(Derivation(iterations: iterations));
        SmimeKitException e = Assert.ThrowsAny<SmimeKitException>(() => Open(message, Password));
        Assert.True(e is LimitExceededException or MalformedDataException or NoMatchingRecipientException, e.GetType().Name);
    }

    [Fact]
    [Trait("Requirement", "R8018-5.2-a")]
    public static void Iterations_OfAllEntriesTogether_AreLimitedAndTheFirstStillRead()
    {
        using RecipientPassword password = new(Password);
        PasswordRecipient recipient = new(password) { Iterations = 1000 };
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, recipient, recipient, recipient);
        CmsReaderOptions Limited(long iterations) => new() { Limits = CmsLimits.Default with { MaxPasswordIterations = iterations } };

        Assert.Equal(_content, Open(message, Password, Limited(1000)).Content);
        LimitExceededException e = Assert.Throws<LimitExceededException>(() => Open(message, Password, Limited(999)));
        Assert.Contains("MaxPasswordIterations", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R3370-4.4.1-b")]
    [Trait("Kind", "negative")]
    public static void Salt_FromAnotherSourceOrWithoutEnd_IsRefused()
    {
        Assert.Throws<UnsupportedAlgorithmException>(() => Open(Raw(Derivation(salt: "300506032A0304")), Password));
        Assert.Throws<LimitExceededException>(() => Open(Raw(Derivation(salt: "04820401" + new string('0', 2 * 1025))), Password));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2-d")]
    public static void Algorithms_ThatAreUnknown_AreSkipped()
    {
        using RecipientPassword password = new(Password);
        var raw = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc);
        PasswordRecipientInfoAsn good = Describe(raw.Key, Derivation());
        byte[][] odd =
        [
            RawEnvelope.Encode((good with { KeyDerivationAlgorithm = new AlgorithmIdentifier("1.2.3") }).Encode),
            RawEnvelope.Encode((good with { KeyEncryptionAlgorithm = new AlgorithmIdentifier("1.2.3") }).Encode),
            RawEnvelope.Encode((good with { KeyEncryptionAlgorithm = new AlgorithmIdentifier(Oids.PwriKek) }).Encode),
            RawEnvelope.Encode((good with { KeyEncryptionAlgorithm = new AlgorithmIdentifier(Oids.PwriKek, new AlgorithmIdentifier(Oids.Aes256Gcm).Encode()) }).Encode),
            RawEnvelope.Encode((good with { KeyDerivationAlgorithm = Derivation(prf: "300506032A0304") }).Encode),
            RawEnvelope.Encode((good with { Version = 9 }).Encode),
            [0xA3, 0x03, 0x02, 0x01, 0x00],
        ];

        Assert.Equal(RawEnvelope.DefaultContent, Open(raw.To([.. odd, RawEnvelope.Encode(good.Encode)]).Encode(), Password).Content);
        foreach (byte[] entry in odd[..5])
        {
            Assert.Throws<UnsupportedAlgorithmException>(
                () => Open(RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc).To(entry).Encode(), Password));
        }
    }

    [Fact]
    public static void Password_ThatIsDisposed_IsRefused()
    {
        RecipientPassword password = new(Password);
        password.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, Fast(password)));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2.4-a")]
    public static void OpenSslMessage_OfTheCollection_IsRead() =>
        Assert.Equal(Vectors.Read("peer-openssl/content.txt"), Open(Envelope.ReadVector("peer-openssl/enc-pwri.der"), "correct-horse").Content);

    [Theory]
    [InlineData("aes128")]
    [InlineData("aes192")]
    [InlineData("aes256")]
    [Trait("Requirement", "R3370-4.4.1-f")]
    public static void MessageOfOpenSsl_IsRead(string cipher)
    {
        byte[] message = Peer.OpenSsl.Run(
            ["cms", "-encrypt", "-binary", "-outform", "DER", "-" + cipher, "-pwri_password", Password], _content).Succeeded();

        Envelope.Opened opened = Open(message, Password);

        Assert.Equal(_content, opened.Content);
        Assert.Empty(opened.Report.Weaknesses);
        Assert.Empty(opened.Report.Deviations);
    }

    [Theory]
    [InlineData("sha-1", "AES-128-CBC")]
    [InlineData("sha-224", "AES-192-CBC")]
    [InlineData("sha-256", "AES-256-CBC")]
    [InlineData("sha-384", "AES-128-GCM")]
    [InlineData("sha-512", "AES-256-GCM")]
    [Trait("Requirement", "R3370-4.4.1-f")]
    [Trait("Matrix", "pwri-sha224")]
    public static void MessageForOpenSsl_IsRead(string digest, string cipher)
    {
        using RecipientPassword password = new(Password);
        byte[] message = Envelope.Seal(
            _content,
            ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher),
            Envelope.For(TestIdentity.Rsa),
            Fast(password) with { DerivationDigest = DigestAlgorithm.FindByMicalg(digest)! });

        Assert.Equal(_content, Peer.OpenSsl.Run(["cms", "-decrypt", "-binary", "-inform", "DER", "-pwri_password", Password], message).Succeeded());
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2-b")]
    [Trait("Requirement", "R3369-6.2-h")]
    public static void Message_WithFourKinds_IsReadByEachHereAndByOpenSsl()
    {
        using RecipientPassword password = new(Password);
        using var key = new KeyEncryptionKey(new byte[] { 1 }, new byte[32]);
        byte[] message = Envelope.Seal(
            _content,
            ContentEncryptionAlgorithm.Aes256Cbc,
            Envelope.For(TestIdentity.Rsa),
            Envelope.For(TestIdentity.P256),
            new KeyEncryptionKeyRecipient(key),
            Fast(password));

        Assert.Equal(_content, Envelope.Open(message, TestIdentity.Rsa).Content);
        Assert.Equal(_content, Envelope.Open(message, TestIdentity.P256).Content);
        Assert.Equal(_content, Envelope.Open(message, new RecipientKeys { KeyEncryptionKeys = [key] }).Content);
        Assert.Equal(_content, Open(message, Password).Content);
        string hex = new('0', 64);
        foreach (string[] way in new string[][] { ["-pwri_password", Password], ["-secretkey", hex, "-secretkeyid", "01"] })
        {
            Assert.Equal(_content, Peer.OpenSsl.Run(["cms", "-decrypt", "-binary", "-inform", "DER", .. way], message).Succeeded());
        }
    }

    private static PasswordRecipient Fast(RecipientPassword password) => new(password) { Iterations = 10 };

    private static Envelope.Opened Open(byte[] message, string text, CmsReaderOptions? options = null)
    {
        using RecipientPassword password = new(text);
        return Envelope.Open(message, new RecipientKeys { Passwords = [password] }, options);
    }

    private static AlgorithmIdentifier Derivation(string? salt = null, string iterations = "020105", int? keyLength = null, string prf = "")
    {
        byte[] fields = Convert.FromHexString(
            (salt ?? "0408" + Convert.ToHexString(_salt)) + iterations + (keyLength is { } length ? $"0201{length:X2}" : "") + prf);
        var writer = new AsnWriter(AsnEncodingRules.BER);
        byte[] header = fields.Length < 128 ? [0x30, (byte)fields.Length] : [0x30, 0x82, (byte)(fields.Length >> 8), (byte)fields.Length];
        writer.WriteEncodedValue([.. header, .. fields]);
        return new AlgorithmIdentifier(Oids.Pbkdf2, writer.Encode());
    }

    private static byte[] Raw(AlgorithmIdentifier derivation)
    {
        var raw = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc);
        return raw.To(RawEnvelope.Encode(Describe(raw.Key, derivation).Encode)).Encode();
    }

    private static PasswordRecipientInfoAsn Describe(byte[] contentKey, AlgorithmIdentifier derivation)
    {
        byte[] kek = Rfc2898DeriveBytes.Pbkdf2(System.Text.Encoding.UTF8.GetBytes(Password), _salt, 5, HashAlgorithmName.SHA1, 32);
        PasswordKeyWrap wrap = PasswordKeyWrap.Create(PasswordKeyCipher.ForAes(32));
        return new PasswordRecipientInfoAsn
        {
            Version = 0,
            KeyDerivationAlgorithm = derivation,
            KeyEncryptionAlgorithm = wrap.Identifier,
            EncryptedKey = wrap.Wrap(kek, contentKey),
        };
    }
}
