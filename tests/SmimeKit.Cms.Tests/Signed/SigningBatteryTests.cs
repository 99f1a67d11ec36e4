using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>What every case of <see cref="SigningCases"/> goes through; what takes long has classes of its own, which run beside each other.</summary>
public sealed class SigningBatteryTests
{
    private static readonly byte[] _content = SigningCase.Content;

    public static TheoryData<string> All { get; } = SigningCases.Names(SigningCases.All);

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Requirement", "R3369-5.3-c")]
    public async Task Read_MessageWrittenAsynchronously_IsValid(string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = await signing.SignAsync(_content);
        (await SignedMessage.ReadAsync(DribblingStream.InChunks(message, 1), _content, signing.Scheme.ReaderOptions)).AssertValid(signing.Signers, _content);
        SignedMessage.Read(message, _content, signing.Scheme.ReaderOptions).AssertValid(signing.Signers, _content);
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Requirement", "R3369-5.3-d")]
    public async Task Read_MessageWrittenSynchronously_IsValid(string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = signing.Sign(_content);
        SignedMessage.Read(DribblingStream.InChunks(message, 1), _content, signing.Scheme.ReaderOptions).AssertValid(signing.Signers, _content);
        (await SignedMessage.ReadAsync(new MemoryStream(message), _content, signing.Scheme.ReaderOptions)).AssertValid(signing.Signers, _content);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_TruncatedAtEveryOffset_IsMalformed(string name)
    {
        byte[] message = SigningBattery.Message(SigningCases.Named(name));
        for (int length = 0; length < message.Length; length++)
        {
            byte[] truncated = message[..length];
            Assert.Throws<MalformedDataException>(() => SignedMessage.Read(truncated, _content));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Kind", "negative")]
    [Trait("Requirement", "R3369-5.6-b")]
    public void Read_ContentChanged_IsAMismatch(string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = [.. SigningBattery.Message(signing)];
        byte[] other = [.. _content[..^1], (byte)(_content[^1] ^ 1)];
        if (!signing.IsDetached)
        {
            other.CopyTo(message, message.AsSpan().IndexOf(_content));
        }

        SignedMessage read = SignedMessage.Read(message, other, signing.Scheme.ReaderOptions);
        Assert.Equal(other, read.Content);
        Assert.All(read.Report.Signers, s => Assert.IsType(
            signing.Attributes ? typeof(SignerVerdict.DigestMismatch) : typeof(SignerVerdict.SignatureMismatch), s.Verdict));
    }
}
