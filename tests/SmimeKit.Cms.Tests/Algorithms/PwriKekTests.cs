using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Tests.Algorithms;

/// <summary>The key wrap of password recipients: the vectors of RFC 3211 §3, and Bouncy Castle's implementation.</summary>
public static class PwriKekTests
{
    private const string DesKey = "D1DAA78615F287E6";
    private const string DesIv = "EFE598EF21B33D6D";
    private const string DesContentKey = "8C627C897323A2F8";
    private const string DesWrapped = "B81B2565EE373CA6DEDCA26A178B0C10";
    private const string TripleDesKey = "6A8970BF68C92CAEA84A8DF28510858607126380CC47AB2D";
    private const string TripleDesIv = "BAF1CA7931213C4E";
    private const string TripleDesContentKey = "8C637D887223A2F965B566EB014B0FA5D52300A3F7EA40FFFC577203C71BAF3B";
    private const string TripleDesWrapped = "C03C514ABDB9E2C5AAC038572B5E24553876B377AAFB82ECA5A9D73F8AB143D9EC74E6CAD7DB260C";

    public static TheoryData<int, int> Sizes
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (int kek in new[] { 16, 24, 32 })
            {
                foreach (int key in new[] { 3, 8, 12, 16, 24, 28, 29, 32, 64, 255 })
                {
                    data.Add(kek, key);
                }
            }

