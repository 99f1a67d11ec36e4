using System.Security.Cryptography;
using System.Text.Json;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Tests.Algorithms;

public static class KeyWrapTests
{
    private const string TripleDesKey = "2923BF85E06DD6AE529149F1F1BAE9EAB3A7DA3D860D3E98";

    private static readonly DateTimeOffset _at = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> All => [.. KeyWrapAlgorithm.BuiltIn.Select(a => a.Name)];

    [Theory]
    [InlineData("AES-128-wrap", "000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF", "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5")]
    [InlineData(
        "AES-256-wrap",
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
        "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")]
    [InlineData(
        "AES-192-wrap-pad",
        "5840DF6E29B02AF1AB493B705BF16EA1AE8338F4DCC176A8",
        "C37B7E6492584340BED12207808941155068F738",
        "138BDEAA9B8FA7FC61F97742E72248EE5AE6AE5360D1AE6A5F54F373FA543B6A")]
    [InlineData("AES-192-wrap-pad", "5840DF6E29B02AF1AB493B705BF16EA1AE8338F4DCC176A8", "466F7250617369", "AFBEB0F07DFBF5419200F2CCB50BB24F")]
    [Trait("Requirement", "R3394-4.1-a")]
    [Trait("Requirement", "R3394-2.2.1-a")]
    [Trait("Requirement", "R5649-3-a")]
    [Trait("Requirement", "R5649-4.1-a")]
    [Trait("Requirement", "R5649-6-a")]
    [Trait("Matrix", "kekri-aes-pad")]
    [Trait("Matrix", "pwri-aes-wrap")]
    public static void Wrap_OfAKnownKey_GivesTheKnownOctetsAndBack(string name, string keyEncryptionKey, string key, string wrapped)
    {
        KeyWrapAlgorithm algorithm = Named(name);
        byte[] kek = Convert.FromHexString(keyEncryptionKey);
        byte[] secret = Convert.FromHexString(key);

        Assert.Equal(wrapped, Convert.ToHexString(algorithm.Wrap(kek, secret)));
        Assert.Equal(key, Convert.ToHexString(algorithm.Unwrap(kek, Convert.FromHexString(wrapped), secret.Length)!));
        Assert.Equal(wrapped.Length / 2, algorithm.WrappedSize(secret.Length));
    }

    [Fact]
    [Trait("Requirement", "R3217-3.1-a")]
    [Trait("Requirement", "R3217-3.2-a")]
    [Trait("Matrix", "kekri-3des")]
    public static void TripleDes_WithTheKnownIv_GivesTheKnownOctetsAndBack()
    {
        byte[] kek = Convert.FromHexString("255E0D1C07B646DFB3134CC843BA8AA71F025B7C0838251F");
        byte[] wrapped = ((TripleDesKeyWrap)KeyWrapAlgorithm.TripleDes)
            .Seal(kek, Convert.FromHexString(TripleDesKey), Convert.FromHexString("5DD4CBFC96F5453B"));

        Assert.Equal("690107618EF092B3B48CA1796B234AE9FA33EBB4159604037DB5D6A84EB3AAC2768C632775A467D4", Convert.ToHexString(wrapped));
        Assert.Equal(TripleDesKey, Convert.ToHexString(KeyWrapAlgorithm.TripleDes.Unwrap(kek, wrapped)!));
    }

