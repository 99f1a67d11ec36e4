using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates.Tests.Keys;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Files;

/// <summary>Security X9: PKCS #12 files made to cost time, memory or a crash.</summary>
public sealed class HostilePkcs12Tests
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(10); // the bombs would take hours

    [Theory]
    [InlineData("01000000")] // 16 777 216, just over the budget
    [InlineData("7FFFFFFF")]
    [InlineData("00FFFFFFFFFFFFFFFF")]
    [InlineData("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    [Trait("Requirement", "R8018-5.2-a")]
    public void Decode_MacWithTooManyIterations_EndsBeforeItStarts(string iterations)
    {
        byte[] pfx = Pfx(authSafe: [0x30, 0x00], w => WriteMac(w, Convert.FromHexString(iterations)));
        AssertRefusedAtOnce("MaxKdfIterations", pfx);
    }

    [Theory]
    [InlineData(20, 10_000_000, false)] // the budget, and one block of SHA-1
    [InlineData(21, 5_000_001, true)]   // two blocks cost twice the iterations
    [InlineData(1024, 200_000, true)]
    public void Decode_MacWithAKeyOfManyBlocks_PaysForEachBlock(int keySize, int iterations, bool isTooMuch)
    {
        var kdf = new AsnWriter(AsnEncodingRules.DER);
        using (kdf.PushSequence())
        {
            kdf.WriteOctetString(new byte[8]);
            kdf.WriteInteger(isTooMuch ? iterations : 1);
            kdf.WriteInteger(keySize);
        }

        byte[] pfx = Pfx(authSafe: [0x30, 0x00], w => WritePbmac1(w, kdf.Encode()));
        if (isTooMuch)
        {
            AssertRefusedAtOnce("MaxKdfIterations", pfx);
        }
        else
        {
            Assert.ThrowsAny<SmimeKitException>(() => Decode(pfx)); // only the password is wrong
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("FF")]
    [InlineData("80000000")]
    public void Decode_MacWithNoOrNegativeIterations_IsMalformed(string iterations) => Assert.Throws<MalformedDataException>(
        () => KeyFile.Decode(Pfx([0x30, 0x00], w => WriteMac(w, Convert.FromHexString(iterations))), "x"));

    [Theory]
    [InlineData(Oids.PbeSha1TripleDes3Key)]
    [InlineData(Oids.PbeSha1Rc2With40)]
    [InlineData(Oids.PbeSha1Rc4With128)]
    [InlineData(Oids.Pbes2)]
    [Trait("Requirement", "R8018-5.2-a")]
    public void Decode_SafeWithTooManyIterations_EndsBeforeItStarts(string scheme)
    {
        AssertRefusedAtOnce("MaxKdfIterations", Pfx(EncryptedSafe(Scheme(scheme, 20_000_000)), null));
    }

    [Fact]
    public void Decode_ManyDerivationsUnderTheLimit_AreAddedUp()
    {
        var options = new KeyFileOptions { AllowMissingMac = true, Limits = new FileLimits { MaxKdfIterations = 10_000 } };
        byte[] one = ShroudedKey(Scheme(Oids.PbeSha1Rc4With128, 3000));
        byte[] pfx = Pfx(PlainSafe([.. Enumerable.Repeat(one, 10)]), null);
        LimitExceededException error = Assert.Throws<LimitExceededException>(() => KeyFile.Decode(pfx, "x", null, options));
        Assert.Equal("MaxKdfIterations", error.Limit);
    }

    [Fact]
    public void Decode_TooManyBags_IsRefused()
    {
        byte[] empty = Bag(Oids.SafeContentsBag, [0x30, 0x00]);
        AssertRefusedAtOnce("MaxBags", Pfx(PlainSafe([.. Enumerable.Repeat(empty, 1001)]), null));
    }

    [Fact]
    public void Decode_DeepNesting_IsRefused()
    {
        byte[] contents = [0x30, 0x00];
        for (int i = 0; i < 500; i++)
        {
            contents = Sequence(Bag(Oids.SafeContentsBag, contents));
        }

        AssertRefusedAtOnce("MaxNesting", Pfx(Sequence(Data(contents)), null));
    }

    [Fact]
    public void Decode_HugeSalt_IsRefused()
    {
        var kdf = new AsnWriter(AsnEncodingRules.DER);
        using (kdf.PushSequence())
        {
            kdf.WriteOctetString(new byte[1 << 20]);
            kdf.WriteInteger(1);
        }

        AssertRefusedAtOnce("MaxSaltSize", Pfx(EncryptedSafe(Pbes2(kdf.Encode())), null));
    }

    [Fact]
    public void Decode_HugeKeyLength_IsMalformed()
    {
        var kdf = new AsnWriter(AsnEncodingRules.DER);
        using (kdf.PushSequence())
        {
            kdf.WriteOctetString(new byte[8]);
            kdf.WriteInteger(1);
            kdf.WriteInteger(int.MaxValue);
        }

        Assert.Throws<MalformedDataException>(() => Decode(Pfx(EncryptedSafe(Pbes2(kdf.Encode())), null)));
    }

    [Theory]
    [InlineData("1.2.840.113549.1.7.2")] // signed instead of authenticated
    [InlineData("1.2.840.113549.1.7.3")]
    public void Decode_ProtectionByPublicKeys_IsUnsupportedOrMalformed(string type)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(type);
                using (writer.PushSequence(Der.Context(0)))
                {
                    writer.WriteNull();
                }
            }
        }

        Exception? error = Record.Exception(() => Decode(writer.Encode()));
        Assert.True(error is UnsupportedAlgorithmException or MalformedDataException, error?.ToString());
    }

    [Fact]
    public void Decode_EveryTruncation_IsATypedError()
    {
        byte[] data = SmallFile();
        for (int length = 0; length < data.Length; length++)
        {
            Assert.Throws<MalformedDataException>(() => KeyFile.Decode(data.AsMemory(0, length), "nss"));
        }
    }

    [Fact]
    public void Decode_EveryFlippedOctet_IsATypedErrorOrHarmless()
    {
        byte[] data = SmallFile();
        for (int i = 0; i < data.Length; i++)
        {
            foreach (byte mask in new byte[] { 0x01, 0x80, 0xFF })
            {
                byte[] flipped = [.. data];
                flipped[i] ^= mask;
                Exception? error = Record.Exception(() => KeyFile.Decode(flipped, "nss").Dispose());
                Assert.True(error is null or SmimeKitException, $"octet {i} ^ {mask}: {error}");
            }
        }
    }

    [Fact]
    public void Decode_WithoutMacAndFlipped_IsATypedErrorOrHarmless()
    {
        // Behind the MAC lies the parser that only a forger without password reaches.
        byte[] data = WithoutMac(SmallFile());
        for (int i = 0; i < data.Length; i++)
        {
            byte[] flipped = [.. data];
            flipped[i] ^= 0xFF;
            Exception? error = Record.Exception(() => Decode(flipped, "nss"));
            Assert.True(error is null or SmimeKitException, $"octet {i}: {error}");
        }
    }

    [Fact]
    public void Decode_IndefiniteLengthsThroughout_IsRead()
    {
        // NSS writes its files so: the outermost layers are redone here with indefinite lengths and constructed octet strings.
        (byte[] authSafe, byte[] macData) = Parts(SmallFile());
        byte[] half = OctetString(authSafe[..100]);
        byte[] rest = OctetString(authSafe[100..]);
        byte[] content = Indefinite(0xA0, Indefinite(0x24, [.. half, .. rest]));
        var type = new AsnWriter(AsnEncodingRules.DER);
        type.WriteObjectIdentifier(Oids.Data);
        byte[] contentInfo = Indefinite(0x30, [.. type.Encode(), .. content]);
        byte[] pfx = Indefinite(0x30, [0x02, 0x01, 0x03, .. contentInfo, .. macData]);
        using KeyFile file = KeyFile.Decode(pfx, "nss");
        Assert.Single(file.SigningKeys);
    }

    private static byte[] SmallFile()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Pkcs12File.Encode("nss", [new Pkcs12Key(KeyCertificates.For(key), key, "small")], null, new Pkcs12Options { Iterations = 1 });
    }

    private static void AssertRefusedAtOnce(string limit, byte[] pfx)
    {
        var clock = Stopwatch.StartNew();
        Assert.Equal(limit, Assert.Throws<LimitExceededException>(() => Decode(pfx)).Limit);
        Assert.True(clock.Elapsed < _soon, clock.Elapsed.ToString());
    }

    private static void Decode(byte[] pfx, string password = "x") =>
        KeyFile.Decode(pfx, password, null, new KeyFileOptions { AllowMissingMac = true }).Dispose();

    private static (byte[] AuthSafe, byte[] MacData) Parts(byte[] pfx)
    {
        AsnReader fields = new AsnReader(pfx, AsnEncodingRules.DER).ReadSequence();
        fields.ReadInteger();
        AsnReader contentInfo = fields.ReadSequence();
        contentInfo.ReadObjectIdentifier();
        return (contentInfo.ReadSequence(Der.Context(0)).ReadOctetString(), fields.ReadEncodedValue().ToArray());
    }

    private static byte[] WithoutMac(byte[] pfx) => Pfx(Parts(pfx).AuthSafe, null);

    private static byte[] Pfx(byte[] authSafe, Action<AsnWriter>? writeMac)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            writer.WriteEncodedValue(Data(authSafe));
            writeMac?.Invoke(writer);
        }

        return writer.Encode();
    }

    private static byte[] Data(byte[] content)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Data);
            using (writer.PushSequence(Der.Context(0)))
            {
                writer.WriteOctetString(content);
            }
        }

        return writer.Encode();
    }

    private static void WriteMac(AsnWriter writer, byte[] iterations)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                AlgorithmIdentifier.WithNull(Oids.Sha256).Encode(writer);
                writer.WriteOctetString(new byte[32]);
            }

            writer.WriteOctetString(new byte[8]);
            writer.WriteInteger(iterations);
        }
    }

    private static void WritePbmac1(AsnWriter writer, byte[] kdf)
    {
        var parameters = new AsnWriter(AsnEncodingRules.DER);
        using (parameters.PushSequence())
        {
            new AlgorithmIdentifier(Oids.Pbkdf2, kdf).Encode(parameters); // its pseudo-random function is HMAC with SHA-1
            AlgorithmIdentifier.WithNull(Oids.HmacWithSha256).Encode(parameters);
        }

        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                new AlgorithmIdentifier(Oids.Pbmac1, parameters.Encode()).Encode(writer);
                writer.WriteOctetString(new byte[32]);
            }

            writer.WriteOctetString(new byte[8]);
            writer.WriteInteger(1);
        }
    }

    private static AlgorithmIdentifier Scheme(string oid, int iterations)
    {
        var parameters = new AsnWriter(AsnEncodingRules.DER);
        using (parameters.PushSequence())
        {
            parameters.WriteOctetString(new byte[8]);
            parameters.WriteInteger(iterations);
        }

        return oid == Oids.Pbes2 ? Pbes2(parameters.Encode()) : new AlgorithmIdentifier(oid, parameters.Encode());
    }

    private static AlgorithmIdentifier Pbes2(byte[] kdfParameters)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            new AlgorithmIdentifier(Oids.Pbkdf2, kdfParameters).Encode(writer);
            new AlgorithmIdentifier(Oids.Aes256Cbc, OctetString(new byte[16])).Encode(writer);
        }

        return new AlgorithmIdentifier(Oids.Pbes2, writer.Encode());
    }

    private static byte[] EncryptedSafe(AlgorithmIdentifier scheme)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.EncryptedData);
            using (writer.PushSequence(Der.Context(0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Data);
                    scheme.Encode(writer);
                    writer.WriteOctetString(new byte[32], Der.Context(0, constructed: false));
                }
            }
        }

        return writer.Encode();
    }

    private static byte[] PlainSafe(byte[][] bags) => Sequence(Data(Sequence([.. bags.SelectMany(b => b)])));

    private static byte[] ShroudedKey(AlgorithmIdentifier scheme)
    {
        // RC4 has no padding to fail: what it decrypts to is a well-formed key of an unknown kind.
        byte[] key = Sequence([0x02, 0x01, 0x00, .. new AlgorithmIdentifier("1.2.3").Encode(), 0x04, 0x00]);
        using FilePassword password = FilePassword.Create("x");
        byte[] encrypted = PasswordEncryption.Decrypt(scheme, key, password, new KdfBudget(10_000))!;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            scheme.Encode(writer);
            writer.WriteOctetString(encrypted);
        }

        return Bag(Oids.ShroudedKeyBag, writer.Encode());
    }

    private static byte[] Bag(string type, byte[] value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSequence(Der.Context(0)))
            {
                writer.WriteEncodedValue(value);
            }
        }

        return writer.Encode();
    }

    private static byte[] Sequence(byte[] content)
    {
        byte[] encoded = OctetString(content);
        encoded[0] = 0x30;
        return encoded;
    }

    private static byte[] OctetString(byte[] content)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(content);
        return writer.Encode();
    }

    private static byte[] Indefinite(byte tag, byte[] content) => [tag, 0x80, .. content, 0x00, 0x00];
}
