using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Tests.Algorithms;

public static class KeyDerivationTests
{
    private const string Secret = "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F";
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
        Assert.Equal(expected, Convert.ToHexString(KeyAgreement.EncodeSharedInfo(
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

        byte[] key = KeyAgreement.DeriveKey(
            DigestAlgorithm.Sha256, Convert.FromHexString(Secret), algorithm.Identifier, algorithm.KeySize, Octets(ukm));

        Assert.Equal(expected, Convert.ToHexString(key));
    }

    private static byte[]? Octets(string? hex) => hex is null ? null : Convert.FromHexString(hex);
}
