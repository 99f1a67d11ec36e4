using CsCheck;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Every signing case, damaged at each offset.</summary>
public sealed class SigningDamageTests
{
    private static readonly byte[] _content = SigningCase.Content;

    public static TheoryData<string> Spread => SigningBattery.Spread;

    [Theory]
    [MemberData(nameof(Spread))]
    [Trait("Kind", "negative")]
    public void Read_EachByteFlipped_IsNeverValidForAnythingElse(string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = SigningBattery.Message(signing);
        for (int offset = 0; offset < message.Length; offset += signing.Scheme.Stride)
        {
            byte[] flipped = [.. message];
            flipped[offset] ^= (byte)(1 << (offset % 8));
            SigningBattery.AssertHarmless(signing, flipped, _content, $"bit {offset % 8} of byte {offset}");
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Read_BytesChangedRemovedAndInserted_IsNeverValidForAnythingElse()
    {
        SigningCase[] cases = [.. SigningCases.Spread];
        byte[][] messages = [.. cases.Select(SigningBattery.Message)];
        Gen.Select(Gen.Int[0, cases.Length - 1], Gen.Int[0, 2], Gen.Int, Gen.Byte.Array[1, 8]).Sample(
            (index, operation, position, bytes) =>
            {
                byte[] message = messages[index];
                int at = (int)((uint)position % message.Length);
                int removed = operation == 1 ? 0 : Math.Min(bytes.Length, message.Length - at);
                byte[] changed = [.. message[..at], .. operation == 2 ? [] : bytes, .. message[(at + removed)..]];
                SigningBattery.AssertHarmless(cases[index], changed, _content, $"operation {operation} at {at}");
            },
            iter: LongTests.Enabled ? 200_000 : 4000);
    }
}
