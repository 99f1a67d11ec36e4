using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
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
using SmimeKit.TestKit.Keys;
using SmimeKit.TestKit.Signing;
using Identity = SmimeKit.TestKit.Signing.TestIdentity;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Every key agreement with every kind of key and every key wrap.</summary>
public static class AgreementSchemeTests
{
    private static readonly Dictionary<string, (Identity Recipient, Identity Sender)> _identities = new[]
    {
        "p256", "p384", "p521", "brainpool-p256", "brainpool-p384", "brainpool-p512", "x25519", "x448", "dh",
    }.ToDictionary(k => k, k => (Issue("to-" + k, k), Issue("from-" + k, k)));

    private static readonly byte[] _content = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    public static TheoryData<string, string> SchemesAndKeys =>
    [
        .. from scheme in KeyAgreementScheme.BuiltIn
           from kind in _identities.Keys
           where scheme.Fits(_identities[kind].Recipient.Certificate.PublicKey)
           select (scheme.Name, kind),
    ];

    public static TheoryData<string> Kinds => [.. _identities.Keys.Where(k => k != "dh")];

    public static TheoryData<string> Wraps => [.. KeyWrapAlgorithm.BuiltIn.Where(w => w.KeySize >= 16 && w != KeyWrapAlgorithm.TripleDes).Select(w => w.Name)];

