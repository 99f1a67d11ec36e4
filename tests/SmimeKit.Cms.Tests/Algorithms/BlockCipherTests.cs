using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Tests.Algorithms;

/// <summary>The block ciphers in CBC mode against published vectors and against each other.</summary>
public static class BlockCipherTests
{
    [Theory]
    [InlineData("0000000000000000", 63, "0000000000000000", "EBB773F993278EFF")]
    [InlineData("3000000000000000", 64, "1000000000000001", "30649EDF9BE7D2C2")]
    [InlineData("88", 64, "0000000000000000", "61A8A244ADACCCF0")]
    [InlineData("88BCA90E90875A7F0F79C384627BAFB2", 64, "0000000000000000", "1A807D272BBE5DB1")]
    [InlineData("88BCA90E90875A7F0F79C384627BAFB2", 128, "0000000000000000", "2269552AB0F85CA6")]
    [Trait("Requirement", "R2268-6-b")]
    public static void Rc2_OfThePublishedBlocks_GivesTheirCiphertext(string key, int bits, string block, string expected) =>
        Assert.Equal(expected, EncryptBlock(Rc2CbcFamily.Instance, key, block, bits));

    [Theory]
    [InlineData("0123456789ABCDEFFEDCBA9876543210", "67673138549669730857065648EABE43")]
    [InlineData("0123456789ABCDEFFEDCBA98765432100011223344556677", "B4993401B3E996F84EE5CEE7D79B09B9")]
    [InlineData("0123456789ABCDEFFEDCBA987654321000112233445566778899AABBCCDDEEFF", "9ACC237DFF16D76C20EF7C919E3A7509")]
    public static void Camellia_OfThePublishedBlocks_GivesTheirCiphertext(string key, string expected) =>
        Assert.Equal(expected, EncryptBlock(CamelliaCbcFamily.Instance, key, "0123456789ABCDEFFEDCBA9876543210", 0)); // RFC 3713 appendix A

    [Fact]
    public static void Des_OfAWellKnownBlock_GivesItsCiphertext() =>
        Assert.Equal("85E813540F0AB405", EncryptBlock(DesCbcFamily.Instance, "133457799BBCDFF1", "0123456789ABCDEF", 0));

    [Fact]
    public static void TripleDesAndAes_InPieces_AgreeWithBouncyCastle()
    {
        byte[] content = RandomNumberGenerator.GetBytes(40_000);
        foreach ((ContentEncryptionAlgorithm algorithm, Func<Org.BouncyCastle.Crypto.IBlockCipher> engine) in new (ContentEncryptionAlgorithm, Func<Org.BouncyCastle.Crypto.IBlockCipher>)[]
        {
            (ContentEncryptionAlgorithm.TripleDesCbc, () => new DesEdeEngine()),
            (ContentEncryptionAlgorithm.Aes128Cbc, () => new AesEngine()),
            (ContentEncryptionAlgorithm.Aes192Cbc, () => new AesEngine()),
            (ContentEncryptionAlgorithm.Aes256Cbc, () => new AesEngine()),
        })
        {
            byte[] key = ContentEncryption.Create(algorithm, null).GenerateKey();
            byte[] iv = RandomNumberGenerator.GetBytes(algorithm.IvSize);
            for (int size = 0; size < content.Length; size += size < 40 ? 1 : 9_973)
            {
                byte[] ours = Encrypt(new CbcEncryptor(Transform(algorithm, key, iv), iv.Length), content[..size]);
                byte[] theirs = Encrypt(
                    new CbcEncryptor(new BouncyCastleCbcTransform(engine(), new KeyParameter(key), iv, encrypt: true), iv.Length), content[..size]);

                Assert.Equal(theirs, ours);
            }
        }
    }

    [Theory]
    [InlineData(40, "020200A0")]
    [InlineData(64, "020178")]
    [InlineData(128, "02013A")]
    [Trait("Requirement", "R3370-5.2-a")]
    [Trait("Requirement", "R3370-5.2-b")]
    public static void Rc2Parameters_OfTheThreeStrengths_HaveTheirVersion(int bits, string version)
    {
        AlgorithmIdentifier identifier = ContentEncryption.Create(ContentEncryptionAlgorithm.Rc2Of(bits), null).Identifier;
        string encoded = Convert.ToHexString(identifier.Parameters.Span);

        Assert.Equal("1.2.840.113549.3.2", identifier.Oid);
        Assert.StartsWith($"30{(version.Length / 2) + 10:X2}{version}0408", encoded, StringComparison.Ordinal);
        Assert.Equal(ContentEncryptionAlgorithm.Rc2Of(bits), ContentEncryptionAlgorithm.Find(identifier));
    }