    [Theory]
    [InlineData(40, "70E699FB5701F7833330FB71E87C85A420BDC99AF05D22AF5A0E48D35F3138986CBAAFB4B28D4F35")]
    [InlineData(128, "F4D8021C1EA463D217A9EB6929FFA57736D3E20386C90993835B4BE4AD8D8A1BC63B25DE2BF77993")]
    [Trait("Requirement", "R3217-4.1-a")]
    [Trait("Requirement", "R3217-4.2-a")]
    [Trait("Requirement", "R3370-5.2-b")]
    [Trait("Matrix", "kekri-rc2")]
    public static void Rc2_WithTheKnownIvAndPadding_GivesTheKnownOctetsAndBack(int effectiveBits, string expected)
    {
        byte[] kek = Convert.FromHexString("FD04FD08060707FB0003FEFFFD02FE05");
        var algorithm = new Rc2KeyWrap(effectiveBits);
        byte[] wrapped = algorithm.Seal(
            kek, Convert.FromHexString("10B70A25FBC9D86A86050CE0D711EAD4D94845CCE7FD1250"), Convert.FromHexString("C7D90059B29E97F7"));

        Assert.Equal(expected, Convert.ToHexString(wrapped));
        Assert.Equal("B70A25FBC9D86A86050CE0D711EAD4D9", Convert.ToHexString(algorithm.Unwrap(kek, wrapped, 16)!));
        Assert.Equal(effectiveBits, ((Rc2KeyWrap)KeyWrapAlgorithm.Resolve(algorithm.Identifier, toleratesDeviations: false)!).EffectiveBits);
    }