    [Theory]
    [MemberData(nameof(SchemesAndKeys))]
    [Trait("Requirement", "R3370-4.1.1-a")]
    [Trait("Requirement", "R3370-4.1.1-c")]
    [Trait("Requirement", "R3370-4.1.1-e")]
    [Trait("Requirement", "R3370-4.1.1-f")]
    [Trait("Requirement", "R2631-2.1.2-d")]
    [Trait("Requirement", "R8418-2.1-a")]
    [Trait("Requirement", "R8418-2-e")]
    [Trait("Requirement", "R8418-2-d")]
    [Trait("Requirement", "R8418-3.2-a")]
    [Trait("Requirement", "R8418-3.2-c")]
    [Trait("Requirement", "R8418-3.2-d")]
    [Trait("Requirement", "R5753-7.1.4-a")]
    public static void Message_ByAnyScheme_IsReadWithAndWithoutUkm(string name, string kind)
    {
        KeyAgreementScheme scheme = Scheme(name);
        (Identity recipient, Identity sender) = _identities[kind];
        bool isStatic = !scheme.TakesEphemeralOriginator;
        foreach (int ukm in isStatic ? [16] : new[] { 0, 16 })
        {
            foreach (bool byIdentifier in new[] { false, true })
            {
                byte[] message = Seal(
                    new CertificateRecipient(recipient.Certificate)
                    {
                        KeyAgreement = scheme,
                        Originator = isStatic ? sender.DecryptionKey : null,
                        BySubjectKeyIdentifier = byIdentifier,
                    },
                    ukm,
                    isStatic ? sender : null);

                Envelope.Opened opened = Envelope.Open(message, Envelope.Legacy, recipient.DecryptionKey);

                KeyAgreeRecipientInfoAsn agreement = opened.Report.Recipient.Agreement!;
                Assert.Equal(_content, opened.Content);
                Assert.Equal(scheme.Oid, agreement.KeyEncryptionAlgorithm.Oid);
                Assert.Equal(3, agreement.Version);
                Assert.Equal(ukm == 0 ? null : scheme.IsDiffieHellman ? 64 : ukm, agreement.UserKeyingMaterial?.Length);
                Assert.Equal(isStatic ? null : recipient.Certificate.PublicKey.Algorithm.Oid, agreement.OriginatorKeyAlgorithm?.Oid);
                Assert.True(agreement.OriginatorKeyAlgorithm?.Parameters.IsEmpty ?? true);
                Assert.Equal(scheme.IsDiffieHellman ? ["weak-key-agreement"] : [], opened.Report.Weaknesses);
                Assert.Empty(opened.Report.Deviations);
                Assert.Equal(isStatic ? sender.Certificate : null, opened.Report.OriginatorCertificate);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Requirement", "R5753-8-b")]
    [Trait("Requirement", "R8418-7-a")]
    [Trait("Requirement", "R8418-2-c")]
    public static void Message_ForAKeyOfAnyKind_GetsTheSchemeThatSuitsIt(string kind)
    {
        Identity recipient = _identities[kind].Recipient;
        string expected = kind switch
        {
            "x25519" => "ECDH-HKDF-SHA-256",
            "x448" => "ECDH-HKDF-SHA-512",
            "p256" or "brainpool-p256" => "ECDH-X9.63-SHA-256",
            "p384" or "brainpool-p384" => "ECDH-X9.63-SHA-384",
            _ => "ECDH-X9.63-SHA-512",
        };

        Envelope.Opened opened = Envelope.Open(Seal(new CertificateRecipient(recipient.Certificate)), CmsReaderOptions.Default, recipient.DecryptionKey);

        Assert.Equal(_content, opened.Content);
        Assert.Equal(Scheme(expected).Oid, opened.Report.Recipient.KeyEncryptionAlgorithm!.Oid);
        Assert.Empty(opened.Report.Weaknesses);
    }

    [Theory]
    [MemberData(nameof(Wraps))]
    [Trait("Requirement", "R3370-4.1-a")]
    [Trait("Requirement", "R5753-7.1.5-a")]
    public static void Message_WithAnyWrap_IsReadWhereThePolicyListsIt(string name)
    {
        KeyWrapAlgorithm wrap = KeyWrapAlgorithm.BuiltIn.Single(w => w.Name == name);
        Identity recipient = _identities["p256"].Recipient;
        byte[] message = Seal(new CertificateRecipient(recipient.Certificate) { KeyWrap = wrap });

        Envelope.Opened opened = Envelope.Open(message, Envelope.Legacy, recipient.DecryptionKey);

        bool isWeak = wrap == KeyWrapAlgorithm.Rc2;
        Assert.Equal(_content, opened.Content);
        Assert.Equal(isWeak ? ["weak-key-wrap"] : [], opened.Report.Weaknesses);
        if (isWeak)
        {
            Assert.Throws<PolicyViolationException>(() => Envelope.Open(message, CmsReaderOptions.Default, recipient.DecryptionKey));
        }
        else
        {
            Assert.Equal(_content, Envelope.Open(message, new CmsReaderOptions { Policy = CmsPolicy.Strict }, recipient.DecryptionKey).Content);
        }
    }

    [Theory]
    [InlineData("p256")]
    [InlineData("brainpool-p384")]
    [InlineData("x25519")]
    [InlineData("x448")]
    [InlineData("dh")]
    public static void Message_ForAKeyInAnotherProcess_IsReadWithOneAgreement(string kind)
    {
        Peer.OpenSsl.Require();
        Identity recipient = _identities[kind].Recipient;
        var key = new RemoteDecryptionKey(recipient.Certificate, recipient.Pkcs8);
        byte[] message = Seal(new CertificateRecipient(recipient.Certificate) { KeyAgreement = kind == "dh" ? KeyAgreementScheme.DiffieHellmanEphemeral : null });

        Assert.Equal(_content, Envelope.Open(message, Envelope.Legacy, key).Content);
        Assert.Equal(1, key.Operations);
    }

    [Theory]
    [InlineData("p384")]
    [InlineData("x25519")]
    [InlineData("dh")]
    [Trait("Requirement", "R3370-4.1.2-a")]
    [Trait("Requirement", "R3370-4.1.2-c")]
    [Trait("Requirement", "R3370-4.1.2-d")]
    [Trait("Matrix", "dh-static")]
    public static void Message_OfASenderInAnotherProcess_NamesItsCertificate(string kind)
    {
        Peer.OpenSsl.Require();
        (Identity recipient, Identity sender) = _identities[kind];
        var key = new RemoteDecryptionKey(sender.Certificate, sender.Pkcs8);
        byte[] message = Seal(new CertificateRecipient(recipient.Certificate)
        {
            KeyAgreement = kind == "dh" ? KeyAgreementScheme.DiffieHellmanStatic : null,
            Originator = key,
        });

        // The certificate is not in the message: whoever has it from elsewhere can read.
        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message, Envelope.Legacy, recipient.DecryptionKey));
        var keys = new RecipientKeys { PrivateKeys = [recipient.DecryptionKey], OriginatorCertificates = [recipient.Certificate, sender.Certificate] };
        Envelope.Opened opened = Envelope.Open(message, keys, Envelope.Legacy);

        Assert.Equal(_content, opened.Content);
        Assert.Equal(sender.Certificate, opened.Report.OriginatorCertificate);
        Assert.Equal(1, key.Operations);
        Assert.IsType<IssuerAndSerialNumber>(opened.Report.Recipient.Agreement!.OriginatorCertificate);
    }

    [Theory]
    [InlineData("p256")]
    [InlineData("x448")]
    [InlineData("dh")]
    [Trait("Requirement", "R3370-4.1.2-a")]
    public static void Message_OfASenderByKeyIdentifier_NamesItAndIsRead(string kind)
    {
        (Identity recipient, Identity sender) = _identities[kind];
        byte[] message = Seal(
            new CertificateRecipient(recipient.Certificate)
            {
                KeyAgreement = kind == "dh" ? KeyAgreementScheme.DiffieHellmanStatic : null,
                Originator = sender.DecryptionKey,
                OriginatorBySubjectKeyIdentifier = true,
            },
            carried: sender);

        Envelope.Opened opened = Envelope.Open(message, Envelope.Legacy, recipient.DecryptionKey);

        var named = Assert.IsType<SubjectKeyIdentifier>(opened.Report.Recipient.Agreement!.OriginatorCertificate);
        Assert.Equal(sender.Certificate.SubjectKeyIdentifier.ToArray(), named.Value.ToArray());
        Assert.Equal(_content, opened.Content);
        Assert.Equal(sender.Certificate, opened.Report.OriginatorCertificate);
    }

    [Theory]
    [InlineData("x25519", "ECDH-HKDF-SHA-256")]
    [InlineData("x25519", "ECDH-HKDF-SHA-384")]
    [InlineData("x25519", "ECDH-X9.63-SHA-256")]
    [InlineData("x448", "ECDH-HKDF-SHA-512")]
    [Trait("Requirement", "R8418-2.2-a")]
    [Trait("Requirement", "R8418-2.1-a")]
    [Trait("Matrix", "x25519-hkdf-sha256")]
    [Trait("Matrix", "x25519-hkdf-sha384")]
    [Trait("Matrix", "x448-hkdf-sha512")]
    public static async Task MontgomeryMessage_OpensByFunctionsOfOthersAlone(string kind, string name)
    {
        Peer.OpenSsl.Require();
        KeyAgreementScheme scheme = Scheme(name);
        Identity recipient = _identities[kind].Recipient;
        Envelope.Opened opened = Envelope.Open(
            Seal(new CertificateRecipient(recipient.Certificate) { KeyAgreement = scheme }), CmsReaderOptions.Default, recipient.DecryptionKey);
        KeyAgreeRecipientInfoAsn agreement = opened.Report.Recipient.Agreement!;
        byte[] ukm = agreement.UserKeyingMaterial!;
        var other = SubjectPublicKeyInfo.Create(agreement.OriginatorKeyAlgorithm!, agreement.OriginatorKey.Span);
        byte[] secret = (await new RemoteDecryptionKey(recipient.Certificate, recipient.Pkcs8).AgreeAsync(other))!;

        // SEQUENCE { id-aes256-wrap, [0] ukm, [2] 256 bits }, R8418-2.2-a
        byte[] info = [.. Convert.FromHexString("3029300B060960864801650304012DA0120410"), .. ukm, .. Convert.FromHexString("A206040400000100")];
        IDigest digest = DigestUtilities.GetDigest(name[(name.IndexOf("SHA", StringComparison.Ordinal))..]);
        IDerivationFunction derivation = name.Contains("HKDF", StringComparison.Ordinal) ? new HkdfBytesGenerator(digest) : new Kdf2BytesGenerator(digest);
        derivation.Init(derivation is HkdfBytesGenerator ? new HkdfParameters(secret, ukm, info) : new KdfParameters(secret, info));
        byte[] key = new byte[32];
        derivation.GenerateBytes(key, 0, key.Length);

        var unwrap = new AesWrapEngine();
        unwrap.Init(forWrapping: false, new KeyParameter(key));
        byte[] wrapped = opened.Report.Recipient.EncryptedKey.ToArray();
        Assert.Equal(32, unwrap.Unwrap(wrapped, 0, wrapped.Length).Length);
    }

    [Fact]
    [Trait("Requirement", "R5753-3.1.1-i")]
    public static void Recipients_OfOneKindSchemeAndWrap_ShareAKey()
    {
        Identity[] people = [_identities["x25519"].Recipient, _identities["x25519"].Sender, _identities["x448"].Recipient, _identities["dh"].Recipient, _identities["dh"].Sender];
        byte[] message = Envelope.Seal(_content, new EnvelopedDataWriterOptions
        {
            Recipients =
            [
                .. people.Select(p => new CertificateRecipient(p.Certificate)
                {
                    KeyAgreement = p.Certificate.PublicKey.IsDiffieHellman ? KeyAgreementScheme.DiffieHellmanEphemeral : null,
                }),
                new CertificateRecipient(people[0].Certificate) { KeyAgreement = KeyAgreementScheme.HkdfSha512 },
                new CertificateRecipient(people[0].Certificate) { KeyWrap = KeyWrapAlgorithm.Camellia256 },
            ],
            SharesEphemeralKeys = true,
        });

        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));
        Assert.Equal(7, reader.Recipients.Count);
        Assert.Equal(5, reader.Recipients.Select(r => Convert.ToHexString(r.RawData.Span)).Distinct().Count());
        Assert.All(people, p => Assert.Equal(_content, Envelope.Open(message, Envelope.Legacy, p.DecryptionKey).Content));
    }

    [Fact]
    [Trait("Requirement", "R3370-4.1.2-b")]
    [Trait("Kind", "negative")]
    public static void StaticOriginator_WithoutUkm_IsNeitherWrittenNorRead()
    {
        (Identity recipient, Identity sender) = _identities["p256"];
        var described = new CertificateRecipient(recipient.Certificate) { Originator = sender.DecryptionKey };
        Assert.Throws<ArgumentException>(() => Seal(described, 0));

        byte[] message = Reencode(Seal(described, 16, sender), a => new KeyAgreeRecipientInfoAsn
        {
            Version = a.Version,
            OriginatorCertificate = a.OriginatorCertificate,
            KeyEncryptionAlgorithm = a.KeyEncryptionAlgorithm,
            RecipientEncryptedKeys = a.RecipientEncryptedKeys,
        });
        Assert.Equal("ukm-absent", Assert.Throws<MalformedDataException>(() => Envelope.Open(message, Envelope.Legacy, recipient.DecryptionKey)).Code);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static void Choices_ThatDoNotFit_AreRefusedBeforeAnythingIsWritten()
    {
        (Identity ec, Identity sender) = _identities["p256"];
        Identity dh = _identities["dh"].Recipient;
        Identity x25519 = _identities["x25519"].Recipient;
        foreach (CertificateRecipient recipient in new[]
        {
            new CertificateRecipient(ec.Certificate) { KeyAgreement = KeyAgreementScheme.DiffieHellmanEphemeral },
            new CertificateRecipient(dh.Certificate) { KeyAgreement = KeyAgreementScheme.EcdhSha256 },
            new CertificateRecipient(dh.Certificate) { KeyAgreement = KeyAgreementScheme.DiffieHellmanStatic },
            new CertificateRecipient(dh.Certificate) { KeyAgreement = KeyAgreementScheme.DiffieHellmanEphemeral, Originator = dh.DecryptionKey },
            new CertificateRecipient(x25519.Certificate) { KeyAgreement = KeyAgreementScheme.CofactorEcdhSha256 },
            new CertificateRecipient(x25519.Certificate) { Originator = sender.DecryptionKey },
            new CertificateRecipient(ec.Certificate) { KeyWrap = KeyWrapAlgorithm.Aes128 }, // weaker than the cipher, R3565-2.3.2-b
            new CertificateRecipient(ec.Certificate) { KeyWrap = KeyWrapAlgorithm.TripleDes }, // not for AES keys, R3370-4.3-d
            new CertificateRecipient(ec.Certificate) { KeyAgreement = KeyAgreementScheme.EcdhSha256, KeyDerivationDigest = DigestAlgorithm.Sha256 },
            new CertificateRecipient(Identity.Rsa.Certificate) { KeyWrap = KeyWrapAlgorithm.Aes256 },
        })
        {
            Assert.ThrowsAny<ArgumentException>(() => Envelope.Seal(
                _content, new EnvelopedDataWriterOptions { Recipients = [recipient], Algorithm = ContentEncryptionAlgorithm.Aes256Cbc }));
        }

        // Diffie-Hellman only for those who ask for it.
        Assert.Throws<UnsupportedAlgorithmException>(() => Seal(new CertificateRecipient(dh.Certificate)));
        Assert.Throws<PolicyViolationException>(() => Envelope.Seal(_content, new EnvelopedDataWriterOptions
        {
            Recipients = [new CertificateRecipient(dh.Certificate) { KeyAgreement = KeyAgreementScheme.DiffieHellmanEphemeral }],
            Policy = CmsPolicy.Default with { MinimumDiffieHellmanBits = 3072 },
        }));
    }

    [Fact]
    [Trait("Requirement", "R3370-4.1.2-c")]
    [Trait("Kind", "negative")]
    public static void DiffieHellmanMessage_WithTheOtherKindOfOriginator_IsRefused()
    {
        (Identity recipient, Identity sender) = _identities["dh"];
        byte[] ephemeral = Seal(new CertificateRecipient(recipient.Certificate) { KeyAgreement = KeyAgreementScheme.DiffieHellmanEphemeral });
        byte[] message = Reencode(ephemeral, a => new KeyAgreeRecipientInfoAsn
        {
            Version = a.Version,
            OriginatorKeyAlgorithm = a.OriginatorKeyAlgorithm,
            OriginatorKey = a.OriginatorKey,
            UserKeyingMaterial = a.UserKeyingMaterial,
            KeyEncryptionAlgorithm = new AlgorithmIdentifier(Oids.DhStaticStatic, a.KeyEncryptionAlgorithm.Parameters),
            RecipientEncryptedKeys = a.RecipientEncryptedKeys,
        });

        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Open(message, Envelope.Legacy, recipient.DecryptionKey));
        Assert.NotNull(sender);
    }

    [Fact]
    [Trait("Requirement", "R8418-2-b")]
    [Trait("Kind", "negative")]
    public static void X25519Message_WithAPointOfSmallOrder_FailsLikeAnyOther()
    {
        Identity recipient = _identities["x25519"].Recipient;
        byte[] sound = Seal(new CertificateRecipient(recipient.Certificate));
        foreach (byte[] point in new[] { new byte[32], [1, .. new byte[31]] })
        {
            byte[] message = Reencode(sound, a => new KeyAgreeRecipientInfoAsn
            {
                Version = a.Version,
                OriginatorKeyAlgorithm = a.OriginatorKeyAlgorithm,
                OriginatorKey = point,
                UserKeyingMaterial = a.UserKeyingMaterial,
                KeyEncryptionAlgorithm = a.KeyEncryptionAlgorithm,
                RecipientEncryptedKeys = a.RecipientEncryptedKeys,
            });
            Assert.Throws<DecryptionFailedException>(() => Envelope.Open(message, CmsReaderOptions.Default, recipient.DecryptionKey));
        }
    }

    [Theory]
    [MemberData(nameof(SchemesAndKeys))]
    [Trait("Kind", "negative")]
    public static void Policy_WithoutAScheme_RefusesItBeforeTheKeyIsUsed(string name, string kind)
    {
        KeyAgreementScheme scheme = Scheme(name);
        (Identity recipient, Identity sender) = _identities[kind];
        bool isStatic = !scheme.TakesEphemeralOriginator;
        byte[] message = Seal(
            new CertificateRecipient(recipient.Certificate) { KeyAgreement = scheme, Originator = isStatic ? sender.DecryptionKey : null }, 16, isStatic ? sender : null);
        CmsPolicy policy = scheme.IsDiffieHellman ? CmsPolicy.Default : CmsPolicy.Legacy with { KeyAgreements = CmsPolicy.Legacy.KeyAgreements.Remove(scheme.Oid) };
        var key = new RemoteDecryptionKey(recipient.Certificate, recipient.Pkcs8);

        Assert.Throws<PolicyViolationException>(() => Envelope.Open(message, new CmsReaderOptions { Policy = policy }, key));
        Assert.Equal(0, key.Operations);
    }

    private static KeyAgreementScheme Scheme(string name) => KeyAgreementScheme.BuiltIn.Single(s => s.Name == name);

    // OpenSSL 3.0 reads no PKCS #8 of version 1, with the public key inside, for X25519 and X448.
    private static Identity Issue(string name, string kind)
    {
        using RawKey? raw = kind == "x25519" ? RawKey.X25519() : kind == "x448" ? RawKey.X448() : null;
        KeyPair pair = raw is null ? KeyPair.Make(kind) : new KeyPair(raw.ExportPkcs8PrivateKey(), raw.ExportSubjectPublicKeyInfo());
        return Identity.Issue(name, pair, X509KeyUsageFlags.KeyAgreement);
    }

    private static byte[] Seal(CertificateRecipient recipient, int ukm = 16, Identity? carried = null) => Envelope.Seal(_content, new EnvelopedDataWriterOptions
    {
        Recipients = [recipient],
        Algorithm = recipient.KeyWrap is { KeySize: 16 } ? ContentEncryptionAlgorithm.Aes128Cbc
            : recipient.KeyWrap is { KeySize: 24 } ? ContentEncryptionAlgorithm.Aes192Cbc
            : ContentEncryptionAlgorithm.Aes256Cbc,
        UserKeyingMaterialSize = ukm,
        Originator = carried is null ? CarriedCertificates.None : CarriedCertificates.None with { Certificates = [carried.Certificate] },
    });

    // The message with its KeyAgreeRecipientInfo changed.
    private static byte[] Reencode(byte[] message, Func<KeyAgreeRecipientInfoAsn, KeyAgreeRecipientInfoAsn> change)
    {
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));
        RecipientInfo recipient = Assert.Single(reader.Recipients);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        change(recipient.Agreement!).Encode(writer);
        return Replace(message, recipient.RawData.ToArray(), writer.Encode());
    }

    // Copies constructed values one by one, so that all lengths fit again.
    private static byte[] Replace(ReadOnlyMemory<byte> value, byte[] old, byte[] replacement)
    {
        if (value.Span.SequenceEqual(old))
        {
            return replacement;
        }

        Asn1Tag tag = new AsnReader(value, AsnEncodingRules.BER).PeekTag();
        if (!tag.IsConstructed)
        {
            return value.ToArray();
        }

        AsnDecoder.ReadEncodedValue(value.Span, AsnEncodingRules.BER, out int start, out int size, out _);
        var fields = new AsnReader(value.Slice(start, size), AsnEncodingRules.BER);
        var content = new List<byte>();
        while (fields.HasData)
        {
            content.AddRange(Replace(fields.ReadEncodedValue(), old, replacement));
        }

        int length = content.Count;
        byte[] header = length < 0x80 ? [value.Span[0], (byte)length] : [value.Span[0], 0x82, (byte)(length >> 8), (byte)length];
        return [.. header, .. content];
    }
}
