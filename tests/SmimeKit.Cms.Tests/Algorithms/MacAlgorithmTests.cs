using System.Security.Cryptography;
using System.Text.Json;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Algorithms;

public sealed class MacAlgorithmTests
{
    public static TheoryData<string, string> Hmacs { get; } = new()
    {
        { "hmac_sha1", "1.3.6.1.5.5.8.1.2" }, { "hmac_sha224", "1.2.840.113549.2.8" }, { "hmac_sha256", "1.2.840.113549.2.9" },
        { "hmac_sha384", "1.2.840.113549.2.10" }, { "hmac_sha512", "1.2.840.113549.2.11" },
    };

    [Theory]
    [MemberData(nameof(Hmacs))]
    [Trait("Requirement", "R3370-6.1-e")]
    public void Hmac_OfWycheproof_HasTheVerdictsListed(string file, string oid)
    {
        var algorithm = (HmacAlgorithm)MacAlgorithm.Find(oid)!;
        int compared = 0;
        foreach ((JsonElement group, JsonElement test) in Tests(file))
        {
            byte[] key = Hex(test, "key");
            if (group.GetProperty("tagSize").GetInt32() != algorithm.Size * 8)
            {
                continue; // shorter codes are not accepted at all
            }

            byte[] expected = Hex(test, "tag");
            bool valid = test.GetProperty("result").GetString() == "valid";
            using IncrementalMac native = algorithm.Create(key, new AlgorithmIdentifier(oid));
            using IncrementalMac managed = algorithm.CreateManaged(key);
            foreach (IncrementalMac mac in new[] { native, managed })
            {
                foreach (byte octet in Hex(test, "msg"))
                {
                    mac.Append([octet]);
                }

                Assert.Equal(valid, mac.Finish().AsSpan().SequenceEqual(expected));
            }

            compared++;
        }

        Assert.True(compared > 50);
    }

    [Theory]
    [InlineData("HMAC-SHA3-224", "332CFD59347FDB8E576E77260BE4ABA2D6DC53117B3BFB52C6D18C04")]
    [InlineData("HMAC-SHA3-256", "4FE8E202C4F058E8DDDC23D8C34E467343E23555E24FC2F025D598F558F67205")]
    [InlineData("HMAC-SHA3-384", "D588A3C51F3F2D906E8298C1199AA8FF6296218127F6B38A90B6AFE2C5617725BC99987F79B22A557B6520DB710B7F42")]
    [InlineData(
        "HMAC-SHA3-512",
        "4EFD629D6C71BF86162658F29943B1C308CE27CDFA6DB0D9C3CE81763F9CBCE5F7EBE9868031DB1A8F8EB7B6B95E5C5E3F657A8996C86A2F6527E307F0213196")]
    [Trait("Matrix", "HMAC-SHA3-224")]
    [Trait("Matrix", "HMAC-SHA3-256")]
    [Trait("Matrix", "HMAC-SHA3-384")]
    [Trait("Matrix", "HMAC-SHA3-512")]
    public void Hmac_OfTheExamplesOfNist_IsTheKnownOne(string name, string code)
    {
        var algorithm = (HmacAlgorithm)MacAlgorithm.BuiltIn.Single(a => a.Name == name);
        byte[] key = [.. Enumerable.Range(0, algorithm.Size).Select(i => (byte)i)];
        using IncrementalMac native = algorithm.Create(key, new AlgorithmIdentifier(algorithm.Oid));
        using IncrementalMac managed = algorithm.CreateManaged(key);
        foreach (IncrementalMac mac in new[] { native, managed })
        {
            mac.Append("Sample message for keylen<blocklen"u8);
            Assert.Equal(code, Convert.ToHexString(mac.Finish()));
        }
    }

    [Fact]
    [Trait("Requirement", "R9044-4-a")]
    [Trait("Matrix", "AES-128-GMAC")]
    [Trait("Matrix", "AES-192-GMAC")]
    [Trait("Matrix", "AES-256-GMAC")]
    public void Gmac_OfWycheproof_HasTheVerdictsListed()
    {
        int compared = 0;
        foreach ((JsonElement group, JsonElement test) in Tests("aes_gmac"))
        {
            MacAlgorithm algorithm = MacAlgorithm.BuiltIn.Single(
                a => a.Name.EndsWith("GMAC", StringComparison.Ordinal) && a.KeySize * 8 == group.GetProperty("keySize").GetInt32());
            byte[] parameters = Asn.Sequence(Asn.OctetString(Hex(test, "iv")), Asn.Number(group.GetProperty("tagSize").GetInt32() / 8));
            var identifier = new AlgorithmIdentifier(algorithm.Oid, parameters);
            bool valid = test.GetProperty("result").GetString() == "valid";
            try
            {
                _ = algorithm.ReadSize(identifier);
            }
            catch (MalformedDataException)
            {
                Assert.False(valid && Hex(test, "iv").Length is > 0 and <= 64);
                continue;
            }

            using IncrementalMac mac = algorithm.Create(Hex(test, "key"), identifier);
            mac.Append(Hex(test, "msg"));
            Assert.Equal(valid, mac.Finish().AsSpan().SequenceEqual(Hex(test, "tag")));
            compared++;
        }

        Assert.True(compared > 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(100_001)]
    [Trait("Requirement", "R9044-3.1-b")]
    [Trait("Requirement", "R9044-3.1-c")]
    [Trait("Requirement", "R9044-4-a")]
    public void Gmac_InAnyPieces_IsTheTagOfGcmOverNothing(int size)
    {
        foreach (MacAlgorithm algorithm in new[] { MacAlgorithm.Aes128Gmac, MacAlgorithm.Aes192Gmac, MacAlgorithm.Aes256Gmac })
        {
            byte[] key = RandomNumberGenerator.GetBytes(algorithm.KeySize);
            byte[] data = RandomNumberGenerator.GetBytes(size);
            AlgorithmIdentifier identifier = algorithm.CreateIdentifier();
            using IncrementalMac mac = algorithm.Create(key, identifier);
            for (int at = 0; at < size; at += 4097)
            {
                mac.Append(data.AsSpan(at, Math.Min(4097, size - at)));
            }

            using var gcm = new AesGcm(key, 16);
            byte[] tag = new byte[16];
            gcm.Encrypt(identifier.Parameters.Slice(4, 12).Span, default, default, tag, data);
            Assert.Equal(tag, mac.Finish());
            Assert.Equal(16, algorithm.ReadSize(identifier));
        }
    }

    [Fact]
    public void Hmac_NativeAndManaged_Agree()
    {
        byte[] key = RandomNumberGenerator.GetBytes(40);
        byte[] data = RandomNumberGenerator.GetBytes(1000);
        foreach (HmacAlgorithm algorithm in MacAlgorithm.BuiltIn.OfType<HmacAlgorithm>())
        {
            using IncrementalMac native = algorithm.Create(key, new AlgorithmIdentifier(algorithm.Oid));
            using IncrementalMac managed = algorithm.CreateManaged(key);
            native.Append(data);
            managed.Append(data);
            Assert.Equal(managed.Finish(), native.Finish());
        }
    }

    private static IEnumerable<(JsonElement Group, JsonElement Test)> Tests(string file)
    {
        JsonDocument document = JsonDocument.Parse(TestKit.Vectors.Read($"wycheproof/{file}_test.json"));
        return from g in document.RootElement.GetProperty("testGroups").EnumerateArray()
               from t in g.GetProperty("tests").EnumerateArray()
               select (g, t);
    }

    private static byte[] Hex(JsonElement test, string name) => Convert.FromHexString(test.GetProperty(name).GetString()!);
}