    [Fact]
    [Trait("Requirement", "R3394-2.2.1-a")]
    [Trait("Requirement", "R3394-2.2.3-a")]
    [Trait("Matrix", "pwri-aes-wrap")]
    public static void PublishedVectors_UnwrapOrFailAsTheySay()
    {
        int valid = 0;
        foreach ((_, JsonElement test) in WycheproofFile.Read("aes_wrap_test"))
        {
            byte[] kek = test.Octets("key");
            KeyWrapAlgorithm algorithm = Named($"AES-{kek.Length * 8}-wrap");
            byte[]? key = algorithm.Unwrap(kek, test.Octets("ct"));

            Assert.Equal(test.IsValid() ? test.Octets("msg") : null, key);
            if (key is not null)
            {
                valid++;
                Assert.Equal(test.Octets("ct"), algorithm.Wrap(kek, key));
            }
        }

        Assert.True(valid > 20);
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Matrix", "kekri-aes-pad")]
    [Trait("Matrix", "kekri-camellia")]
    [Trait("Matrix", "kekri-3des")]
    [Trait("Matrix", "kekri-rc2")]
    public static void Wrap_ByAnotherImplementation_IsReadAndTheReverse(string name)
    {
        KeyWrapAlgorithm algorithm = Named(name);
        for (int size = 1; size <= 64; size++)
        {
            if (!algorithm.Takes(size))
            {
                continue;
            }

            byte[] kek = RandomNumberGenerator.GetBytes(algorithm.KeySize);
            byte[] key = algorithm == KeyWrapAlgorithm.TripleDes ? Convert.FromHexString(TripleDesKey) : RandomNumberGenerator.GetBytes(size);
            ICipherParameters parameters = algorithm == KeyWrapAlgorithm.Rc2 ? new RC2Parameters(kek, 128) : new KeyParameter(kek);
            IWrapper theirs = Foreign(name);
            theirs.Init(forWrapping: true, new ParametersWithRandom(parameters, new SecureRandom()));
            if (algorithm != KeyWrapAlgorithm.Rc2 || size % 8 == 7)
            {
                Assert.Equal(key, algorithm.Unwrap(kek, theirs.Wrap(key, 0, key.Length), key.Length));
            }

            byte[] wrapped = algorithm.Wrap(kek, key);
            theirs = Foreign(name);
            theirs.Init(forWrapping: false, parameters);
            Assert.Equal(key, theirs.Unwrap(wrapped, 0, wrapped.Length));
            Assert.Equal(algorithm.WrappedSize(size), wrapped.Length);
            Assert.Equal(key, algorithm.Unwrap(kek, wrapped, key.Length));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Requirement", "R3394-2.2.3-a")]
    [Trait("Requirement", "R3217-3.2-a")]
    [Trait("Requirement", "R3217-4.2-a")]
    [Trait("Requirement", "R5649-3-b")]
    [Trait("Kind", "negative")]
    public static void Unwrap_WithAnyBitFlippedOrOctetMissing_GivesNothing(string name)
    {
        KeyWrapAlgorithm algorithm = Named(name);
        byte[] kek = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        byte[] key = Convert.FromHexString(TripleDesKey);
        byte[] wrapped = algorithm.Wrap(kek, key);
        for (int bit = 0; bit < wrapped.Length * 8; bit++)
        {
            byte[] flipped = [.. wrapped];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Null(algorithm.Unwrap(kek, flipped));
        }

        for (int length = 0; length < wrapped.Length; length++)
        {
            Assert.Null(algorithm.Unwrap(kek, wrapped.AsSpan(0, length)));
        }

        Assert.Null(algorithm.Unwrap(kek, [.. wrapped, .. new byte[8]]));
        Assert.Null(algorithm.Unwrap(kek, wrapped, key.Length - 8));
        Assert.Null(algorithm.Unwrap(RandomNumberGenerator.GetBytes(algorithm.KeySize), wrapped));
    }

    [Fact]
    [Trait("Requirement", "R3217-3.2-a")]
    [Trait("Requirement", "R3370-4.3-d")]
    [Trait("Kind", "negative")]
    public static void TripleDes_OfAKeyWithoutParity_IsNeitherWrittenNorRead()
    {
        byte[] kek = RandomNumberGenerator.GetBytes(24);
        byte[] key = Convert.FromHexString(TripleDesKey);
        key[11] ^= 1;

        Assert.Throws<ArgumentException>(() => KeyWrapAlgorithm.TripleDes.Wrap(kek, key));
        Assert.Null(KeyWrapAlgorithm.TripleDes.Unwrap(kek, ((TripleDesKeyWrap)KeyWrapAlgorithm.TripleDes).Seal(kek, key, new byte[8])));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyWrapAlgorithm.TripleDes.Wrap(kek, new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyWrapAlgorithm.TripleDes.Wrap(kek, new byte[32]));
    }

    [Theory]
    [InlineData("0FB70A25FBC9D86A86050CE0D711EAD4")] // a padding of none
    [InlineData("07B70A25FBC9D86A86050CE0D711EAD4")] // eight octets of padding
    [InlineData("10B70A25FBC9D86A86050CE0D711EAD4")] // a length that does not fit
    [InlineData("FFB70A25FBC9D86A86050CE0D711EAD4")]
    [InlineData("00B70A25FBC9D86A")]
    [Trait("Requirement", "R3217-4.2-a")]
    public static void Rc2_OfAnyLengthOctet_IsReadOnlyWhenItFits(string padded)
    {
        byte[] kek = RandomNumberGenerator.GetBytes(16);
        var algorithm = (Rc2KeyWrap)KeyWrapAlgorithm.Rc2;
        byte[]? key = algorithm.Unwrap(kek, algorithm.Seal(kek, Convert.FromHexString(padded), new byte[8]));

        Assert.Equal(padded.StartsWith("0F", StringComparison.Ordinal) ? padded[2..] : null, key is null ? null : Convert.ToHexString(key));
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Requirement", "R3217-3.1-b")]
    public static void Wrap_Twice_HasAnInitializationVectorOfItsOwn(string name)
    {
        KeyWrapAlgorithm algorithm = Named(name);
        byte[] kek = RandomNumberGenerator.GetBytes(algorithm.KeySize);
        byte[] key = Convert.FromHexString(TripleDesKey);

        Assert.Equal(algorithm is TwoPassKeyWrap, !algorithm.Wrap(kek, key).AsSpan().SequenceEqual(algorithm.Wrap(kek, key)));
    }

    [Theory]
    [InlineData("AES-128-wrap", 12)]
    [InlineData("AES-128-wrap", 8)]
    [InlineData("Camellia-256-wrap", 17)]
    [InlineData("AES-256-wrap-pad", 0)]
    [InlineData("RC2-wrap", 256)]
    [Trait("Requirement", "R3394-2.2.1-a")]
    [Trait("Kind", "negative")]
    public static void Wrap_OfAnIllegalSize_IsRefused(string name, int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Named(name).Wrap(new byte[Named(name).KeySize], new byte[size]));

    [Theory]
    [InlineData("AES-128-wrap", "300B060960864801650304 0105")]
    [InlineData("AES-256-wrap-pad", "300B060960864801650304 0130")]
    [InlineData("Camellia-128-wrap", "300D060B2A83088C9A4B3D01010302")]
    [InlineData("3DES-wrap", "300F060B2A864886F70D01091003060500")]
    [InlineData("RC2-wrap", "3010060B2A864886F70D010910030702013A")]
    [Trait("Requirement", "R3565-2.3.2-a")]
    [Trait("Requirement", "R5649-5-a")]
    [Trait("Requirement", "R3370-4.3.1-a")]
    [Trait("Requirement", "R3370-4.3.2-a")]
    [Trait("Requirement", "R3370-4.3-a")]
    public static void Identifier_OfAWrap_HasTheParametersOfTheRfc(string name, string encoded)
    {
        byte[] expected = Convert.FromHexString(encoded.Replace(" ", "", StringComparison.Ordinal));

        Assert.Equal(expected, Named(name).Identifier.Encode());
        Assert.Equal(name, KeyWrapAlgorithm.Resolve(Named(name).Identifier, toleratesDeviations: false)!.Name);
    }

    [Theory]
    [MemberData(nameof(All))]
    public static void OtherParameters_AreToleratedOnlyWhenNullOrAbsent(string name)
    {
        KeyWrapAlgorithm algorithm = Named(name);
        var identifiers = new[] { new AlgorithmIdentifier(algorithm.Oid), AlgorithmIdentifier.WithNull(algorithm.Oid) };
        bool hasNumber = algorithm == KeyWrapAlgorithm.Rc2;

        Assert.All(identifiers, i => Assert.Equal(!hasNumber, KeyWrapAlgorithm.Resolve(i, toleratesDeviations: true) is not null));
        Assert.Equal(hasNumber ? 0 : 1, identifiers.Count(i => KeyWrapAlgorithm.Resolve(i, toleratesDeviations: false) is not null));
        Assert.Null(KeyWrapAlgorithm.Resolve(new AlgorithmIdentifier(algorithm.Oid, new byte[] { 2, 1, 7 }), toleratesDeviations: true));
        Assert.Null(KeyWrapAlgorithm.Resolve(new AlgorithmIdentifier(algorithm.Oid, new byte[] { 2, 1, 0xA0 }), toleratesDeviations: true));
    }

    [Theory]
    [MemberData(nameof(All))]
    public static void Policy_ReadsWeakWrapsUnderLegacyOnly(string name)
    {
        string oid = Named(name).Oid;
        bool isWeak = oid is Oids.TripleDesWrap or Oids.Rc2Wrap;

        Assert.Equal(isWeak ? "key-wrap-not-listed" : null, CmsPolicy.Default.FindKeyWrapObjection(oid, _at));
        Assert.Equal(isWeak ? "key-wrap-not-listed" : null, CmsPolicy.Strict.FindKeyWrapObjection(oid, _at));
        Assert.Null(CmsPolicy.Legacy.FindKeyWrapObjection(oid, _at));
        Assert.Equal(isWeak, CmsPolicy.Legacy.WeakKeyWraps.Contains(oid));
    }

    private static KeyWrapAlgorithm Named(string name) => KeyWrapAlgorithm.BuiltIn.Single(a => a.Name == name);

    private static IWrapper Foreign(string name) => name switch
    {
        "3DES-wrap" => new DesEdeWrapEngine(),
        "RC2-wrap" => new RC2WrapEngine(),
        _ when name.EndsWith("-pad", StringComparison.Ordinal) => new Rfc5649WrapEngine(AesUtilities.CreateEngine()),
        _ when name.StartsWith("Camellia", StringComparison.Ordinal) => new CamelliaWrapEngine(),
        _ => new AesWrapEngine(),
    };
}
