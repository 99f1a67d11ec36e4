using System.Formats.Asn1;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Tests.Asn1;

/// <summary>Sets of attributes as DER: what is hashed, whatever was received.</summary>
public sealed class DerEncodingTests
{
    private const string First = "300A 0603550403 3103 020101";       // 2.5.4.3, INTEGER 1
    private const string Second = "300A 0603550404 3103 020102";      // 2.5.4.4, INTEGER 2

    [Theory]
    [InlineData("A018" + First + Second)]
    [InlineData("A080" + First + Second + "0000")]
    [InlineData("A018" + Second + First)]                                            // unsorted
    [InlineData("A01A 30810A 0603550403 3103 020101" + "30810A 0603550404 3103 020102")] // non-minimal lengths
    [InlineData("A081 18" + First + Second)]
    [InlineData("A080 3080 0603550403 3180 020101 0000 0000" + Second + "0000")]
    [Trait("Requirement", "R3369-5.4-d")]
    [Trait("Requirement", "R3369-5.3-i")]
    public void Reencode_AnyForm_IsTheSortedDefiniteForm(string hex) =>
        Assert.Equal(Bytes("3118" + First + Second), Reencode(Bytes(hex)));

    [Theory]
    [InlineData("0101 05", "0101 FF")]                              // BOOLEAN
    [InlineData("2480 0401 01 0401 02 0000", "0402 0102")]          // OCTET STRING in segments
    [InlineData("2C80 0401 41 0401 42 0000", "0C02 4142")]          // UTF8String in segments
    [InlineData("2380 0302 00 AA 0302 04 B0 0000", "0303 04 AAB0")] // BIT STRING in segments
    [InlineData("0302 04 BF", "0302 04 B0")]                        // unused bits that are set
    [InlineData("0304 80 0102 03", null)]                           // BIT STRING with 128 unused bits
    [InlineData("2880 0500 0000", "2802 0500")]                     // EXTERNAL: constructed, no string
    [InlineData("A180 8081 01 07 0000", "A103 800107")]             // context tags
    [InlineData("BF2A 80 9F2A 01 07 0000", "BF2A04 9F2A0107")]      // tags above 30
    [InlineData("3106 020102 020101", "3106 020102 020101")]        // a set inside a value keeps its order
    [InlineData("0200", "0200")]                                    // contents are not judged
    public void Reencode_Value_IsNormalized(string value, string? expected)
    {
        byte[] attributes = Attribute(Bytes(value));
        if (expected is null)
        {
            Assert.Throws<MalformedDataException>(() => Reencode(attributes));
            return;
        }

        byte[] wanted = Attribute(Bytes(expected));
        Assert.Equal(wanted, Reencode(attributes));
        Assert.True(DerEncoding.IsDer(wanted, 64));
        Assert.Equal(attributes.AsSpan().SequenceEqual(wanted), DerEncoding.IsDer(attributes, 64));
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-i")]
    public void Reencode_SeveralValues_AreSorted() =>
        Assert.Equal(
            Bytes("310F 300D 0603550403 3106 020101 020102"),
            Reencode(Bytes("310F 300D 0603550403 3106 020102 020101")));

    [Theory]
    [InlineData(100)]
    [InlineData(300)]
    [InlineData(70_000)]
    [InlineData(17_000_000)]
    public void Reencode_LongValue_HasMinimalLengths(int size)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.4.3");
            using (writer.PushSetOf())
            {
                writer.WriteOctetString(new byte[size]);
            }
        }

        byte[] der = writer.Encode();
        byte[] indefinite = [0x31, 0x80, .. der.AsSpan(der.Length - Contents(der).Length), 0, 0];
        Assert.True(DerEncoding.IsDer(der, 64));
        Assert.False(DerEncoding.IsDer(indefinite, 64));
        Assert.Equal(der, Reencode(indefinite));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(70, false)]
    [Trait("Kind", "negative")]
    public void Depth_BeyondTheLimit_IsRefused(int depth, bool fits)
    {
        byte[] value = [0x05, 0x00];
        for (int i = 0; i < depth; i++)
        {
            value = Wrap(0x30, value);
        }

        byte[] attributes = Attribute(value);
        Assert.Equal(fits, DerEncoding.IsDer(attributes, 64));
        if (fits)
        {
            Assert.Equal(attributes, Reencode(attributes));
        }
        else
        {
            Assert.Equal("MaxAsn1Depth", Assert.Throws<LimitExceededException>(() => Reencode(attributes)).Limit);
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Reencode_EveryTruncationAndChange_IsTypedOrDer()
    {
        byte[] attributes = Bytes("A080 3080 0603550403 3180 2480 0401 01 0000 0101 05 0000 0000" + Second + "0000");
        for (int i = 0; i < attributes.Length; i++)
        {
            Assert.Throws<MalformedDataException>(() => Reencode(attributes[..i]));
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. attributes];
                changed[i] ^= (byte)(1 << bit);
                try
                {
                    Assert.True(DerEncoding.IsDer(Reencode(changed), 64));
                }
                catch (MalformedDataException)
                {
                }
            }
        }
    }

    private static byte[] Reencode(byte[] ber) => DerEncoding.Reencode(ber, Asn1Tag.SetOf, 64, "signedAttrs");

    private static byte[] Attribute(byte[] value)
    {
        byte[] attribute = [0x06, 0x03, 0x55, 0x04, 0x03, .. Wrap(0x31, value)];
        return Wrap(0x31, Wrap(0x30, attribute));
    }

    private static byte[] Wrap(byte identifier, byte[] contents) => contents.Length switch
    {
        < 0x80 => [identifier, (byte)contents.Length, .. contents],
        < 0x100 => [identifier, 0x81, (byte)contents.Length, .. contents],
        _ => [identifier, 0x82, (byte)(contents.Length >> 8), (byte)contents.Length, .. contents],
    };

    private static byte[] Contents(byte[] encoded)
    {
        AsnDecoder.ReadEncodedValue(encoded, AsnEncodingRules.BER, out int start, out int length, out _);
        return encoded[start..(start + length)];
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
