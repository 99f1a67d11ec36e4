using System.Security.Cryptography;
using System.Text.Json;
using Org.BouncyCastle.Security;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Algorithms;

/// <summary>ML-KEM: Project Wycheproof, the keys of RFC 9935, and both libraries where both have it.</summary>
public static class MLKemTests
{
    public static TheoryData<string> Sets => [.. MLKemParameterSet.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Sets))]
    public static void SeedsOfWycheproof_GiveTheVerdictsListed(string name)
    {
        MLKemParameterSet set = Named(name);
        Check($"{set.Name.Replace("ml-kem-", "mlkem_", StringComparison.Ordinal)}_test", test =>
        {
            byte[] seed = Octets(test, "seed");
            byte[] pkcs8 = Wrap(set, [0x80, (byte)seed.Length, .. seed]);
            return Decapsulate(set, pkcs8, Octets(test, "c"), test.TryGetProperty("ek", out _) ? Octets(test, "ek") : null);
        });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    [Trait("Requirement", "R9935-6-a")]
    public static void ExpandedKeysOfWycheproof_GiveTheVerdictsListed(string name)
    {
        MLKemParameterSet set = Named(name);
        Check($"{set.Name.Replace("ml-kem-", "mlkem_", StringComparison.Ordinal)}_semi_expanded_decaps_test", test =>
        {
            byte[] key = Octets(test, "dk");
            byte[] pkcs8 = Wrap(set, [0x04, 0x82, (byte)(key.Length >> 8), (byte)key.Length, .. key]);
            return Decapsulate(set, pkcs8, Octets(test, "c"), Octets(test, "ek"));
        });
    }

    [Fact]
    [Trait("Requirement", "R9935-4-a")]
    public static void PublicKeysOfWycheproof_GiveTheVerdictsListed()
    {
        MLKemParameterSet set = MLKemParameterSet.MLKem768;
        Check("mlkem_768_encaps_test", test =>
        {
            byte[] key = Octets(test, "ek");
            if (key.Length != set.PublicKeySize)
            {
                return null;
            }

            byte[]? secret = set.EncapsulateManaged(key, new GivenRandom(Octets(test, "m")), out byte[] ciphertext);
            return secret is null || !ciphertext.AsSpan().SequenceEqual(Octets(test, "c")) ? null : secret;
        });
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public static void BothLibraries_UnderstandEachOther(string name)
    {
        Assert.SkipUnless(MLKem.IsSupported, "The base library has no ML-KEM on this platform (OpenSSL 3.5 brings it).");
        MLKemParameterSet set = Named(name);
        using PrivateKeyMaterial material = PrivateKeyMaterial.FromPkcs8(ReadDer($"lamps-mlkem/{name.ToUpperInvariant()}-both.priv"));
        using MLKemPrivateKey key = MLKemPrivateKey.FromMaterial(set, material);
        byte[] native = set.EncapsulateNative(key.PublicKey, out byte[] first)!;
        byte[] managed = set.EncapsulateManaged(key.PublicKey, out byte[] second)!;

        Assert.Equal(native, key.DecapsulateManaged(first));
        Assert.Equal(managed, key.DecapsulateNative(second));
        first[0] ^= 1;
        Assert.Equal(key.DecapsulateNative(first), key.DecapsulateManaged(first)); // implicit rejection is the same, too
    }

    [Theory]
    [InlineData("ML-KEM-512")]
    [InlineData("ML-KEM-768")]
    [InlineData("ML-KEM-1024")]
    [Trait("Requirement", "R9935-6-a")]
    [Trait("Requirement", "R9935-4-a")]
    public static async Task KeysOfRfc9935_InEachForm_Decapsulate(string name)
    {
        Certificate certificate = ReadCertificate(name);
        var scheme = new KeyEncapsulationScheme.MLKem(Named(name.ToLowerInvariant()));
        byte[] secret = certificate.PublicKey.TryEncapsulate(scheme, out byte[] ciphertext)!;
        foreach (string form in new[] { "seed", "expanded", "both" })
        {
            using DecryptionKey key = DecryptionKey.FromPkcs8(certificate, ReadDer($"lamps-mlkem/{name}-{form}.priv"));
            Assert.Equal(secret, await key.DecapsulateAsync(scheme, ciphertext, TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [Trait("Requirement", "R9935-6-a")]
    [Trait("Kind", "negative")]
    public static void BadKeysOfRfc9935_AreRefused(int number)
    {
        byte[] key = ReadDer($"lamps-mlkem/bad-ML-KEM-512-{number}.priv");
        Assert.Throws<MalformedDataException>(() => DecryptionKey.FromPkcs8(ReadCertificate("ML-KEM-512"), key).Dispose());
    }

    [Fact]
    [Trait("Kind", "negative")]
    public static async Task Key_OfAnotherCertificateOrMechanism_IsRefused()
    {
        Certificate certificate = ReadCertificate("ML-KEM-512");
        byte[] pkcs8 = ReadDer("lamps-mlkem/ML-KEM-512-both.priv");
        Assert.Throws<ArgumentException>(() => DecryptionKey.FromPkcs8(ReadCertificate("ML-KEM-768"), pkcs8).Dispose());
        using DecryptionKey key = DecryptionKey.FromPkcs8(certificate, pkcs8);
        await Assert.ThrowsAsync<UnsupportedAlgorithmException>(async () => await key.DecapsulateAsync(
            new KeyEncapsulationScheme.MLKem(MLKemParameterSet.MLKem768), new byte[1088], TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<UnsupportedAlgorithmException>(async () => await key.DecapsulateAsync(
            new KeyEncapsulationScheme.Rsa(DigestAlgorithm.Sha256, 16), new byte[256], TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<UnsupportedAlgorithmException>(async () => await key.DecryptAsync(
            new KeyTransportScheme.Pkcs1(), new byte[256], 16, TestContext.Current.CancellationToken));
        Assert.Null(certificate.PublicKey.TryEncapsulate(new KeyEncapsulationScheme.MLKem(MLKemParameterSet.MLKem768), out _));
    }

    private static Certificate ReadCertificate(string name) => Certificate.Decode(ReadDer($"lamps-mlkem/{name}.crt"));

    private static byte[] ReadDer(string path)
    {
        string text = System.Text.Encoding.ASCII.GetString(Vectors.Read(path));
        return Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]);
    }

    private static byte[] Octets(JsonElement test, string member) => Convert.FromHexString(test.GetProperty(member).GetString()!);

    private static MLKemParameterSet Named(string name) => MLKemParameterSet.All.Single(s => s.Name == name);

    private static void Check(string file, Func<JsonElement, byte[]?> run)
    {
        var wrong = new List<string>();
        int count = 0;
        using JsonDocument document = JsonDocument.Parse(Vectors.Read($"wycheproof/{file}.json"));
        foreach (JsonElement test in document.RootElement.GetProperty("testGroups").EnumerateArray().SelectMany(g => g.GetProperty("tests").EnumerateArray()))
        {
            count++;
            byte[]? secret;
            try
            {
                secret = run(test);
            }
            catch (MalformedDataException)
            {
                secret = null;
            }

            bool isGood = secret is not null && secret.AsSpan().SequenceEqual(Octets(test, "K"));
            if (isGood != (test.GetProperty("result").GetString() == "valid"))
            {
                wrong.Add($"{file} {test.GetProperty("tcId")}: {test}"[..Math.Min(200, $"{file} {test.GetProperty("tcId")}: {test}".Length)]);
            }
        }

        Assert.True(count > 0);
        Assert.Empty(wrong);
    }

    // Null when the ciphertext is refused, or when the private key does not belong to the public one.
    private static byte[]? Decapsulate(MLKemParameterSet set, byte[] pkcs8, byte[] ciphertext, byte[]? publicKey)
    {
        using PrivateKeyMaterial material = PrivateKeyMaterial.FromPkcs8(pkcs8);
        using MLKemPrivateKey key = MLKemPrivateKey.FromMaterial(set, material);
        return publicKey is not null && !publicKey.AsSpan().SequenceEqual(key.PublicKey) ? null : key.Decapsulate(ciphertext);
    }

    private static byte[] Wrap(MLKemParameterSet set, byte[] privateKey)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(set.Oid);
            }

            writer.WriteOctetString(privateKey);
        }

        return writer.Encode();
    }

    private sealed class GivenRandom(byte[] octets) : SecureRandom(generator: null!)
    {
        public override void NextBytes(byte[] buf) => octets.CopyTo(buf, 0);

        public override void NextBytes(byte[] buf, int off, int len) => octets.AsSpan(0, len).CopyTo(buf.AsSpan(off));

        public override void NextBytes(Span<byte> buffer) => octets.AsSpan(0, buffer.Length).CopyTo(buffer);
    }
}
