using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Tests.Enveloped;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;
using TestIdentity = SmimeKit.Cms.Tests.Enveloped.TestIdentity;

namespace SmimeKit.Cms.Tests.Authenticated;

/// <summary>Recipients of AuthenticatedData that come and go while content and MAC stay as they are.</summary>
public sealed class RecipientEditingTests
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(100_000);
    private static readonly KeyEncryptionKey _kek = new(new byte[] { 1, 2 }, new byte[32]);
    private static readonly KeyEncryptionKey _padded = new(KeyWrapAlgorithm.Aes256Padded, new byte[] { 3 }, new byte[32]);
    private static readonly RecipientPassword _password = new("a password of several words");

    private static readonly string[] _kinds = ["ktri", "kari", "kekri", "kekri-pad", "pwri", "kem", "rsa-kem"];

    public static TheoryData<string, bool, bool> Macs { get; } = new(
        from mac in MacAlgorithm.BuiltIn
        from attributes in new[] { false, true }
        from definite in new[] { false, true }
        select (mac.Name, attributes, definite));

    public static TheoryData<string, string> Pairs { get; } = new(
        from kind in _kinds
        from mac in new[] { "HMAC-SHA-256", "HMAC-SHA-1", "HMAC-SHA-224" }
        select (kind, mac));

    [Theory]
    [MemberData(nameof(Macs))]
    [Trait("Requirement", "R3369-9.2-a")]
    [Trait("Requirement", "R3369-9.2-b")]
    public void Recipients_OfEveryKind_AreAddedAndTheMacStays(string mac, bool attributes, bool definite)
    {
        byte[] message = Write(mac, attributes, definite, Recipient("ktri"));
        string[] kinds = [.. _kinds.Where(k => k != "kekri" || FitsAesKeyWrap(mac))];
        byte[] edited = Edit(message, new RecipientEdits { Added = [.. kinds.Skip(1).Select(Recipient)], Keys = Keys("ktri") });
        Assert.Equal(Tail(message), Tail(edited));
        Assert.Equal(definite, edited[1] != 0x80);
        foreach (string kind in kinds)
        {
            (byte[] content, AuthenticatedDataReport report) = Read(edited, kind);
            Assert.Equal(_content, content);
            Assert.Empty(report.Deviations);
            Assert.Equal(OriginEvidence.None, report.Origin);
        }
    }

    [Theory]
    [InlineData("HMAC-SHA-1")]
    [InlineData("HMAC-SHA-224")]
    [Trait("Kind", "negative")]
    public void Recipient_WhoseKeyWrapDoesNotTakeTheKey_IsNotAdded(string mac)
    {
        // An RSA key transports keys of 20 and 28 octets; RFC 3394 wraps multiples of 8.
        byte[] message = Write(mac, attributes: true, definite: true, Recipient("ktri"));
        Assert.Throws<ArgumentException>(() => Edit(message, new RecipientEdits { Added = [Recipient("kekri")], Keys = Keys("ktri") }));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Key_IsRecoveredFromEveryKind(string kind, string mac)
    {
        byte[] message = Write(mac, attributes: true, definite: true, Recipient(kind));
        Assert.Equal(_content, Read(message, kind).Content);
        byte[] edited = Edit(message, new RecipientEdits { Added = [Envelope.For(TestIdentity.P384)], Keys = Keys(kind) });
        Assert.Equal(_content, AuthenticatedMessage.Read(edited, TestIdentity.P384).Content);
        Assert.Equal(_content, Read(edited, kind).Content);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Recipients_AreRemovedAndReadNoMore(bool definite)
    {
        byte[] message = Write("HMAC-SHA-256", attributes: true, definite, [.. _kinds.Select(Recipient)]);
        byte[] edited = Edit(message, new RecipientEdits { Removes = r => r.Kind != RecipientKind.KeyTransport });
        Assert.Equal(Tail(message), Tail(edited));
        Assert.Equal(_content, Read(edited, "ktri").Content);
        Assert.Throws<NoMatchingRecipientException>(() => Read(edited, "kari"));
        Assert.Throws<TransformException>(() => Edit(edited, new RecipientEdits { Removes = _ => true }));
        Assert.Equal(message, Edit(message, new RecipientEdits()));
    }

    [Fact]
    [Trait("Requirement", "R3369-9.1-a")]
    public void Version_IsThatOfTheTable()
    {
        byte[] attributeCertificate = Asn.Tagged(0xA2, Asn.Number(1));
        foreach ((CarriedCertificates originator, int version) in new[]
        {
            (CarriedCertificates.None, 0),
            (new CarriedCertificates { Certificates = [TestIdentity.P256.Certificate] }, 0),
            (new CarriedCertificates { OtherCertificates = [attributeCertificate] }, 1),
        })
        {
            byte[] message = AuthenticatedMessage.Write(_content, AuthenticatedMessage.For(TestIdentity.Rsa) with { Originator = originator });
            byte[] edited = Edit(message, new RecipientEdits { Added = [Recipient("pwri")], Keys = Keys("ktri") });
            using AuthenticatedDataReader reader = AuthenticatedDataReader.Open(new MemoryStream(edited));
            Assert.Equal(version, reader.Version); // a password recipient raises that of EnvelopedData, not this one
            Assert.Equal(originator.Certificates.Count, reader.Originator.Certificates.Count);
        }

        RawAuthenticated wrong = RawAuthenticated.To(TestIdentity.Rsa);
        wrong.Version = 3;
        Assert.Empty(AuthenticatedMessage.Read(Edit(wrong.Encode(), new RecipientEdits()), TestIdentity.Rsa).Report.Deviations);
    }

    [Fact]
    public void Message_Detached_StaysDetached()
    {
        byte[] message = AuthenticatedMessage.Write(_content, AuthenticatedMessage.For(TestIdentity.Rsa) with { IsDetached = true });
        byte[] edited = Edit(message, new RecipientEdits { Added = [Recipient("kari")], Keys = Keys("ktri") });
        (_, AuthenticatedDataReport report) = AuthenticatedMessage.Read(edited, TestIdentity.P256, detached: _content);
        Assert.True(report.IsDetached);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Recipient_IsNotAddedWithoutAKeyOrAgainstThePolicy()
    {
        byte[] message = Write("HMAC-SHA-1", attributes: true, definite: true, Recipient("kekri"));
        RecipientEdits edits = new() { Added = [Recipient("kari")], Keys = Keys("kekri") };
        var wrong = new KeyEncryptionKey(new byte[] { 1, 2 }, RandomNumberGenerator.GetBytes(32));
        Assert.Throws<NoMatchingRecipientException>(() => Edit(message, edits with { Keys = Keys("kari") }));
        Assert.Throws<DecryptionFailedException>(() => Edit(message, edits with { Keys = new RecipientKeys { KeyEncryptionKeys = [wrong] } }));
        Assert.Throws<PolicyViolationException>(() => RecipientEditor.Apply(
            new MemoryStream(message), Stream.Null, edits, new CmsReaderOptions { Policy = CmsPolicy.Strict }));

        RawAuthenticated unknown = RawAuthenticated.To(TestIdentity.Rsa);
        unknown.MacAlgorithm = Asn.Algorithm("1.2.3");
        Assert.Throws<UnsupportedAlgorithmException>(() => Edit(unknown.Encode(), edits with { Keys = Keys("ktri") }));
        Assert.Equal(unknown.Encode(), Edit(unknown.Encode(), new RecipientEdits())); // who adds nobody needs no MAC
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Message_CutOrWithAnyOctetChanged_IsNeverAuthenticAsSomethingElse()
    {
        byte[] content = [1, 2, 3];
        byte[] whole = AuthenticatedMessage.Write(content, new() { Recipients = [Recipient("kekri"), Recipient("kari")] });
        RecipientEdits edits = new() { Removes = r => r.Kind == RecipientKind.KeyAgreement, Added = [Recipient("kekri-pad")], Keys = Keys("kekri") };
        Assert.Equal(content, Read(Edit(whole, edits), "kekri-pad").Content);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] cut = whole[..at];
            Assert.Throws<MalformedDataException>(() => Edit(cut, edits));
            byte[] changed = [.. whole];
            changed[at] ^= (byte)(1 << (at % 8));
            try
            {
                Assert.Equal(content, Read(Edit(changed, edits), "kekri-pad").Content);
            }
            catch (SmimeKitException)
            {
                continue;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_InSmallPieces_IsEditedAlike(bool definite)
    {
        byte[] message = Write("AES-256-GMAC", attributes: false, definite, Recipient("ktri"), Recipient("kari"));
        RecipientEdits edits = new() { Removes = r => r.Kind == RecipientKind.KeyAgreement };
        byte[] expected = Edit(message, edits);
        foreach (int size in new[] { 1, 7, 1000 })
        {
            var output = new MemoryStream();
            await RecipientEditor.ApplyAsync(
                DribblingStream.InChunks(message, size), output, edits, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(expected, output.ToArray());
        }
    }

    private static bool FitsAesKeyWrap(string mac) => MacAlgorithm.BuiltIn.Single(m => m.Name == mac).KeySize % 8 == 0;

    private static EnvelopeRecipient Recipient(string kind) => kind switch
    {
        "ktri" => Envelope.For(TestIdentity.Rsa),
        "rsa-kem" => Envelope.For(TestIdentity.OtherRsa) with { EncapsulatesKey = true },
        "kari" => Envelope.For(TestIdentity.P256),
        "kekri" => new KeyEncryptionKeyRecipient(_kek),
        "kekri-pad" => new KeyEncryptionKeyRecipient(_padded),
        "pwri" => new PasswordRecipient(_password) { Iterations = 10 },
        _ => new CertificateRecipient(KemIdentity.MLKem768.Certificate),
    };

    private static RecipientKeys Keys(string kind) => kind switch
    {
        "ktri" => new RecipientKeys { PrivateKeys = [TestIdentity.Rsa.Key] },
        "rsa-kem" => new RecipientKeys { PrivateKeys = [TestIdentity.OtherRsa.Key] },
        "kari" => new RecipientKeys { PrivateKeys = [TestIdentity.P256.Key] },
        "kekri" => new RecipientKeys { KeyEncryptionKeys = [_kek] },
        "kekri-pad" => new RecipientKeys { KeyEncryptionKeys = [_padded] },
        "pwri" => new RecipientKeys { Passwords = [_password] },
        _ => new RecipientKeys { PrivateKeys = [KemIdentity.MLKem768.Open()] },
    };

    private static byte[] Write(string mac, bool attributes, bool definite, params EnvelopeRecipient[] recipients) => AuthenticatedMessage.Write(
        _content,
        new AuthenticatedDataWriterOptions
        {
            Recipients = recipients,
            Algorithm = MacAlgorithm.BuiltIn.Single(m => m.Name == mac),
            Digest = attributes ? DigestAlgorithm.Sha256 : null,
            ContentLength = definite ? _content.Length : null,
        });

    private static (byte[] Content, AuthenticatedDataReport Report) Read(byte[] message, string kind)
    {
        using AuthenticatedDataReader reader = AuthenticatedDataReader.Open(new MemoryStream(message));
        reader.Authenticate(Keys(kind), AuthenticatedMessage.Now);
        var content = new MemoryStream();
        reader.Content.CopyTo(content);
        return (content.ToArray(), reader.Complete());
    }

    private static byte[] Edit(byte[] message, RecipientEdits edits)
    {
        var output = new MemoryStream();
        RecipientEditor.Apply(new MemoryStream(message), output, edits);
        return output.ToArray();
    }

    // From macAlgorithm on, not one octet differs.
    private static byte[] Tail(byte[] message)
    {
        AsnReader outer = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
        outer.ReadObjectIdentifier();
        AsnReader fields = outer.ReadSequence(Der.Context(0)).ReadSequence();
        fields.ReadEncodedValue();
        fields.ReadEncodedValue();
        var tail = new MemoryStream();
        while (fields.HasData)
        {
            tail.Write(fields.ReadEncodedValue().Span);
        }

        return tail.ToArray();
    }
}
