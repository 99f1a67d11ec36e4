using System.Collections.Concurrent;
using CsCheck;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>What every case of <see cref="SigningCases"/> goes through.</summary>
public sealed class SigningBatteryTests
{
    private static readonly byte[] _content = SigningCase.Content;

    private static readonly ConcurrentDictionary<string, byte[]> _messages = new();

    public static TheoryData<string> All { get; } = SigningCases.Names(SigningCases.All);

    public static TheoryData<string> Spread { get; } = SigningCases.Names(SigningCases.Spread);

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
    [MemberData(nameof(Spread))]
    [Trait("Requirement", "R3369-2-c")]
    public void Read_SplitAtEveryOffset_IsValid(string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = Message(signing);
        for (int offset = 1; offset < message.Length; offset += signing.Scheme.Stride)
        {
            SignedMessage.Read(DribblingStream.SplitAt(message, offset), _content, signing.Scheme.ReaderOptions).AssertValid(signing.Signers, _content);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Read_TruncatedAtEveryOffset_IsMalformed(string name)
    {
        byte[] message = Message(SigningCases.Named(name));
        for (int length = 0; length < message.Length; length++)
        {
            byte[] truncated = message[..length];
            Assert.Throws<MalformedDataException>(() => SignedMessage.Read(truncated, _content));
        }
    }

    [Theory]
    [MemberData(nameof(Spread))]
    [Trait("Kind", "negative")]
    public void Read_EachByteFlipped_IsNeverValidForAnythingElse(string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = Message(signing);
        for (int offset = 0; offset < message.Length; offset += signing.Scheme.Stride)
        {
            byte[] flipped = [.. message];
            flipped[offset] ^= (byte)(1 << (offset % 8));
            AssertHarmless(signing, flipped, _content, $"bit {offset % 8} of byte {offset}");
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Read_BytesChangedRemovedAndInserted_IsNeverValidForAnythingElse()
    {
        SigningCase[] cases = [.. SigningCases.Spread];
        byte[][] messages = [.. cases.Select(Message)];
        Gen.Select(Gen.Int[0, cases.Length - 1], Gen.Int[0, 2], Gen.Int, Gen.Byte.Array[1, 8]).Sample(
            (index, operation, position, bytes) =>
            {
                byte[] message = messages[index];
                int at = (int)((uint)position % message.Length);
                int removed = operation == 1 ? 0 : Math.Min(bytes.Length, message.Length - at);
                byte[] changed = [.. message[..at], .. operation == 2 ? [] : bytes, .. message[(at + removed)..]];
                AssertHarmless(cases[index], changed, _content, $"operation {operation} at {at}");
            },
            iter: LongTests.Enabled ? 200_000 : 4000);
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Kind", "negative")]
    [Trait("Requirement", "R3369-5.6-b")]
    public void Read_ContentChanged_IsAMismatch(string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = [.. Message(signing)];
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

    // Some schemes take a second to sign.
    private static byte[] Message(SigningCase signing) => _messages.GetOrAdd(signing.Name, _ => signing.Sign(_content));

    private static void AssertHarmless(SigningCase signing, byte[] message, byte[] detached, string what)
    {
        SignedMessage read;
        try
        {
            read = SignedMessage.Read(message, detached, signing.Scheme.ReaderOptions);
        }
        catch (SmimeKitException)
        {
            return;
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}\n{Convert.ToHexString(message)}");
            return;
        }

        foreach (SignerReport signer in read.Report.Signers.Where(s => s.Verdict is SignerVerdict.Valid))
        {
            Assert.True(_content.AsSpan().SequenceEqual(read.Content), $"{what}: valid over other content");
            Assert.True(signing.Signers.Any(s => IsSame(s.Certificate, signer, signing.Attributes)), $"{what}: valid for another certificate");
        }
    }

    // Without signed attributes nothing binds the certificate, only its key: a damaged one is for path validation to refuse.
    private static bool IsSame(Certificate expected, SignerReport signer, bool bound) =>
        bound ? expected.Equals(signer.Certificate) : expected.PublicKey.Key.Span.SequenceEqual(signer.Certificate!.PublicKey.Key.Span);
}
