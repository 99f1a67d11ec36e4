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
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Recipients that come, go and change while the ciphertext stays as it is.</summary>
public sealed class RecipientEditorTests : IDisposable
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(100_000);
    private static readonly KeyEncryptionKey _kek = new(new byte[] { 1, 2 }, new byte[32]);
    private static readonly RecipientPassword _password = new("a password of several words");

    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-").FullName;

    public static TheoryData<string, bool> Forms => new()
    {
        { "AES-256-CBC", false }, { "AES-256-CBC", true }, { "AES-256-GCM", false }, { "AES-256-GCM", true },
    };

    public static TheoryData<string> Kinds => ["ktri", "kari", "kekri", "pwri", "kem"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Forms))]
    public static void Recipients_OfEveryKind_AreAddedAndTheCiphertextStays(string cipher, bool definite)
    {
        byte[] message = Seal(cipher, definite, Envelope.For(TestIdentity.Rsa));
        foreach (string kind in Kinds.Select(k => (string)k))
        {
            byte[] edited = Edit(message, new RecipientEdits { Added = [Recipient(kind)], Keys = Keys("ktri") });

            Assert.Equal(_content, Envelope.Open(edited, Keys("ktri")).Content);
            Envelope.Opened opened = Envelope.Open(edited, Keys(kind == "ktri" ? "ktri2" : kind));
            Assert.Equal(_content, opened.Content);
            Assert.Empty(opened.Report.Deviations);
            AssertSameTail(message, edited);
            Assert.Equal(definite, IsDefinite(edited));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public static void Key_IsRecoveredFromEveryKind(string kind)
    {
        byte[] message = Seal("AES-256-GCM", true, Recipient(kind));
        byte[] edited = Edit(message, new RecipientEdits { Added = [Envelope.For(TestIdentity.P384)], Keys = Keys(kind == "ktri" ? "ktri2" : kind) });

        Assert.Equal(_content, Envelope.Open(edited, TestIdentity.P384).Content);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public static void Recipients_AreRemovedAndReadNoMore(string cipher, bool definite)
    {
        byte[] message = Seal(
            cipher, definite, Envelope.For(TestIdentity.Rsa), Envelope.For(TestIdentity.P256), new KeyEncryptionKeyRecipient(_kek), Fast());
        byte[] edited = Edit(message, new RecipientEdits
        {
            Removes = r => r.Kind is RecipientKind.KeyEncryptionKey or RecipientKind.Password or RecipientKind.KeyAgreement,
        });

        Assert.Equal(_content, Envelope.Open(edited, TestIdentity.Rsa).Content);

        // With indefinite lengths nobody knows whether unprotected attributes follow: the version may stay too high then.
        bool staysHigh = !definite && cipher == "AES-256-CBC";
        Assert.Equal(staysHigh ? ["version"] : [], Envelope.Open(edited, TestIdentity.Rsa).Report.Deviations);
        foreach (string kind in new[] { "kari", "kekri", "pwri" })
        {
            Assert.Throws<NoMatchingRecipientException>(() => Envelope.Open(edited, Keys(kind)));
        }

        AssertSameTail(message, edited);
    }

    [Fact]
    public static void Recipient_OfASharedKeyAgreement_IsRemovedAlone()
    {
        var second = TestIdentity.CreateEc(ECCurve.NamedCurves.nistP256);
        byte[] message = Envelope.Seal(_content, new EnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(TestIdentity.P256), Envelope.For(second), Envelope.For(TestIdentity.P384)],
            SharesEphemeralKeys = true,
        });
        int number = 0;
        byte[] edited = Edit(message, new RecipientEdits
        {
            Removes = r =>
            {
                number++;
                return r.Identifier!.Matches(TestIdentity.P256.Certificate);
            },
        });

        Assert.Equal(3, number);
        Assert.Equal(_content, Envelope.Open(edited, second).Content);
        Assert.Equal(_content, Envelope.Open(edited, TestIdentity.P384).Content);
        Assert.Throws<NoMatchingRecipientException>(() => Envelope.Open(edited, TestIdentity.P256));
    }

    [Fact]
    public static void Recipient_IsReplacedInOnePass()
    {
        byte[] message = Seal("AES-256-GCM", true, Envelope.For(TestIdentity.Rsa));
        byte[] edited = Edit(message, new RecipientEdits
        {
            Added = [Envelope.For(TestIdentity.OtherRsa)],
            Removes = _ => true,
            Keys = Keys("ktri"),
        });

        Assert.Equal(_content, Envelope.Open(edited, TestIdentity.OtherRsa).Content);
        Assert.Throws<NoMatchingRecipientException>(() => Envelope.Open(edited, TestIdentity.Rsa));
    }

    [Theory]
    [InlineData("ktri", 0)]
    [InlineData("ktri-ski", 2)]
    [InlineData("kari", 2)]
    [InlineData("kekri", 2)]
    [InlineData("pwri", 3)]
    [InlineData("kem", 3)]
    [InlineData("ktri kekri pwri", 3)]
    [InlineData("ktri kekri", 2)]
    [Trait("Requirement", "R3369-6.1-b")]
    public static void Version_IsThatOfTheTable(string kinds, int version)
    {
        foreach (bool definite in new[] { false, true })
        {
            byte[] written = Seal("AES-256-CBC", definite, [.. kinds.Split(' ').Select(Recipient)]);
            Assert.Equal(version, VersionOf(written));

            // The same recipients by way of an edit, once from version 0 and once from version 3.
            byte[] low = Seal("AES-256-CBC", definite, Envelope.For(TestIdentity.Rsa));
            byte[] high = Seal("AES-256-CBC", definite, Envelope.For(TestIdentity.Rsa), Fast());
            foreach (byte[] start in new[] { low, high })
            {
                byte[] edited = Edit(start, new RecipientEdits
                {
                    Added = [.. kinds.Split(' ').Select(Recipient)],
                    Removes = _ => true,
                    Keys = Keys("ktri"),
                });

                // Without definite lengths nobody knows whether unprotected attributes follow: the version may stay too high then.
                Assert.Equal(!definite && start == high ? Math.Max(version, 2) : version, VersionOf(edited));
            }
        }
    }

    [Fact]
    public static void Version_WithUnprotectedAttributes_StaysTwo()
    {
        foreach (long? length in new long?[] { null, _content.Length })
        {
            byte[] message = Envelope.Seal(_content, new EnvelopedDataWriterOptions
            {
                Recipients = [Envelope.For(TestIdentity.Rsa), Envelope.For(TestIdentity.OtherRsa)],
                ContentLength = length,
                UnprotectedAttributes = new CmsAttributes([new CmsAttribute("1.2.3.4", new byte[] { 5, 0 })]),
            });
            byte[] edited = Edit(message, new RecipientEdits { Removes = r => r.Identifier!.Matches(TestIdentity.OtherRsa.Certificate) });

            Assert.Equal(2, VersionOf(edited));
            Envelope.Opened opened = Envelope.Open(edited, TestIdentity.Rsa);
            Assert.Empty(opened.Report.Deviations);
            Assert.Single(opened.Report.UnprotectedAttributes);
        }
    }

    [Fact]
    public static void AuthenticatedAttributesAndOriginator_StayAsTheyAre()
    {
        byte[] message = Envelope.Seal(_content, new AuthEnvelopedDataWriterOptions
        {
            Recipients = [Envelope.For(TestIdentity.Rsa)],
            ContentType = "1.2.3.4.5",
            Originator = new CarriedCertificates { Certificates = [TestIdentity.P256.Certificate] },
            UnauthenticatedAttributes = new CmsAttributes([new CmsAttribute("1.2.3.4", new byte[] { 5, 0 })]),
        });
        byte[] edited = Edit(message, new RecipientEdits { Added = [Fast()], Keys = Keys("ktri") });

        Envelope.Opened opened = Envelope.Open(edited, Keys("pwri"));
        Assert.Equal(_content, opened.Content);
        Assert.True(opened.Report.IsAuthenticated);
        Assert.Single(opened.Report.AuthenticatedAttributes);
        Assert.Single(opened.Report.UnauthenticatedAttributes);
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(edited));
        Assert.Equal(TestIdentity.P256.Certificate, Assert.Single(reader.Originator.Certificates));
        Assert.Equal(0, reader.Version);
    }

    [Fact]
    public static void Entries_ThatCannotBeRead_AreKept()
    {
        var raw = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc);
        byte[] odd = [0xA7, 0x03, 0x02, 0x01, 0x00];
        byte[] message = raw.To(RawEnvelope.Transport(TestIdentity.Rsa, raw.Key), odd).Encode();
        byte[] edited = Edit(message, new RecipientEdits { Added = [Envelope.For(TestIdentity.P256)], Keys = Keys("ktri") });

        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(edited));
        Assert.Equal(odd, reader.Recipients.Single(r => r.Kind == RecipientKind.Unknown).RawData.ToArray());
        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(edited, TestIdentity.P256).Content);
    }

    [Fact]
    public static void NothingToChange_CopiesTheMessage()
    {
        byte[] definite = Seal("AES-256-GCM", true, Envelope.For(TestIdentity.Rsa));
        byte[] indefinite = Seal("AES-256-CBC", false, Envelope.For(TestIdentity.Rsa), Fast());

        Assert.Equal(definite, Edit(definite, new RecipientEdits()));
        Assert.Equal(indefinite, Edit(indefinite, new RecipientEdits()));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.1-e")]
    [Trait("Kind", "negative")]
    public static void LastRecipient_IsNotRemoved()
    {
        byte[] message = Seal("AES-256-CBC", true, Envelope.For(TestIdentity.Rsa));
        Assert.Throws<TransformException>(() => Edit(message, new RecipientEdits { Removes = _ => true }));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Recipient_IsNotAddedWithoutAKey()
    {
        byte[] message = Seal("AES-256-CBC", true, Envelope.For(TestIdentity.Rsa), Fast());
        using var wrong = new RecipientPassword("wrong");
        RecipientEdits edits = new() { Added = [Envelope.For(TestIdentity.P256)] };

        Assert.Throws<NoMatchingRecipientException>(() => Edit(message, edits));
        Assert.Throws<NoMatchingRecipientException>(() => Edit(message, edits with { Keys = Keys("kari") }));
        Assert.Throws<DecryptionFailedException>(() => Edit(message, edits with { Keys = new RecipientKeys { Passwords = [wrong] } }));
        Assert.Throws<ArgumentException>(() => Edit(message, edits with
        {
            Added = [Envelope.For(TestIdentity.P256) with { KeyTransport = new KeyTransportScheme.Pkcs1() }],
            Keys = Keys("ktri"),
        }));
    }

    [Fact]
    [Trait("Requirement", "R3565-6-a")]
    [Trait("Kind", "negative")]
    public static void Pkcs1_IsNotAddedBesideOaep()
    {
        CertificateRecipient oaep = Envelope.For(TestIdentity.Rsa) with
        {
            KeyTransport = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default),
        };
        byte[] message = Seal("AES-256-CBC", true, oaep);
        RecipientEdits edits = new() { Added = [Envelope.For(TestIdentity.OtherRsa)], Keys = Keys("ktri") };

        Assert.Throws<ArgumentException>(() => Edit(message, edits));
        byte[] replaced = Edit(message, edits with { Removes = _ => true });
        Assert.Equal(_content, Envelope.Open(replaced, TestIdentity.OtherRsa).Content);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Message_OfAnotherTypeOrWithTrailingBytes_IsRefused()
    {
        byte[] message = Seal("AES-256-CBC", true, Envelope.For(TestIdentity.Rsa));
        Assert.Throws<MalformedDataException>(() => Edit([.. message, 0], new RecipientEdits()));
        Assert.Throws<MalformedDataException>(() => Edit(Convert.FromHexString("300F06092A864886F70D010701A0020400"), new RecipientEdits()));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Message_CutAnywhere_IsMalformed()
    {
        byte[] whole = Envelope.Seal([1, 2, 3], ContentEncryptionAlgorithm.Aes256Gcm, Envelope.For(TestIdentity.P256), Fast());
        for (int size = 0; size < whole.Length; size++)
        {
            byte[] cut = whole[..size];
            Assert.Throws<MalformedDataException>(() => Edit(cut, new RecipientEdits { Removes = r => r.Kind == RecipientKind.Password }));
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Message_WithAnyOctetChanged_GivesAnAnswerOrATypedError()
    {
        byte[] whole = Envelope.Seal([1, 2, 3], ContentEncryptionAlgorithm.Aes256Gcm, Envelope.For(TestIdentity.P256), Fast());
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x81;
            try
            {
                Edit(changed, new RecipientEdits { Removes = r => r.Kind == RecipientKind.Password });
            }
            catch (SmimeKitException)
            {
            }
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Message_InSmallPieces_IsEditedAlike(string cipher, bool definite)
    {
        byte[] message = Seal(cipher, definite, Envelope.For(TestIdentity.Rsa), Envelope.For(TestIdentity.P256), Fast());
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

    [Theory]
    [MemberData(nameof(Forms))]
    public void OpenSsl_ReadsAsTheAddedRecipientAndNotAsTheRemovedOne(string cipher, bool definite)
    {
        byte[] message = Seal(cipher, definite, Envelope.For(TestIdentity.Rsa), Fast());
        byte[] edited = Edit(message, new RecipientEdits
        {
            Added = [Envelope.For(TestIdentity.P256), new KeyEncryptionKeyRecipient(_kek)],
            Removes = r => r.Kind == RecipientKind.Password,
            Keys = Keys("ktri"),
        });

        Assert.Equal(_content, Decrypt(edited, "-recip", PersonFile(TestIdentity.P256)).Succeeded());
        Assert.Equal(_content, Decrypt(edited, "-recip", PersonFile(TestIdentity.Rsa)).Succeeded());
        Assert.Equal(_content, Decrypt(edited, "-secretkey", new string('0', 64), "-secretkeyid", "0102").Succeeded());
        Assert.Equal(_content, Decrypt(message, "-pwri_password", "a password of several words").Succeeded());
        Assert.NotEqual(0, Decrypt(edited, "-pwri_password", "a password of several words").ExitCode);
    }

    [Fact]
    public void MessageOfOpenSsl_IsEdited()
    {
        foreach (string[] options in new string[][] { ["-aes256"], ["-aes256", "-stream"], ["-aes-256-gcm"], ["-aes-256-gcm", "-stream"] })
        {
            byte[] message = Peer.OpenSsl.Run(
                [
                    "cms", "-encrypt", "-binary", "-outform", "DER", .. options,
                    "-recip", PersonFile(TestIdentity.Rsa), "-recip", PersonFile(TestIdentity.P384),
                ],
                _content).Succeeded();
            byte[] edited = Edit(message, new RecipientEdits
            {
                Added = [Envelope.For(TestIdentity.P256)],
                Removes = r => r.Kind == RecipientKind.KeyTransport,
                Keys = Keys("ktri"),
            });

            Assert.Equal(_content, Envelope.Open(edited, TestIdentity.P256).Content);
            Assert.Equal(_content, Decrypt(edited, "-recip", PersonFile(TestIdentity.P256)).Succeeded());
            Assert.Equal(_content, Decrypt(edited, "-recip", PersonFile(TestIdentity.P384)).Succeeded());
            Assert.Throws<NoMatchingRecipientException>(() => Envelope.Open(edited, TestIdentity.Rsa));
            AssertSameTail(message, edited);
        }
    }

    private static EnvelopeRecipient Recipient(string kind) => kind switch
    {
        "ktri" => Envelope.For(TestIdentity.OtherRsa),
        "ktri-ski" => Envelope.For(TestIdentity.OtherRsa) with { BySubjectKeyIdentifier = true },
        "kari" => Envelope.For(TestIdentity.P256),
        "kekri" => new KeyEncryptionKeyRecipient(_kek),
        "pwri" => Fast(),
        _ => new CertificateRecipient(KemIdentity.MLKem768.Certificate),
    };

    private static RecipientKeys Keys(string kind) => kind switch
    {
        "ktri" => new RecipientKeys { PrivateKeys = [TestIdentity.Rsa.Key] },
        "ktri2" => new RecipientKeys { PrivateKeys = [TestIdentity.OtherRsa.Key] },
        "kari" => new RecipientKeys { PrivateKeys = [TestIdentity.P256.Key] },
        "kekri" => new RecipientKeys { KeyEncryptionKeys = [_kek] },
        "pwri" => new RecipientKeys { Passwords = [_password] },
        _ => new RecipientKeys { PrivateKeys = [KemIdentity.MLKem768.Open()] },
    };

    private static PasswordRecipient Fast() => new(_password) { Iterations = 10 };

    private static byte[] Seal(string cipher, bool definite, params EnvelopeRecipient[] recipients)
    {
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        long? length = definite ? _content.Length : null;
        return algorithm.IsAuthenticated
            ? Envelope.Seal(_content, new AuthEnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, ContentLength = length })
            : Envelope.Seal(_content, new EnvelopedDataWriterOptions { Recipients = recipients, Algorithm = algorithm, ContentLength = length });
    }

    private static byte[] Edit(byte[] message, RecipientEdits edits)
    {
        var output = new MemoryStream();
        RecipientEditor.Apply(new MemoryStream(message), output, edits);
        return output.ToArray();
    }

    private static int VersionOf(byte[] message)
    {
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));
        return reader.Version;
    }

    private static bool IsDefinite(byte[] message) => message[1] != 0x80;

    // From encryptedContentInfo on, not one octet differs.
    private static void AssertSameTail(byte[] before, byte[] after)
    {
        byte[] tail = Tail(before);
        Assert.True(tail.Length > _content.Length);
        Assert.Equal(tail, Tail(after));
    }

    private static byte[] Tail(byte[] message)
    {
        AsnReader envelope = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
        envelope.ReadObjectIdentifier();
        AsnReader fields = envelope.ReadSequence(Der.Context(0)).ReadSequence();
        fields.ReadEncodedValue();
        if (fields.PeekTag() != Asn1Tag.SetOf)
        {
            fields.ReadEncodedValue();
        }

        fields.ReadEncodedValue();
        var tail = new MemoryStream();
        while (fields.HasData)
        {
            tail.Write(fields.ReadEncodedValue().Span);
        }

        return tail.ToArray();
    }

    private static PeerResult Decrypt(byte[] message, params string[] way) =>
        Peer.OpenSsl.Run(["cms", "-decrypt", "-binary", "-inform", "DER", .. way], message);

    private string PersonFile(TestIdentity identity)
    {
        string path = Path.Combine(_folder, identity.Certificate.SerialNumberHex + ".pem");
        File.WriteAllText(path, identity.CertificatePem + "\n" + identity.KeyPem);
        return path;
    }
}
