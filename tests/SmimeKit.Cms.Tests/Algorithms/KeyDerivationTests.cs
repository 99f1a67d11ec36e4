using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Tests.Algorithms;

public static class KeyDerivationTests
{
    private const string Secret = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";
    private const string Quarter = "0123456789ABCDEFFEDCBA9876543201"; // RFC 2631 §2.1.7
    private const string PartyAInfo = Quarter + Quarter + Quarter + Quarter;
    private const string Ukm = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF";

    [Theory]
    [InlineData(Oids.Aes128Wrap, null, "3015300B0609608648016503040105A206040400000080")]
    [InlineData(Oids.Aes128Wrap, Ukm, "3029300B0609608648016503040105A0120410A0A1A2A3A4A5A6A7A8A9AAABACADAEAFA206040400000080")]
    [InlineData(Oids.Aes256Wrap, null, "3015300B060960864801650304012DA206040400000100")]
    [InlineData(Oids.Aes256Wrap, Ukm, "3029300B060960864801650304012DA0120410A0A1A2A3A4A5A6A7A8A9AAABACADAEAFA206040400000100")]
    [Trait("Requirement", "R5753-7.2-a")]
    [Trait("Requirement", "R5753-7.1.5-a")]
    [Trait("Requirement", "R3369-10.2.6-a")]
    public static void SharedInfo_OfAWrap_HasTheOctetsOfTheRfc(string wrap, string? ukm, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(KeyDerivations.EncodeSharedInfo(
            KeyWrapAlgorithm.Find(wrap)!.Identifier, KeyWrapAlgorithm.Find(wrap)!.KeySize, Octets(ukm))));

    [Theory]
    [InlineData(Oids.Aes128Wrap, null, "1983CC4D05D34DB303458415C914B607")]
    [InlineData(Oids.Aes128Wrap, Ukm, "B14A86576D926EE5C4F820BBF4909BC6")]
    [InlineData(Oids.Aes256Wrap, null, "4A05BB60553C66FC1F7B0A83E1C5A7FD88E38BDC847AF06C6BDC3B56A348CCB5")]
    [InlineData(Oids.Aes256Wrap, Ukm, "57395D7D38967B4318D7E1A98443305E86EB1ECED4A501494A85776D05151C12")]
    [Trait("Requirement", "R5753-7.2-b")]
    public static void DerivedKey_OfAKnownSecret_IsTheKnownOne(string wrap, string? ukm, string expected)
    {
        KeyWrapAlgorithm algorithm = KeyWrapAlgorithm.Find(wrap)!;

        byte[] key = KeyAgreementScheme.EcdhSha256.DeriveKey(
            Convert.FromHexString(Secret), algorithm.Identifier, algorithm.KeySize, Octets(ukm));

        Assert.Equal(expected, Convert.ToHexString(key));
    }

    [Theory]
    [InlineData(Oids.Aes128Wrap, null, "EDE3433E6CFA39325EBB4F399DDA2B64")]
    [InlineData(Oids.Aes128Wrap, Ukm, "788D0793DBBCE0D2F0EE2F545D2BC607")]
    [InlineData(Oids.Aes256Wrap, null, "AD876C55596D24628C2D82224F45E4C03E5879FC3A83EC4B0B500997FCE37F66")]
    [InlineData(Oids.Aes256Wrap, Ukm, "4DD885EA1EC6C1236C9B7E25367DCCC5459478785E9500766F5AA19FB08FD7C8")]
    [Trait("Requirement", "R8418-2.2-a")]
    public static void HkdfKey_OfAKnownSecret_IsTheKnownOne(string wrap, string? ukm, string expected) => Assert.Equal(
        expected,
        Convert.ToHexString(KeyAgreementScheme.HkdfSha256.DeriveKey(
            Convert.FromHexString(Secret), KeyWrapAlgorithm.Find(wrap)!.Identifier, KeyWrapAlgorithm.Find(wrap)!.KeySize, Octets(ukm))));

    [Theory]
    [InlineData(Oids.TripleDesWrap, null, "A09661392376F7044D9052A397883246B67F5F1EF63EB5FB")]
    [InlineData(Oids.Rc2Wrap, PartyAInfo, "48950C46E0530075403CCE72889604E0")]
    [InlineData(Oids.Aes128Wrap, null, "D6D6B094C1027A7DE6E3117294A35364")]
    [InlineData(Oids.Aes256Wrap, PartyAInfo, "8890585C4E281A5C1167CAA530BED59B3230D893CBA8F922BD1B56A071C96F90")]
    [Trait("Requirement", "R2631-2.1.2-a")]
    [Trait("Requirement", "R2631-2.1.2-e")]
    [Trait("Requirement", "R2631-2.1.3-a")]
    [Trait("Requirement", "R3565-2.3.1-a")]
    [Trait("Requirement", "R3565-2.3.1-b")]
    [Trait("Requirement", "R3370-4.1-b")]
    [Trait("Matrix", "dh-static")]
    public static void DiffieHellmanKey_OfTheSecretOfTheRfc_IsTheKnownOne(string wrap, string? ukm, string expected) => Assert.Equal(
        expected,
        Convert.ToHexString(KeyAgreementScheme.DiffieHellmanEphemeral.DeriveKey(
            Convert.FromHexString(Secret[..40]), KeyWrapAlgorithm.Find(wrap)!.Identifier, KeyWrapAlgorithm.Find(wrap)!.KeySize, Octets(ukm))));

    [Theory]
    [InlineData(Oids.TripleDesWrap, 2, 24, null, "301D3013060B2A864886F70D0109100306040400000002A2060404000000C0")]
    [InlineData(
        Oids.Rc2Wrap,
        1,
        16,
        PartyAInfo,
        "30613013060B2A864886F70D0109100307040400000001A0420440" + PartyAInfo + "A206040400000080")]
    [Trait("Requirement", "R2631-2.1.2-b")]
    [Trait("Requirement", "R2631-2.1.2-c")]
    [Trait("Requirement", "R2631-2.1.2-e")]
    public static void OtherInfo_OfAWrap_HasTheOctetsOfTheRfc(string wrap, int counter, int keySize, string? ukm, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(KeyDerivations.EncodeOtherInfo(wrap, (uint)counter, keySize, Octets(ukm))));

    private static byte[]? Octets(string? hex) => hex is null ? null : Convert.FromHexString(hex);

    [Theory]
    [InlineData("2.16.840.1.101.3.4.2.1", 1)]
    [InlineData("2.16.840.1.101.3.4.2.2", 16)]
    [InlineData("2.16.840.1.101.3.4.2.3", 200)]
    public static void Hkdf_OfTheBaseLibraryAndBouncyCastle_IsTheSame(string digest, int size)
    {
        DigestAlgorithm algorithm = DigestAlgorithm.Find(digest)!;
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        byte[] info = RandomNumberGenerator.GetBytes(40);
        var generator = new HkdfBytesGenerator(BouncyCastleDigests.Create(algorithm));
        generator.Init(new HkdfParameters(secret, [], info));
        byte[] expected = new byte[size];
        generator.GenerateBytes(expected, 0, size);

        Assert.Equal(expected, KeyDerivationFunction.Find(algorithm)!.Derive(secret, info, size));
    }
}
