using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SmimeKit.Asn1;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Keys;

namespace SmimeKit.Certificates.Tests.Keys;

/// <summary>Keys that agree on secrets: Brainpool, X25519, X448 and X9.42 Diffie-Hellman, from every kind of file.</summary>
public sealed class AgreementKeyTests
{
    public static TheoryData<string> Kinds => ["x25519", "x448", "dh", "nistP256", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"];

    [Theory]
    [InlineData("x25519", Oids.X25519, 32)]
    [InlineData("x448", Oids.X448, 56)]
    [Trait("Requirement", "R8418-2-b")]
    [Trait("Requirement", "R8410-4-a")]
    [Trait("Requirement", "R8410-7-a")]
    [Trait("Kind", "negative")]
    public void Montgomery_PublishedVectors_AgreeButForSecretsOfZeros(string file, string oid, int size)
    {
        (int agreed, int refused) = (0, 0);
        foreach (JsonElement test in KeyCertificates.Wycheproof($"{file}_test.json").EnumerateArray().SelectMany(g => g.GetProperty("tests").EnumerateArray()))
        {
            bool isZero = test.GetProperty("flags").EnumerateArray().Any(f => f.GetString() == "ZeroSharedSecret");
            using var raw = RawKey.Montgomery(oid, test.Hex("private"), []);
            using PrivateKeyMaterial material = PrivateKeyMaterial.FromPkcs8(raw.ExportPkcs8PrivateKey());
            using AgreementKey key = AgreementKey.Open(material);
            SubjectPublicKeyInfo? other = AgreementGroup.Of(key.GetPublicKey())!.Complete(new AlgorithmIdentifier(oid), test.Hex("public"));
            byte[]? secret = other is null ? null : key.Agree(other);

            bool agrees = test.GetProperty("result").GetString() != "invalid" && !isZero;
            Assert.Equal(agrees ? test.GetProperty("shared").GetString() : null, secret is null ? null : Convert.ToHexStringLower(secret));
            Assert.Equal(test.Hex("public").Length == size, other is not null);
            (agreed, refused) = agrees ? (agreed + 1, refused) : (agreed, refused + 1);
        }

        Assert.True(agreed > 400 && refused > 3, $"{agreed} {refused}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "R5753-3.1.1-e")]
    [Trait("Requirement", "R5753-7.2-b")]
    public void Brainpool_PublishedVectors_AgreeOrFailInBothImplementations(bool managed)
    {
        int agreed = 0;
        foreach (JsonElement test in KeyCertificates.Wycheproof("ecdh_brainpoolP256r1_test.json")[0].GetProperty("tests").EnumerateArray())
        {
            using PrivateKeyMaterial material = EcMaterial(Oids.BrainpoolP256r1, 32, test.Hex("private"));
            using AgreementKey key = managed ? ManagedEcdhKey.FromMaterial(material) : AgreementKey.Open(material);
            byte[]? secret = TryDecode(test.Hex("public")) is { } other && AgreementGroup.Of(key.GetPublicKey())!.Complete(other) is { } complete
                ? key.Agree(complete)
                : null;

            string result = test.GetProperty("result").GetString()!;
            if (result == "valid" || secret is not null)
            {
                Assert.NotEqual("invalid", result);
                Assert.Equal(test.Hex("shared"), secret);
                agreed++;
            }
        }

        Assert.True(agreed > 500);
        Assert.True(managed || IsNative(Oids.BrainpoolP256r1), "The platform has no Brainpool: nothing was compared.");
    }

    [Theory]
    [InlineData("brainpoolP256r1", Oids.BrainpoolP256r1)]
    [InlineData("brainpoolP384r1", Oids.BrainpoolP384r1)]
    [InlineData("brainpoolP512r1", Oids.BrainpoolP512r1)]
    public void Brainpool_OfThePlatformAndManaged_AreTheSame(string name, string oid)
    {
        using ECDiffieHellman native = ECDiffieHellman.Create(ECCurve.CreateFromFriendlyName(name));
        using PrivateKeyMaterial material = PrivateKeyMaterial.FromPkcs8(native.ExportPkcs8PrivateKey());
        using AgreementKey first = AgreementKey.Open(material);
        using ManagedEcdhKey second = ManagedEcdhKey.FromMaterial(material);
        using ManagedEcdhKey other = ManagedEcdhKey.Generate(NamedCurve.Find(oid)!);

        Assert.IsType<NativeEcdhKey>(first);
        Assert.Equal(first.GetPublicKey().RawData, second.GetPublicKey().RawData);
        byte[]? secret = first.Agree(other.GetPublicKey());
        Assert.Equal(NamedCurve.Find(oid)!.CoordinateSize, secret!.Length);
        Assert.Equal(secret, second.Agree(other.GetPublicKey()));
        Assert.Equal(secret, other.Agree(first.GetPublicKey()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Requirement", "R5753-9-a")]
    [Trait("Requirement", "R8418-2-a")]
    public async Task EphemeralKey_ForAnyKind_AgreesWithItsOwner(string kind)
    {
        using AsymmetricAlgorithm own = Make(kind);
        using DecryptionKey key = Handle(own);
        using EphemeralAgreementKey ephemeral = EphemeralAgreementKey.TryCreate(key.Certificate.PublicKey)!;
        using EphemeralAgreementKey another = EphemeralAgreementKey.TryCreate(key.Certificate.PublicKey)!;
        var bare = SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(ephemeral.PublicKey.Algorithm.Oid), ephemeral.PublicKey.Key.Span);

        byte[]? secret = ephemeral.TryAgree(key.Certificate.PublicKey);

        Assert.Equal(secret, await key.AgreeAsync(ephemeral.PublicKey));
        Assert.Equal(secret, await key.AgreeAsync(bare));
        Assert.NotEqual(secret, another.TryAgree(key.Certificate.PublicKey));
        Assert.Equal(bare.Key, key.Certificate.PublicKey.TryComplete(bare.Algorithm, bare.Key.Span)!.Key);
        foreach (string other in Kinds.Select(k => (string)((ITheoryDataRow)k).GetData()[0]!).Where(k => k != kind))
        {
            using AsymmetricAlgorithm stranger = Make(other);
            var publicKey = SubjectPublicKeyInfo.Decode(stranger.ExportSubjectPublicKeyInfo());
            Assert.Null(ephemeral.TryAgree(publicKey));
            Assert.Null(await key.AgreeAsync(publicKey));
            Assert.Null(key.Certificate.PublicKey.TryComplete(publicKey.Algorithm, publicKey.Key.Span));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void KeyFile_WithAnyKind_HasTheDecryptionKey(string kind)
    {
        using AsymmetricAlgorithm own = Make(kind);
        Certificate certificate = KeyCertificates.For(SubjectPublicKeyInfo.Decode(own.ExportSubjectPublicKeyInfo()));
        string text = PemEncoding.WriteString("CERTIFICATE", certificate.RawData.Span) + "\n" + own.ExportPkcs8PrivateKeyPem();

        using KeyFile file = KeyFile.Decode(Encoding.ASCII.GetBytes(text));

        Assert.Equal(certificate, Assert.Single(file.DecryptionKeys).Certificate);
        Assert.Equal(own is ECDiffieHellman ? 1 : 0, file.SigningKeys.Count);
        Assert.Empty(file.Warnings);
    }

    [Theory]
    [InlineData("openssl-smime-certs/smdh.pem", null)]
    [InlineData("rfc9216/carlos.p12", "carlos")]
    [InlineData("rfc9216/dana.p12", "dana")]
    [Trait("Requirement", "R8418-6-a")]
    public async Task KeyFile_Published_HasKeysThatAgree(string path, string? password)
    {
        using KeyFile file = KeyFile.Decode(Vectors.Read(path), password);
        DecryptionKey key = Assert.Single(file.DecryptionKeys);
        using EphemeralAgreementKey ephemeral = EphemeralAgreementKey.TryCreate(key.Certificate.PublicKey)!;

        Assert.Equal(ephemeral.TryAgree(key.Certificate.PublicKey), await key.AgreeAsync(ephemeral.PublicKey));
    }

    [Fact]
    [Trait("Requirement", "R2631-2.1.5-a")]
    [Trait("Kind", "negative")]
    public async Task DiffieHellman_WithAPublicKeyOutsideTheSubgroup_IsNull()
    {
        DiffieHellmanNumbers group = DiffieHellmanNumbers.Rfc5114;
        using AsymmetricAlgorithm own = RawKey.DiffieHellman();
        using DecryptionKey key = Handle(own);
        BigInteger ofSmallOrder = BigInteger.ModPow(3, group.Q, group.P);
        foreach (BigInteger y in new[] { 0, 1, group.P - 1, group.P, group.P + group.G, -group.G, ofSmallOrder })
        {
            var other = SubjectPublicKeyInfo.Decode(RawKey.DiffieHellman(group, 5, y).ExportSubjectPublicKeyInfo());
            Assert.Null(await key.AgreeAsync(other));
            Assert.Null(await key.AgreeAsync(SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(Oids.DhPublicNumber), other.Key.Span)));
        }

        var sound = SubjectPublicKeyInfo.Decode(RawKey.DiffieHellman(group, 5, BigInteger.ModPow(group.G, 5, group.P)).ExportSubjectPublicKeyInfo());
        Assert.NotNull(await key.AgreeAsync(sound));
    }

    [Fact]
    [Trait("Requirement", "R2631-2.1.1-a")]
    public async Task DiffieHellman_OfASmallSecret_IsPaddedToThePrime()
    {
        DiffieHellmanNumbers group = DiffieHellmanNumbers.Rfc5114;
        BigInteger x = 2;
        byte[]? secret;
        do
        {
            x++;
            using DecryptionKey key = Handle(RawKey.DiffieHellman(group, x, BigInteger.ModPow(group.G, x, group.P)));
            secret = await key.AgreeAsync(key.Certificate.PublicKey);
        }
        while (secret![0] != 0);

        Assert.Equal(256, secret.Length);
        Assert.Equal(BigInteger.ModPow(group.G, x * x, group.P), new BigInteger(secret, isUnsigned: true, isBigEndian: true));
    }

    [Fact]
    [Trait("Requirement", "R2631-2.2-a")]
    [Trait("Kind", "negative")]
    public void DiffieHellman_WithDamagedParameters_IsRefused()
    {
        DiffieHellmanNumbers good = DiffieHellmanNumbers.Rfc5114;
        foreach (DiffieHellmanNumbers group in new[]
        {
            good with { P = good.P + 1 }, good with { P = good.P + 2 }, good with { P = -good.P }, good with { P = 23, Q = 11, G = 2 },
            good with { Q = good.Q + 2 }, good with { Q = 1 }, good with { Q = 0 }, good with { Q = -good.Q }, good with { Q = good.P },
            good with { G = 1 }, good with { G = 0 }, good with { G = good.P - 1 }, good with { G = good.P },
        })
        {
            var key = SubjectPublicKeyInfo.Decode(RawKey.DiffieHellman(group, 5, 4).ExportSubjectPublicKeyInfo());
            Assert.Equal(0, key.KeySize);
            Assert.Null(EphemeralAgreementKey.TryCreate(key));
        }

        // A generator of the whole group shows only when it is used.
        var whole = SubjectPublicKeyInfo.Decode(RawKey.DiffieHellman(good with { G = 3 }, 5, 4).ExportSubjectPublicKeyInfo());
        Assert.Throws<ArgumentException>(() => EphemeralAgreementKey.TryCreate(whole));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(0)]
    [Trait("Kind", "negative")]
    public void Montgomery_PrivateKeyOfAnotherSize_IsRefused(int size)
    {
        using var raw = RawKey.Montgomery(Oids.X25519, new byte[size], new byte[32]);
        Assert.Throws<MalformedDataException>(() => DecryptionKey.FromPkcs8(
            KeyCertificates.For(SubjectPublicKeyInfo.Decode(raw.ExportSubjectPublicKeyInfo())), raw.ExportPkcs8PrivateKey()));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Key_OfAnotherCertificate_IsRefused()
    {
        foreach (string kind in new[] { "x25519", "x448", "dh", "brainpoolP256r1" })
        {
            using AsymmetricAlgorithm one = Make(kind);
            using AsymmetricAlgorithm two = Make(kind);
            Assert.Throws<ArgumentException>(() => DecryptionKey.FromPkcs8(
                KeyCertificates.For(SubjectPublicKeyInfo.Decode(one.ExportSubjectPublicKeyInfo())), two.ExportPkcs8PrivateKey()));
        }
    }

    [Fact]
    [Trait("Requirement", "R8418-3.2-b")]
    public async Task Montgomery_KeyInsideAnOctetString_IsTheSame()
    {
        using AsymmetricAlgorithm own = RawKey.X25519();
        using DecryptionKey key = Handle(own);
        using EphemeralAgreementKey ephemeral = EphemeralAgreementKey.TryCreate(key.Certificate.PublicKey)!;
        AlgorithmIdentifier algorithm = ephemeral.PublicKey.Algorithm;
        byte[] inside = [0x04, 0x20, .. ephemeral.PublicKey.Key.Span];

        Assert.Equal(await key.AgreeAsync(ephemeral.PublicKey), await key.AgreeAsync(SubjectPublicKeyInfo.Create(algorithm, inside)));
        Assert.Null(await key.AgreeAsync(SubjectPublicKeyInfo.Create(AlgorithmIdentifier.WithNull(algorithm.Oid), ephemeral.PublicKey.Key.Span))); // R8410-3-a
        inside[1]++;
        Assert.Null(await key.AgreeAsync(SubjectPublicKeyInfo.Create(algorithm, inside)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Dispose_EndsTheKey(string kind)
    {
        using AsymmetricAlgorithm own = Make(kind);
        DecryptionKey key = Handle(own);
        SubjectPublicKeyInfo publicKey = key.Certificate.PublicKey;
        key.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await key.AgreeAsync(publicKey));
    }

    private static AsymmetricAlgorithm Make(string kind) => kind switch
    {
        "x25519" => RawKey.X25519(),
        "x448" => RawKey.X448(),
        "dh" => RawKey.DiffieHellman(),
        _ => ECDiffieHellman.Create(ECCurve.CreateFromFriendlyName(kind)),
    };

    private static DecryptionKey Handle(AsymmetricAlgorithm key) => DecryptionKey.FromPkcs8(
        KeyCertificates.For(SubjectPublicKeyInfo.Decode(key.ExportSubjectPublicKeyInfo())), key.ExportPkcs8PrivateKey());

    private static SubjectPublicKeyInfo? TryDecode(byte[] encoded)
    {
        try
        {
            return SubjectPublicKeyInfo.Decode(encoded);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    private static bool IsNative(string oid)
    {
        using ECDiffieHellman key = ECDiffieHellman.Create(ECCurve.CreateFromValue(oid));
        return key.KeySize > 0;
    }

    private static PrivateKeyMaterial EcMaterial(string curve, int size, byte[] scalar)
    {
        ReadOnlySpan<byte> bare = scalar.AsSpan().TrimStart((byte)0);
        byte[] padded = new byte[size];
        bare.CopyTo(padded.AsSpan(size - bare.Length));
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteOctetString(padded);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                writer.WriteObjectIdentifier(curve);
            }
        }

        return PrivateKeyMaterial.FromEcPrivateKey(writer.Encode());
    }
}
