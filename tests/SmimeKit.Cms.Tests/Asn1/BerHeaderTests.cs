using System.Buffers;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Tests.Asn1;

public sealed class BerHeaderTests
{
    [Theory]
    [InlineData("", OperationStatus.NeedMoreData, 0)]
    [InlineData("30", OperationStatus.NeedMoreData, 0)]                 // length octet missing
    [InlineData("3000", OperationStatus.Done, 2)]
    [InlineData("307F", OperationStatus.Done, 2)]
    [InlineData("3080", OperationStatus.Done, 2)]                       // indefinite form
    [InlineData("0480", OperationStatus.InvalidData, 0)]                // indefinite and primitive, X.690 §8.1.3.2
    [InlineData("3081", OperationStatus.NeedMoreData, 0)]
    [InlineData("308105", OperationStatus.Done, 3)]                     // non-minimal
    [InlineData("30870000000000000A", OperationStatus.Done, 9)]         // non-minimal, as long as supported
    [InlineData("3088000000000000000A", OperationStatus.InvalidData, 0)]
    [InlineData("30887FFFFFFFFFFFFFFF", OperationStatus.InvalidData, 0)] // 2^63 - 1
    [InlineData("30888000000000000000", OperationStatus.InvalidData, 0)] // 2^63
    [InlineData("30FF", OperationStatus.InvalidData, 0)]                // reserved, X.690 §8.1.3.5
    [InlineData("1F8101", OperationStatus.InvalidData, 0)]              // multi-byte tag
    [InlineData("BF", OperationStatus.InvalidData, 0)]
    [InlineData("0000", OperationStatus.Done, 2)]                       // end-of-contents
    [InlineData("000100", OperationStatus.InvalidData, 0)]              // its tag with contents
    [InlineData("008100", OperationStatus.InvalidData, 0)]              // its tag with a long length of zero
    public static void TryRead_ReportsStatusAndConsumption(string hex, OperationStatus expected, int size)
    {
        Assert.Equal(expected, BerHeader.TryRead(Convert.FromHexString(hex), out _, out int consumed));
        Assert.Equal(size, consumed);
    }

    [Theory]
    [InlineData("0400", 0L)]
    [InlineData("04820100", 256L)]
    [InlineData("0484FFFFFFFF", 0xFFFFFFFFL)]                           // not negative
    [InlineData("0487FFFFFFFFFFFFFF", 0xFFFFFFFFFFFFFFL)]
    [InlineData("2480", null)]
    public static void TryRead_Length_IsThatOfTheOctets(string hex, long? length)
    {
        Assert.Equal(OperationStatus.Done, BerHeader.TryRead(Convert.FromHexString(hex), out BerHeader header, out _));
        Assert.Equal(length, header.Length);
    }
}