            return data;
        }
    }

    [Fact]
    [Trait("Requirement", "R3211-2.3.1-b")]
    [Trait("Requirement", "R3211-2.3.1-c")]
    public static void Vector_OfRfc3211WithDes_IsReproduced()
    {
        using CbcBlocks des = CbcBlocks.Create(() => new DesEngine(), new DesParameters(Convert.FromHexString(DesKey)));

        byte[] wrapped = PwriKek.Wrap(des, Convert.FromHexString(DesIv), Convert.FromHexString(DesContentKey), Convert.FromHexString("C436F541"));

        Assert.Equal(DesWrapped, Convert.ToHexString(wrapped));
        Assert.Equal(DesContentKey, Convert.ToHexString(PwriKek.Unwrap(des, Convert.FromHexString(DesIv), wrapped, 8)!));
    }

    [Fact]
    [Trait("Requirement", "R3211-2.3.1-a")]
    [Trait("Requirement", "R3211-2.3.1-b")]
    [Trait("Requirement", "R3211-2.3.1-c")]
    [Trait("Matrix", "pwri-token")]
    public static void Vector_OfRfc3211WithTripleDes_IsReproduced()
    {
        byte[] iv = Convert.FromHexString(TripleDesIv);
        using CbcBlocks cipher = PasswordKeyCipher.Find(Oids.TripleDesCbc)!.Create(Convert.FromHexString(TripleDesKey));

        byte[] wrapped = PwriKek.Wrap(cipher, iv, Convert.FromHexString(TripleDesContentKey), Convert.FromHexString("FA060A45"));

        Assert.Equal(TripleDesWrapped, Convert.ToHexString(wrapped));
        Assert.Equal(TripleDesContentKey, Convert.ToHexString(PwriKek.Unwrap(cipher, iv, wrapped, 32)!));
    }

    [Theory]
    [InlineData("password", "1234567878563412", 5, "sha-1", "D1DAA78615F287E6")]
    [InlineData(
        "All n-entities must communicate with other n-entities via n-1 entiteeheehees",
        "1234567878563412",
        500,
        "sha-1",
        "6A8970BF68C92CAEA84A8DF28510858607126380CC47AB2D")]
    [InlineData("password", "73616C74", 4096, "sha-1", "4B007901B765489ABEAD49D926F721D065A429C1")]
    [InlineData(
        "passwd",
        "73616C74",
        1,
        "sha-256",
        "55AC046E56E3089FEC1691C22544B605F94185216DDE0465E68B9D57C20DACBC49CA9CCCF179B645991664B39D77EF317C71B845B1E30BD509112041D3A19783")]
    [InlineData(
        "Password",
        "4E61436C",
        80000,
        "sha-256",
        "4DDCD8F60B98BE21830CEE5EF22701F9641A4418D04C0414AEFF08876B34AB56A1D425A1225833549ADB841B51C9B3176A272BDEBBA1D078478F62B397F33C8D")]
    [Trait("Requirement", "R3370-4.4.1-a")]
    public static void Pbkdf2_OfPublishedVectors_IsReproduced(string password, string salt, int iterations, string digest, string key)
    {
        var parameters = new Pbkdf2Parameters(Convert.FromHexString(salt), iterations, null, DigestAlgorithm.FindByMicalg(digest)!);
        Assert.Equal(key, Convert.ToHexString(parameters.Derive(Encoding.ASCII.GetBytes(password), key.Length / 2)));
    }

    [Theory]
    [InlineData("sha-1")]
    [InlineData("sha-224")]
    [InlineData("sha-256")]
    [InlineData("sha-384")]
    [InlineData("sha-512")]
    public static void Pbkdf2_OfBothLibraries_IsTheSame(string name)
    {
        DigestAlgorithm digest = DigestAlgorithm.FindByMicalg(name)!;
        byte[] password = RandomNumberGenerator.GetBytes(11);
        var parameters = new Pbkdf2Parameters(RandomNumberGenerator.GetBytes(16), 37, null, digest);
        var generator = new Org.BouncyCastle.Crypto.Generators.Pkcs5S2ParametersGenerator(BouncyCastleDigests.Create(digest));
        generator.Init(password, parameters.Salt, parameters.Iterations);

        Assert.Equal(((KeyParameter)generator.GenerateDerivedMacParameters(100 * 8)).GetKey(), parameters.Derive(password, 100));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    [Trait("Requirement", "R3211-2.3.1-b")]
    [Trait("Matrix", "pwri-token")]
    public static void Wrap_WithAes_IsWhatBouncyCastleUnwrapsAndTheOtherWay(int kekSize, int keySize)
    {
        byte[] kek = RandomNumberGenerator.GetBytes(kekSize);
        byte[] iv = RandomNumberGenerator.GetBytes(16);
        byte[] key = RandomNumberGenerator.GetBytes(keySize);
        using CbcBlocks cipher = PasswordKeyCipher.ForAes(kekSize).Create(kek);

        byte[] wrapped = PwriKek.Wrap(cipher, iv, key);

        Assert.Equal(key, Bouncy(false, new AesEngine(), new KeyParameter(kek), iv).Unwrap(wrapped, 0, wrapped.Length));
        byte[] theirs = Bouncy(true, new AesEngine(), new KeyParameter(kek), iv).Wrap(key, 0, key.Length);
        Assert.Equal(wrapped.Length, theirs.Length);
        Assert.Equal(key, PwriKek.Unwrap(cipher, iv, theirs, keySize));
    }

    [Fact]
    public static void Wrap_WithRc2AndTripleDes_IsWhatBouncyCastleUnwraps()
    {
        byte[] key = RandomNumberGenerator.GetBytes(16);
        byte[] iv = RandomNumberGenerator.GetBytes(8);
        byte[] rc2 = RandomNumberGenerator.GetBytes(16);
        byte[] tripleDes = RandomNumberGenerator.GetBytes(24);
        using CbcBlocks first = PasswordKeyCipher.Find(Oids.Rc2Cbc)!.Create(rc2);
        using CbcBlocks second = PasswordKeyCipher.Find(Oids.TripleDesCbc)!.Create(tripleDes);

        byte[] wrapped = PwriKek.Wrap(first, iv, key);
        Assert.Equal(key, Bouncy(false, new RC2Engine(), new RC2Parameters(rc2, 128), iv).Unwrap(wrapped, 0, wrapped.Length));
        wrapped = PwriKek.Wrap(second, iv, key);
        Assert.Equal(key, Bouncy(false, new DesEdeEngine(), new DesEdeParameters(tripleDes), iv).Unwrap(wrapped, 0, wrapped.Length));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(31, true)]
    [Trait("Kind", "negative")]
    [Trait("Requirement", "R3211-2.3.2-a")]
    public static void Unwrap_WithACountOrCheckThatIsWrong_Fails(int at, bool isGood)
    {
        byte[] iv = new byte[16];
        using CbcBlocks cipher = PasswordKeyCipher.ForAes(16).Create(new byte[16]);
        byte[] blocks = [16, 0xFF, 0xFE, 0xFD, .. Enumerable.Range(0, 16).Select(i => (byte)i), .. new byte[12]];
        blocks[at] ^= 1;
        cipher.Encrypt(blocks, iv);
        cipher.Encrypt(blocks, blocks.AsSpan(16, 16).ToArray());

        Assert.Equal(isGood, PwriKek.Unwrap(cipher, iv, blocks, 16) is not null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(288)]
    [InlineData(4096)]
    [Trait("Kind", "negative")]
    public static void Unwrap_OfAnImpossibleSize_Fails(int size)
    {
        using CbcBlocks cipher = PasswordKeyCipher.ForAes(16).Create(new byte[16]);
        Assert.Null(PwriKek.Unwrap(cipher, new byte[16], new byte[size], 16));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(256)]
    public static void Wrap_OfAnImpossibleSize_IsRefused(int size)
    {
        using CbcBlocks cipher = PasswordKeyCipher.ForAes(16).Create(new byte[16]);
        Assert.Throws<ArgumentOutOfRangeException>(() => PwriKek.Wrap(cipher, new byte[16], new byte[size]));
    }

    private static Rfc3211WrapEngine Bouncy(bool wrap, IBlockCipher cipher, ICipherParameters key, byte[] iv)
    {
        var engine = new Rfc3211WrapEngine(cipher);
        ICipherParameters parameters = new ParametersWithIV(key, iv);
        engine.Init(wrap, wrap ? new ParametersWithRandom(parameters, new SecureRandom()) : parameters);
        return engine;
    }
}