    [Fact]
    [Trait("Requirement", "R2268-6-a")]
    public static void Rc2Versions_OfAllBits_AreTheirOwnInverse()
    {
        Assert.Equal(160, Rc2ParameterVersion.FromBits(40));
        Assert.Equal(120, Rc2ParameterVersion.FromBits(64));
        Assert.Equal(58, Rc2ParameterVersion.FromBits(128));
        Assert.Equal(256, Rc2ParameterVersion.FromBits(256));
        Assert.Equal(Enumerable.Range(1, 1024), Enumerable.Range(1, 1024).Select(b => Rc2ParameterVersion.ToBits(Rc2ParameterVersion.FromBits(b))));
        Assert.All([-1, -96, 189, 1025, int.MaxValue], v => Assert.Equal(0, Rc2ParameterVersion.ToBits(v)));
    }

    [Theory]
    [InlineData("300D" + "0201A0" + "0408" + "0001020304050607")] // negative
    [InlineData("300E" + "020200BD" + "0408" + "0001020304050607")] // no bits
    [InlineData("300C" + "02013A" + "0407" + "00010203040506")]
    [InlineData("300E" + "02013A" + "0409" + "000102030405060708")]
    [InlineData("300F" + "02013A" + "0408" + "0001020304050607" + "0500")]
    [InlineData("0407" + "00010203040506")]
    [InlineData("0500")]
    [InlineData("")]
    [Trait("Requirement", "R3370-5.2-a")]
    [Trait("Requirement", "R3370-5.2-b")]
    [Trait("Kind", "negative")]
    public static void Rc2Parameters_OfAnotherForm_AreRefused(string parameters) =>
        Assert.Throws<MalformedDataException>(() => Accept(parameters, CmsPolicy.Legacy));

    [Fact]
    [Trait("Requirement", "R3370-5.2-c")]
    [Trait("Requirement", "R2268-6-a")]
    public static void Rc2Parameters_OfOtherStrengths_AreReadWhereThePolicyTakesThem()
    {
        const string WithoutVersion = "0408" + "0001020304050607";
        string with56Bits = $"300D0201{Rc2ParameterVersion.FromBits(56):X2}" + WithoutVersion;

        Assert.Equal("RC2-32-CBC", Accept(WithoutVersion, CmsPolicy.Legacy).Algorithm.Name);
        Assert.Equal("RC2-56-CBC", Accept(with56Bits, CmsPolicy.Legacy).Algorithm.Name);
        Assert.Equal(
            "rc2-key-too-small",
            Assert.Throws<PolicyViolationException>(() => Accept(with56Bits, CmsPolicy.Legacy with { MinimumRc2Bits = 64 })).Rule);
        Assert.Equal(
            "rc2-key-too-small",
            Assert.Throws<PolicyViolationException>(() => Accept(WithoutVersion, CmsPolicy.Legacy with { MinimumRc2Bits = 40 })).Rule);
        Assert.Equal("cipher-not-listed", Assert.Throws<PolicyViolationException>(() => Accept(with56Bits, CmsPolicy.Default)).Rule);
    }

    private static ContentEncryption Accept(string parameters, CmsPolicy policy) => ContentEncryption.Accept(
        new AlgorithmIdentifier("1.2.840.113549.3.2", Convert.FromHexString(parameters)), _ => { }, policy, DateTimeOffset.UnixEpoch);

    private static string EncryptBlock(ContentCipherFamily family, string key, string block, int bits)
    {
        var parameters = new ContentCipherParameters { Iv = new byte[family.IvSize], EffectiveKeyBits = bits };
        byte[] plaintext = Convert.FromHexString(block);
        byte[] ciphertext = Encrypt(family.CreateEncryptor(Convert.FromHexString(key), parameters), plaintext);
        byte[] back = new byte[ciphertext.Length];
        using ContentCipher decryptor = family.CreateDecryptor(Convert.FromHexString(key), parameters);

        Assert.Equal(plaintext.Length, decryptor.Finish(ciphertext, back));
        Assert.Equal(plaintext, back[..plaintext.Length]);
        return Convert.ToHexString(ciphertext.AsSpan(0, family.IvSize));
    }

    private static byte[] Encrypt(ContentCipher cipher, byte[] content)
    {
        using (cipher)
        {
            byte[] output = new byte[content.Length + ContentCipher.MaxPadding];
            return output[..cipher.Finish(content, output)];
        }
    }

    private static ICryptoTransform Transform(ContentEncryptionAlgorithm algorithm, byte[] key, byte[] iv)
    {
        using SymmetricAlgorithm cipher = algorithm == ContentEncryptionAlgorithm.TripleDesCbc ? TripleDES.Create() : Aes.Create();
        cipher.Mode = CipherMode.CBC;
        cipher.Padding = PaddingMode.None;
        cipher.Key = key;
        cipher.IV = iv;
        return cipher.CreateEncryptor();
    }
}
