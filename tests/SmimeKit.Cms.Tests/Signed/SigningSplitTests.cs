using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Every signing case, read from a stream that ends a read at each offset.</summary>
public sealed class SigningSplitTests
{
    private static readonly byte[] _content = SigningCase.Content;

    public static TheoryData<string> Spread => SigningBattery.Spread;

    [Theory]
    [MemberData(nameof(Spread))]
    [Trait("Requirement", "R3369-2-c")]
    public void Read_SplitAtEveryOffset_IsValid(string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = SigningBattery.Message(signing);
        for (int offset = 1; offset < message.Length; offset += signing.Scheme.Stride)
        {
            SignedMessage.Read(DribblingStream.SplitAt(message, offset), _content, signing.Scheme.ReaderOptions).AssertValid(signing.Signers, _content);
        }
    }
}
