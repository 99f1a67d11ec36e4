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

/// <summary>Recipients by key encapsulation: KEMRecipientInfo with ML-KEM and RSA-KEM.</summary>
public sealed class KeyEncapsulationTests
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(10_000);

    public static TheoryData<string, string> Combinations
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string name in new[] { "ML-KEM-512", "ML-KEM-768", "ML-KEM-1024" })
            {
                foreach (ContentEncryptionAlgorithm cipher in new[]
                {
                    ContentEncryptionAlgorithm.Aes128Cbc, ContentEncryptionAlgorithm.Aes192Cbc, ContentEncryptionAlgorithm.Aes256Cbc,
                    ContentEncryptionAlgorithm.Aes128Gcm, ContentEncryptionAlgorithm.Aes256Gcm,
                })
                {
                    data.Add(name, cipher.Name);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> HackathonMessages =>
    [
        .. from set in new[] { "ml-kem-512-2.16.840.1.101.3.4.4.1", "ml-kem-768-2.16.840.1.101.3.4.4.2", "ml-kem-1024-2.16.840.1.101.3.4.4.3" }
           from kind in new[] { "kemri", "kemri_auth" }
           from ukm in new[] { "", "_ukm" }
           select $"{set}_{kind}_id-alg-hkdf-with-sha256{ukm}",
    ];

    [Theory]
    [MemberData(nameof(Combinations))]
    [Trait("Requirement", "R9629-3-d")]
    [Trait("Requirement", "R9936-2.1-c")]
    [Trait("Requirement", "R9936-2.1-d")]
    [Trait("Requirement", "R9936-2.1-e")]
    [Trait("Requirement", "R9629-7-b")]
    public static void Message_ForAnMLKemKey_IsRead(string name, string cipher)
    {
        KemIdentity identity = KemIdentity.Lamps(name);
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        using DecryptionKey key = identity.Open();
        foreach (bool byKeyIdentifier in new[] { false, true })
        {
            byte[] message = Envelope.Seal(_content, algorithm, new CertificateRecipient(identity.Certificate)
            {
                BySubjectKeyIdentifier = byKeyIdentifier,
                UserKeyingMaterial = byKeyIdentifier ? new byte[] { 1, 2, 3 } : default,
            });

            Envelope.Opened opened = Envelope.Open(message, CmsReaderOptions.Default, key);

            Assert.Equal(_content, opened.Content);
            Assert.Empty(opened.Report.Deviations);
            Assert.Empty(opened.Report.Weaknesses);
            RecipientInfo recipient = opened.Report.Recipient;
            Assert.Equal(RecipientKind.KeyEncapsulation, recipient.Kind);
            Assert.Equal(Oids.HkdfSha256, recipient.KeyDerivationAlgorithm!.Oid);
            KeyWrapAlgorithm wrap = KeyWrapAlgorithm.Find(recipient.KeyEncryptionAlgorithm!.Oid)!;
            Assert.True(wrap.KeySize >= algorithm.KeySize && (name == "ML-KEM-512" || wrap == KeyWrapAlgorithm.Aes256), wrap.Name);
            Assert.Equal(byKeyIdentifier, recipient.Identifier is SubjectKeyIdentifier);
        }
    }

    [Fact]
    [Trait("Requirement", "R9629-3-a")]
    [Trait("Requirement", "R9629-3-b")]
    [Trait("Requirement", "R9629-3-c")]
    [Trait("Requirement", "R9936-2.1-a")]
    [Trait("Requirement", "R9936-2.1-b")]
    [Trait("Requirement", "R9629-2-a")]
    [Trait("Requirement", "R9629-7-a")]
    [Trait("Requirement", "R3369-6.2.5-a")]
    public static void Recipient_IsWrittenAsItsProductionSays()
    {
        KemIdentity identity = KemIdentity.MLKem768;
        CertificateRecipient described = new(identity.Certificate) { BySubjectKeyIdentifier = true, UserKeyingMaterial = new byte[] { 0xAA } };
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Cbc, described, described);

        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));
        RecipientInfo[] recipients = [.. reader.Recipients];

        Assert.Equal(3, reader.Version);
        Assert.Equal(2, recipients.Length);
        KemRecipientInfoAsn[] infos = [.. recipients.Select(r => r.Encapsulation!)];
        Assert.False(infos[0].Ciphertext.Span.SequenceEqual(infos[1].Ciphertext.Span));
        foreach (RecipientInfo recipient in recipients)
        {
            var fields = new AsnReader(recipient.RawData, AsnEncodingRules.DER);
            AsnReader other = fields.ReadSequence(Der.Context(4));
            Assert.Equal("1.2.840.113549.1.9.16.13.3", other.ReadObjectIdentifier());
            AsnReader info = other.ReadSequence();
            Assert.Equal(0, info.ReadInteger());
            Assert.Equal(identity.Certificate.SubjectKeyIdentifier.ToArray(), info.ReadOctetString(Der.Context(0, constructed: false)));
            Assert.Equal("300B06096086480165030404" + "02", Convert.ToHexString(info.ReadEncodedValue().Span));
            Assert.Equal(1088, info.ReadOctetString().Length);
            Assert.Equal("300D060B2A864886F70D010910031C", Convert.ToHexString(info.ReadEncodedValue().Span));
            Assert.Equal(32, info.ReadInteger());
            Assert.Equal("A0030401AA", Convert.ToHexString(info.ReadEncodedValue().Span));
            Assert.Equal("300B060960864801650304012D", Convert.ToHexString(info.ReadEncodedValue().Span));
            Assert.Equal(40, info.ReadOctetString().Length);
            Assert.False(info.HasData || other.HasData || fields.HasData);
        }

        Assert.Equal(0, Envelope.OpenReader(new MemoryStream(Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, described))).Version);
    }

    [Theory]
    [InlineData(16, "3010300B0609608648016503040105020110", "FCAD36B947C339CD4F4EBD4B8322D573")]
    [InlineData(32, "3010300B060960864801650304012D020120", "AAA237FC6D36938FE0D1530FD772F1521580137BDC365D60ED034C840CD9BC62")]
    [Trait("Requirement", "R9629-5-a")]
    [Trait("Requirement", "R9936-2.2-a")]
    public static void Key_OfTheKnownAnswer_IsDerived(int size, string info, string key)
    {
        AlgorithmIdentifier wrap = KeyWrapAlgorithm.Suitable(size).Identifier;
        byte[] secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] otherInfo = KemRecipientInfoAsn.EncodeOtherInfo(wrap, size, null);

        Assert.Equal(info, Convert.ToHexString(otherInfo));
        Assert.Equal(key, Convert.ToHexString(KeyDerivationFunction.Find(DigestAlgorithm.Sha256)!.Derive(secret, otherInfo, size)));
    }

    [Theory]
    [InlineData("sha-256")]
    [InlineData("sha-384")]
    [InlineData("sha-512")]
    [InlineData("sha3-224")]
    [InlineData("sha3-256")]
    [InlineData("sha3-384")]
    [InlineData("sha3-512")]
    [Trait("Requirement", "R9688-5.1-a")]
    public static void Hkdf_WithEachDigest_IsWhatBouncyCastleComputes(string name)
    {
        DigestAlgorithm digest = DigestAlgorithm.FindByMicalg(name)!;
        KeyDerivationFunction function = KeyDerivationFunction.Find(digest)!;
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        byte[] info = RandomNumberGenerator.GetBytes(20);
        var generator = new Org.BouncyCastle.Crypto.Generators.HkdfBytesGenerator(BouncyCastleDigests.Create(digest));
        generator.Init(new Org.BouncyCastle.Crypto.Parameters.HkdfParameters(secret, null, info));
        byte[] expected = new byte[32];
        generator.GenerateBytes(expected, 0, 32);

        Assert.Equal(expected, function.Derive(secret, info, 32));
        Assert.Same(function, KeyDerivationFunction.Resolve(function.Identifier));
        Assert.Empty(function.Identifier.Parameters.ToArray());
        Assert.Null(KeyDerivationFunction.Resolve(AlgorithmIdentifier.WithNull(function.Identifier.Oid)));

        KemIdentity identity = KemIdentity.MLKem512;
        byte[] message = Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes128Cbc, new CertificateRecipient(identity.Certificate) { KeyDerivationDigest = digest });
        using DecryptionKey key = identity.Open();
        Assert.Equal(_content, Envelope.Open(message, CmsReaderOptions.Default, key).Content);
    }

    [Fact]
    [Trait("Requirement", "R9629-5-b")]
    public static void Key_DependsOnEachInput()
    {
        KeyDerivationFunction function = KeyDerivationFunction.Find(DigestAlgorithm.Sha256)!;
        byte[] secret = new byte[32];
        AlgorithmIdentifier wrap = new(Oids.Aes256Wrap);
        byte[][] keys =
        [
            function.Derive(secret, KemRecipientInfoAsn.EncodeOtherInfo(wrap, 32, null), 32),
            function.Derive(secret, KemRecipientInfoAsn.EncodeOtherInfo(wrap, 32, []), 32),
            function.Derive(secret, KemRecipientInfoAsn.EncodeOtherInfo(wrap, 32, [1]), 32),
            function.Derive(secret, KemRecipientInfoAsn.EncodeOtherInfo(wrap, 24, null), 32),
            function.Derive(secret, KemRecipientInfoAsn.EncodeOtherInfo(new(Oids.Aes192Wrap), 32, null), 32),
            function.Derive([.. secret.AsSpan(1), 1], KemRecipientInfoAsn.EncodeOtherInfo(wrap, 32, null), 32),
        ];

        Assert.Equal(keys.Length, keys.Select(Convert.ToHexString).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(HackathonMessages))]
    [Trait("Requirement", "R9629-3-a")]
    [Trait("Requirement", "R9629-3-g")]
    [Trait("Requirement", "R9936-2.1-a")]
    [Trait("Matrix", "ml-kem-512")]
    [Trait("Matrix", "ml-kem-768-ukm")]
    public static void MessageOfBouncyCastleJava_IsRead(string name)
    {
        string prefix = "pqc-hackathon-bc/" + name[..name.IndexOf("_kemri", StringComparison.Ordinal)];
        KemIdentity identity = KemIdentity.Read(prefix + "_ee.der", prefix + "_priv.der");
        using DecryptionKey key = identity.Open();

        Envelope.Opened opened = Envelope.Open(Vectors.Read($"pqc-hackathon-bc/{name}.der"), CmsReaderOptions.Default, key);

        Assert.Equal(Vectors.Read("pqc-hackathon-bc/expected_plaintext.txt"), opened.Content);
        Assert.Equal(name.EndsWith("_ukm", StringComparison.Ordinal), opened.Report.Recipient.Encapsulation!.UserKeyingMaterial is not null);
    }

    [Theory]
    [InlineData("aes128")]
    [InlineData("aes256")]
    [InlineData("aes-128-gcm")]
    [InlineData("aes-256-gcm")]
    [Trait("Requirement", "R9936-2.1-a")]
    [Trait("Requirement", "R9936-2.1-d")]
    public static void MessageOfOpenSsl36_IsRead(string cipher)
    {
        KemIdentity identity = KemIdentity.Read("openssl36/enc-ml-kem-768.crt", "openssl36/enc-ml-kem-768.key");
        using DecryptionKey key = identity.Open();

        Envelope.Opened opened = Envelope.Open(Vectors.Read($"openssl36/enc-ml-kem-768-{cipher}.der"), CmsReaderOptions.Default, key);

        Assert.Equal(Vectors.Read("openssl36/content.txt"), opened.Content);
        Assert.Empty(opened.Report.Weaknesses);
    }

    [Fact]
    [Trait("Requirement", "R9690-2.1-a")]
    [Trait("Requirement", "R9690-2.2-a")]
    [Trait("Requirement", "R9690-2.3-a")]
    [Trait("Requirement", "R9690-3-b")]
    [Trait("Matrix", "rsa-kem")]
    public static async Task Example_OfRfc9690_IsReproducedStepByStep()
    {
        TestIdentity bob = RsaKemExample.Bob;
        RecipientInfo recipient;
        using (EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(RsaKemExample.Message)))
        {
            recipient = Assert.Single(reader.Recipients);
            Assert.Equal(3, reader.Version);
        }

        KemRecipientInfoAsn info = recipient.Encapsulation!;
        byte[]? secret = await bob.Key.DecapsulateAsync(
            new KeyEncapsulationScheme.Rsa(DigestAlgorithm.Sha256, 16), info.Ciphertext, TestContext.Current.CancellationToken);
        Assert.Equal("3CF82EC41B54ED4D37402BBD8F805A52", Convert.ToHexString(secret!));
        byte[] key = KeyDerivationFunction.Resolve(info.Kdf)!.Derive(secret!, KemRecipientInfoAsn.EncodeOtherInfo(info.Wrap, 16, null), 16);
        Assert.Equal("E6DC9D62FF2B469BEF604C617B018718", Convert.ToHexString(key));
        Assert.Equal("77F2A84640304BE7BD42670A84A1258B", Convert.ToHexString(KeyWrapAlgorithm.Aes128.Unwrap(key, info.EncryptedKey.Span, 16)!));
        Assert.Equal("Hello, world!"u8.ToArray(), Envelope.Open(RsaKemExample.Message, bob).Content);
    }

    [Theory]
    [InlineData(null, "AES-128-CBC")]
    [InlineData("sha-256", "AES-256-GCM")]
    [InlineData("sha-512", "AES-256-CBC")]
    [InlineData("sha3-256", "AES-256-GCM")]
    [Trait("Requirement", "R9690-2.2-b")]
    [Trait("Requirement", "R9690-2.1-a")]
    [Trait("Requirement", "R9688-5.3-a")]
    public static void Message_ForAnRsaKeyByRsaKem_IsRead(string? digest, string cipher)
    {
        byte[] message = Envelope.Seal(
            _content,
            ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher),
            Envelope.For(TestIdentity.Rsa) with
            {
                EncapsulatesKey = true,
                KeyDerivationDigest = digest is null ? null : DigestAlgorithm.FindByMicalg(digest),
            });

        Envelope.Opened opened = Envelope.Open(message, TestIdentity.Rsa);

        Assert.Equal(_content, opened.Content);
        Assert.Equal("1.0.18033.2.2.4", opened.Report.Recipient.KeyEncapsulationAlgorithm!.Oid);
        Assert.Empty(opened.Report.Recipient.KeyEncapsulationAlgorithm.Parameters.ToArray());
        Assert.Equal(256, opened.Report.Recipient.Encapsulation!.Ciphertext.Length);
        Assert.Throws<NoMatchingRecipientException>(() => Envelope.Open(message, TestIdentity.OtherRsa));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(257)]
    [InlineData(-1)]
    [Trait("Requirement", "R9690-3-a")]
    [Trait("Requirement", "R9690-2.2-a")]
    [Trait("Kind", "negative")]
    public static void RsaCiphertext_OfAnotherSizeOrNotBelowTheModulus_IsRefused(int size)
    {
        byte[] ciphertext = new byte[size < 0 ? 256 : size];
        ciphertext.AsSpan().Fill(size < 0 ? (byte)0xFF : (byte)0x11);
        Assert.Null(TestIdentity.Rsa.Key.DecapsulateAsync(
            new KeyEncapsulationScheme.Rsa(DigestAlgorithm.Sha256, 32), ciphertext, TestContext.Current.CancellationToken).Finish());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(1087)]
    [Trait("Requirement", "R9629-7-c")]
    [Trait("Kind", "negative")]
    public static void Ciphertext_WithOneBitChanged_FailsLikeEverythingElse(int at)
    {
        Assert.Throws<DecryptionFailedException>(() => OpenChanged(r => r.Ciphertext = Flip(r.Ciphertext, at)));
        Assert.Throws<DecryptionFailedException>(() => OpenChanged(r => r.EncryptedKey = Flip(r.EncryptedKey, at % 40)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(768)]
    [InlineData(1089)]
    [Trait("Requirement", "R9936-2.1-b")]
    [Trait("Kind", "negative")]
    public static void Ciphertext_OfAnotherSize_FailsLikeEverythingElse(int size) =>
        Assert.Throws<DecryptionFailedException>(() => OpenChanged(r => r.Ciphertext = new byte[size]));

    [Fact]
    [Trait("Requirement", "R9629-5-a")]
    public static void Wrap_WithParametersInBer_IsHashedAsDer()
    {
        var ber = new AlgorithmIdentifier(Oids.Rc2Wrap, Convert.FromHexString("0281013A")); // a length octet too many

        Envelope.Opened opened = OpenChanged(r => r.Wrap = ber, wrap: KeyWrapAlgorithm.Rc2, options: Envelope.Legacy);

        Assert.Equal(RawEnvelope.DefaultContent, opened.Content);
    }

    [Fact]
    [Trait("Requirement", "R9629-3-f")]
    [Trait("Requirement", "R9936-2.2-b")]
    [Trait("Kind", "negative")]
    public static void KekLength_ThatDoesNotFitTheWrap_IsRefused()
    {
        Assert.Throws<MalformedDataException>(() => OpenChanged(r => r.KekLength = 16));
        Assert.Throws<MalformedDataException>(() => OpenChanged(r => r.Wrap = new AlgorithmIdentifier(Oids.Aes128Wrap)));
    }

    [Fact]
    [Trait("Requirement", "R3369-6.2-d")]
    [Trait("Requirement", "R9936-2.1-a")]
    [Trait("Kind", "negative")]
    public static void Algorithms_ThatAreUnknown_AreSkippedAndNamed()
    {
        Action<Changes>[] changes =
        [
            r => r.Kem = new AlgorithmIdentifier("1.2.3"),
            r => r.Kem = AlgorithmIdentifier.WithNull(Oids.MLKem768),
            r => r.Kem = new AlgorithmIdentifier(Oids.MLKem512),
            r => r.Kem = new AlgorithmIdentifier(Oids.KemRsa),
            r => r.Kdf = new AlgorithmIdentifier("1.2.3"),
            r => r.Kdf = new AlgorithmIdentifier(Oids.Kdf3),
            r => r.Kdf = new AlgorithmIdentifier(Oids.Kdf3, DigestAlgorithm.Sha1.ToIdentifier().Encode()),
            r => r.Wrap = new AlgorithmIdentifier("1.2.3"),
        ];
        foreach (Action<Changes> change in changes)
        {
            Assert.Throws<UnsupportedAlgorithmException>(() => OpenChanged(change));
            Assert.Equal(RawEnvelope.DefaultContent, OpenChanged(change, alsoGood: true).Content);
        }

        Assert.Throws<NoMatchingRecipientException>(() => OpenChanged(r => r.Version = 5));
    }

    [Theory]
    [InlineData("2.16.840.1.101.3.4.2.21", "", 32, "E5780B0D3EA6F7D3A429C5706AA43A00FADBD7D49628839E3187243F456EE14E")]
    [InlineData("2.16.840.1.101.3.4.2.21", "My Tagged Application", 32, "3B1FBA963CD8B0B59E8C1A6D71888B7143651AF8BA0A7070C0979E2811324AA5")]
    [InlineData(
        "2.16.840.1.101.3.4.2.22",
        "My Tagged Application",
        64,
        "20C570C31346F703C9AC36C61C03CB64C3970D0CFC787E9B79599D273A68D2F7F69D4CC3DE9D104A351689F27CF6F5951F0103F33F4F24871024D9C27773A8DD")]
    [Trait("Requirement", "R9688-5.2-a")]
    [Trait("Matrix", "ml-kem-768-kmac256")]
    public static void Kmac_OfTheSamplesOfNist_IsDerived(string oid, string label, int size, string expected)
    {
        byte[] key = [.. Enumerable.Range(0x40, 32).Select(i => (byte)i)];
        byte[] octets = System.Text.Encoding.ASCII.GetBytes(label);
        var identifier = new AlgorithmIdentifier(oid, label.Length == 0 ? default(ReadOnlyMemory<byte>) : RawEnvelope.Encode(w => w.WriteOctetString(octets)));
        Assert.Equal(expected, Convert.ToHexString(KeyDerivationFunction.Resolve(identifier)!.Derive(key, [0, 1, 2, 3], size)));
    }

    [Theory]
    [InlineData(Oids.Kmac128, "")]
    [InlineData(Oids.Kmac256, "")]
    [InlineData(Oids.Kmac256, "04034B4446")]
    [Trait("Requirement", "R9688-5.2-a")]
    public static void Message_WhoseKeyKmacDerives_IsReadWithBothFormsOfParameters(string oid, string parameters)
    {
        var kdf = new AlgorithmIdentifier(oid, Convert.FromHexString(parameters));
        Assert.Equal(RawEnvelope.DefaultContent, OpenChanged(r => r.Kdf = kdf, derivation: kdf).Content);
    }

    [Theory]
    [InlineData("0500")]
    [InlineData("0C034B4446")]
    [InlineData("020100")]
    [Trait("Requirement", "R9688-5.2-a")]
    [Trait("Kind", "negative")]
    public static void Kmac_WithOtherParametersThanALabel_IsUnsupported(string parameters) =>
        Assert.Equal(
            Oids.Kmac256,
            Assert.Throws<UnsupportedAlgorithmException>(
                () => OpenChanged(r => r.Kdf = new AlgorithmIdentifier(Oids.Kmac256, Convert.FromHexString(parameters)))).Oid);

    [Theory]
    [InlineData("A40806032A030402" + "0100")]
    [InlineData("A40F060B2A864886F70D010910" + "0D03" + "0500")]
    [Trait("Requirement", "R3369-6.2-g")]
    [Trait("Requirement", "R3369-6.2-c")]
    public static void OtherRecipient_OfUnknownTypeOrForm_IsReportedAndSkipped(string entry)
    {
        byte[] other = Convert.FromHexString(entry);
        var raw = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc);
        raw.Version = 3;
        raw.To(other, RawEnvelope.Transport(TestIdentity.Rsa, raw.Key));

        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(raw.Encode()));
        RecipientInfo recipient = reader.Recipients[0];

        Assert.Equal(RecipientKind.Other, recipient.Kind);
        Assert.StartsWith("1.2.", recipient.OtherType, StringComparison.Ordinal);
        Assert.Equal(entry[^(2 * recipient.OtherValue.Length)..], Convert.ToHexString(recipient.OtherValue.Span));
        Assert.Contains(recipient.OtherType!, recipient.ToString(), StringComparison.Ordinal);
        Assert.Equal(RawEnvelope.DefaultContent, Envelope.Open(raw.Encode(), TestIdentity.Rsa).Content);
    }

    [Fact]
    [Trait("Requirement", "R9629-3-e")]
    [Trait("Kind", "negative")]
    public static void Certificate_WithoutKeyEncipherment_IsRefused()
    {
        TestIdentity signer = TestIdentity.CreateRsa("Signer", usage: System.Security.Cryptography.X509Certificates.X509KeyUsageFlags.DigitalSignature);
        Assert.Throws<PolicyViolationException>(() => Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes256Cbc, Envelope.For(signer) with { EncapsulatesKey = true }));
    }

    [Fact]
    public static void Choices_ThatDoNotFitTheKey_AreRefused()
    {
        CertificateRecipient mlKem = new(KemIdentity.MLKem512.Certificate);
        Assert.Throws<ArgumentException>(() => Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes256Cbc, mlKem with { KeyTransport = new KeyTransportScheme.Pkcs1() }));
        Assert.Throws<UnsupportedAlgorithmException>(() => Envelope.Seal(
            _content, ContentEncryptionAlgorithm.Aes256Cbc, mlKem with { KeyDerivationDigest = DigestAlgorithm.Sha1 }));
        Assert.Throws<ArgumentException>(() => Envelope.Seal(
            _content,
            ContentEncryptionAlgorithm.Aes256Cbc,
            Envelope.For(TestIdentity.Rsa) with { EncapsulatesKey = true, KeyTransport = new KeyTransportScheme.Pkcs1() }));
    }

    [Fact]
    public static async Task Key_InAnotherPlace_Decapsulates()
    {
        KemIdentity identity = KemIdentity.MLKem1024;
        using DecryptionKey there = identity.Open();
        var key = new RemoteDecapsulationKey(there);
        byte[] message = Envelope.Seal(_content, ContentEncryptionAlgorithm.Aes256Gcm, new CertificateRecipient(identity.Certificate));

        Envelope.Opened opened = await Envelope.OpenAsync(new MemoryStream(message), CmsReaderOptions.Default, key);

        Assert.Equal(_content, opened.Content);
        Assert.Equal(1, key.Calls);
    }

    private static byte[] Flip(ReadOnlyMemory<byte> octets, int at)
    {
        byte[] flipped = octets.ToArray();
        flipped[at] ^= 0x40;
        return flipped;
    }

    private static Envelope.Opened OpenChanged(
        Action<Changes> change, bool alsoGood = false, AlgorithmIdentifier? derivation = null, KeyWrapAlgorithm? wrap = null, CmsReaderOptions? options = null)
    {
        wrap ??= KeyWrapAlgorithm.Aes256;
        KemIdentity identity = KemIdentity.MLKem768;
        var raw = RawEnvelope.Of(ContentEncryptionAlgorithm.Aes256Cbc);
        byte[] secret = identity.Certificate.PublicKey.TryEncapsulate(
            new KeyEncapsulationScheme.MLKem(MLKemParameterSet.MLKem768), out byte[] ciphertext)!;
        byte[] kek = KeyDerivationFunction.Resolve(derivation ?? new(Oids.HkdfSha256))!
            .Derive(secret, KemRecipientInfoAsn.EncodeOtherInfo(wrap.Identifier, wrap.KeySize, null), wrap.KeySize);
        var changes = new Changes(identity.Certificate, ciphertext, wrap.Wrap(kek, raw.Key)) { KekLength = wrap.KeySize, Wrap = wrap.Identifier };
        byte[] good = RawEnvelope.Encode(changes.ToInfo().Encode);
        change(changes);
        var changed = new AsnWriter(AsnEncodingRules.BER);
        changes.ToInfo().Encode(changed);
        raw.Version = 3;
        raw.To([changed.Encode(), .. alsoGood ? new[] { good } : []]);
        using DecryptionKey key = identity.Open();
        return Envelope.Open(raw.Encode(), options ?? CmsReaderOptions.Default, key);
    }

    private sealed class Changes(Certificate certificate, byte[] ciphertext, byte[] encryptedKey)
    {
        public int Version { get; set; }

        public AlgorithmIdentifier Kem { get; set; } = new(Oids.MLKem768);

        public ReadOnlyMemory<byte> Ciphertext { get; set; } = ciphertext;

        public AlgorithmIdentifier Kdf { get; set; } = new(Oids.HkdfSha256);

        public int KekLength { get; set; } = 32;

        public AlgorithmIdentifier Wrap { get; set; } = new(Oids.Aes256Wrap);

        public ReadOnlyMemory<byte> EncryptedKey { get; set; } = encryptedKey;

        public KemRecipientInfoAsn ToInfo() => new()
        {
            Version = Version,
            Rid = IssuerAndSerialNumber.Of(certificate),
            Kem = Kem,
            Ciphertext = Ciphertext,
            Kdf = Kdf,
            KekLength = KekLength,
            Wrap = Wrap,
            EncryptedKey = EncryptedKey,
        };
    }

    private sealed class RemoteDecapsulationKey(IDecryptionKey there) : IDecryptionKey
    {
        public int Calls { get; private set; }

        public Certificate Certificate => there.Certificate;

        public ValueTask<byte[]?> DecryptAsync(
            KeyTransportScheme scheme, ReadOnlyMemory<byte> encryptedKey, int keySize, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public ValueTask<byte[]?> AgreeAsync(SubjectPublicKeyInfo otherParty, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async ValueTask<byte[]?> DecapsulateAsync(
            KeyEncapsulationScheme scheme, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken = default)
        {
            Calls++;
            await Task.Delay(1, cancellationToken);
            return await there.DecapsulateAsync(scheme, ciphertext, cancellationToken);
        }
    }
}
