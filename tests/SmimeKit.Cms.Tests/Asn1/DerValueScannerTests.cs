using CsCheck;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Asn1;

/// <summary>What passes as one DER value, and what of it is contents.</summary>
public sealed class DerValueScannerTests
{
    [Theory]
    [InlineData("0500", "")]
    [InlineData("020105", "05")]
    [InlineData("3000", "")]
    [InlineData("30030201 05", "020105")]
    [InlineData("3007 3000 A103 020105", "3000A103020105")]
    [InlineData("3006 BF8101 023000", "BF8101023000")] // a tag of three octets, inside
    [InlineData("3004 9F1F 01AA", "9F1F01AA")]
    public void Scan_OneValue_ReturnsItsContentsAtEverySplit(string hex, string contents)
    {
        byte[] value = Asn.Hex(hex);
        for (int split = 0; split <= value.Length; split++)
        {
            var scanner = new DerValueScanner(64, "field");
            string found = Convert.ToHexString(scanner.Scan(value.AsSpan(0, split))) + Convert.ToHexString(scanner.Scan(value.AsSpan(split)));
            Assert.Equal(contents, found);
            Assert.True(scanner.IsComplete);
            Assert.Equal(value[0], scanner.Identifier);
            scanner.EnsureComplete();
        }
    }

    [Theory]
    [InlineData("30800000", "ber-header", 2)] // indefinite
    [InlineData("3004 3080 0000", "ber-header", 4)] // indefinite, inside
    [InlineData("048103 010203", "ber-header", 3)] // a length that fits one octet in two
    [InlineData("04820081 01", "ber-header", 4)] // a leading zero
    [InlineData("0000", "ber-header", 2)] // end-of-contents
    [InlineData("3002 0000", "ber-header", 4)]
    [InlineData("0488 0100000000000000", "ber-header", 2)]
    [InlineData("30033003 020105", "length-overrun", 4)]
    [InlineData("3003 020205", "length-overrun", 4)]
    [InlineData("3003 0500 05", "length-overrun", 6, "00")] // a header that begins inside and ends outside
    [InlineData("0500 00", "trailing-data", 2)]
    [InlineData("0500 0500", "trailing-data", 2)]
    [InlineData("30073F 81818181810100", "ber-header", 8)] // a tag without end
    [Trait("Kind", "negative")]
    public void Scan_AnythingElse_IsMalformedAtEverySplit(string hex, string code, long offset, string more = "")
    {
        byte[] value = Asn.Hex(hex + more);
        for (int split = 0; split <= value.Length; split++)
        {
            var scanner = new DerValueScanner(64, "field");
            MalformedDataException e = Assert.Throws<MalformedDataException>(() =>
            {
                scanner.Scan(value.AsSpan(0, split));
                scanner.Scan(value.AsSpan(split));
            });
            Assert.Equal((code, offset, "field"), (e.Code, e.Offset, e.FieldPath));
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void EnsureComplete_OfAValueCutOffAnywhere_Throws()
    {
        byte[] value = Asn.Sequence(Asn.Sequence(), Asn.OctetString(new byte[200]));
        for (int length = 0; length < value.Length; length++)
        {
            var scanner = new DerValueScanner(64, "field");
            scanner.Scan(value.AsSpan(0, length));
            Assert.Equal("truncated", Assert.Throws<MalformedDataException>(scanner.EnsureComplete).Code);
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Scan_TooDeep_IsRefused()
    {
        byte[] value = Asn.Sequence(Asn.Sequence(Asn.Sequence()));
        new DerValueScanner(3, "field").Scan(value);
        Assert.Throws<LimitExceededException>(() => { new DerValueScanner(2, "field").Scan(value); });
    }

    [Fact]
    public void Scan_AnyOctets_EndsWithATypedErrorOrNone() => Gen.Byte.Array[0, 40].Sample(octets =>
    {
        var scanner = new DerValueScanner(8, "field");
        try
        {
            Assert.True(scanner.Scan(octets).Length <= octets.Length);
        }
        catch (SmimeKitException)
        {
            return;
        }

        Assert.True(octets.Length == 0 || scanner.Identifier == 0 || scanner.Identifier == octets[0]);
    });
}
