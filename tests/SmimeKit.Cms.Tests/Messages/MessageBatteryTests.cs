using System.Collections.Concurrent;
using CsCheck;
using SmimeKit.Certificates;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Messages;

namespace SmimeKit.Cms.Tests.Messages;

/// <summary>What every case of <see cref="MessageCases"/> goes through.</summary>
public sealed class MessageBatteryTests
{
    private static readonly byte[] _content = MessageCase.Content;
    private static readonly ConcurrentDictionary<string, Task<byte[]>> _messages = new();

    public static TheoryData<string> All { get; } = MessageCases.Names;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Read_WrittenAsynchronously_GivesTheContent(string name)
    {
        MessageCase subject = MessageCases.Named(name);
        byte[] message = await subject.WriteAsync(_content, synchronous: false);
        Assert.Equal(_content, await subject.ReadAsync(DribblingStream.InChunks(message, 1), synchronous: false));
        Assert.Equal(_content, await subject.ReadAsync(new MemoryStream(message), synchronous: true));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Read_WrittenSynchronously_GivesTheContent(string name)
    {
        MessageCase subject = MessageCases.Named(name);
        byte[] message = await subject.WriteAsync(_content, synchronous: true);
        Assert.Equal(_content, await subject.ReadAsync(DribblingStream.InChunks(message, 1), synchronous: true));
        Assert.Equal(_content, await subject.ReadAsync(new MemoryStream(message), synchronous: false));
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Requirement", "R3369-2-c")]
    public async Task Read_SplitAtEveryOffset_GivesTheContent(string name)
    {
        MessageCase subject = MessageCases.Named(name);
        byte[] message = await Message(subject);
        for (int offset = 1; offset < message.Length; offset += subject.Stride)
        {
            Assert.Equal(_content, await subject.ReadAsync(DribblingStream.SplitAt(message, offset), synchronous: (offset & 1) == 0));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Kind", "negative")]
    public async Task Read_TruncatedAtEveryOffset_IsRefused(string name)
    {
        MessageCase subject = MessageCases.Named(name);
        byte[] message = await Message(subject);
        for (int length = 0; length < message.Length; length += length < 64 ? 1 : subject.Stride)
        {
            using var truncated = new MemoryStream(message, 0, length);
            await Assert.ThrowsAnyAsync<SmimeKitException>(() => subject.ReadAsync(truncated, synchronous: true));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Kind", "negative")]
    public async Task Read_EachByteFlipped_NeverGivesAnotherContentForGood(string name)
    {
        MessageCase subject = MessageCases.Named(name);
        byte[] message = await Message(subject);
        for (int offset = 0; offset < message.Length; offset += subject.Stride)
        {
            byte[] flipped = [.. message];
            flipped[offset] ^= (byte)(1 << (offset % 8));
            await AssertHarmlessAsync(subject, flipped, $"bit {offset % 8} of byte {offset}");
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public async Task Read_BytesChangedRemovedAndInserted_NeverGivesAnotherContentForGood()
    {
        MessageCase[] cases = [.. MessageCases.All];
        byte[][] messages = await Task.WhenAll(cases.Select(Message));
        Gen.Select(Gen.Int[0, cases.Length - 1], Gen.Int[0, 2], Gen.Int, Gen.Byte.Array[1, 8]).Sample(
            (index, operation, position, bytes) =>
            {
                byte[] message = messages[index];
                int at = (int)((uint)position % message.Length);
                int removed = operation == 1 ? 0 : Math.Min(bytes.Length, message.Length - at);
                byte[] changed = [.. message[..at], .. operation == 2 ? [] : bytes, .. message[(at + removed)..]];
                AssertHarmlessAsync(cases[index], changed, $"operation {operation} at {at}").GetAwaiter().GetResult();
            },
            iter: LongTests.Enabled ? 200_000 : 4000);
    }

    private static Task<byte[]> Message(MessageCase subject) => _messages.GetOrAdd(subject.Name, _ => subject.WriteAsync(_content, synchronous: true));

    private static async Task AssertHarmlessAsync(MessageCase subject, byte[] message, string what)
    {
        byte[] content;
        try
        {
            content = await subject.ReadAsync(new MemoryStream(message), synchronous: true);
        }
        catch (Exception e) when (e is SmimeKitException or DamagedException)
        {
            return;
        }
        catch (Exception e)
        {
            Assert.Fail($"{subject.Name}, {what}: {e}\n{Convert.ToHexString(message)}");
            return;
        }

        Assert.True(!subject.RevealsChanges || _content.AsSpan().SequenceEqual(content), $"{subject.Name}, {what}: another content");
    }
}
