using System.Text.Json;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Tests.Algorithms;

public static class AesKeyWrapTests
{
    [Theory]
    [InlineData("000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF", "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5")]
    [InlineData(
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
        "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")]
    [Trait("Requirement", "R3394-4.1-a")]
    [Trait("Requirement", "R3394-2.2.1-a")]
    public static void Wrap_OfTheKnownKey_GivesTheKnownOctetsAndBack(string keyEncryptionKey, string key, string wrapped)
    {
        byte[] kek = Convert.FromHexString(keyEncryptionKey);

        Assert.Equal(wrapped, Convert.ToHexString(AesKeyWrap.Wrap(kek, Convert.FromHexString(key))));
        Assert.Equal(key, Convert.ToHexString(AesKeyWrap.Unwrap(kek, Convert.FromHexString(wrapped))!));
    }

    [Fact]
    [Trait("Requirement", "R3394-2.2.1-a")]
    public static void PublishedVectors_UnwrapOrFailAsTheySay()
    {
        foreach ((_, JsonElement test) in WycheproofFile.Read("aes_wrap_test"))
        {
            byte[] wrapped = test.Octets("ct");
            if (wrapped.Length >= 24 && wrapped.Length % 8 == 0)
            {
                byte[]? key = AesKeyWrap.Unwrap(test.Octets("key"), wrapped);

                Assert.Equal(test.IsValid() ? test.Octets("msg") : null, key);
            }
            else
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => AesKeyWrap.Unwrap(test.Octets("key"), wrapped));
            }
        }
    }

    [Fact]
    [Trait("Requirement", "R3394-2.2.3-a")]
    [Trait("Kind", "negative")]
    public static void Unwrap_WithAnyBitFlipped_GivesNothing()
    {
        byte[] kek = Convert.FromHexString("000102030405060708090A0B0C0D0E0F");
        byte[] wrapped = Convert.FromHexString("1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5");
        for (int bit = 0; bit < wrapped.Length * 8; bit++)
        {
            byte[] flipped = [.. wrapped];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Null(AesKeyWrap.Unwrap(kek, flipped));
        }
    }

    [Theory]
    [InlineData(12)]
    [InlineData(8)]
    [InlineData(17)]
    [Trait("Requirement", "R3394-2.2.1-a")]
    [Trait("Kind", "negative")]
    public static void Wrap_OfAnIllegalSize_IsRefused(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AesKeyWrap.Wrap(new byte[16], new byte[size]));
}
