using System.Buffers;
using MimeKit;

namespace SmimeKit.Tool.Files;

/// <summary>Keeps the header of a mail whose body is replaced: all of it but what describes the old body.</summary>
internal static class MessageHeader
{
    /// <summary>Reads the header block.</summary>
    /// <param name="message">The mail.</param>
    /// <param name="limit">The most bytes a header block may have.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The fields to keep, without a blank line at their end; and the whole mail again, from its first byte on.</returns>
    internal static async Task<(byte[] Fields, Stream Message)> ReadAsync(Stream message, int limit, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int count = 0;
            int end;
            while ((end = FindEnd(buffer.AsSpan(0, count))) < 0)
            {
                if (count > limit)
                {
                    throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderSize), limit);
                }

                buffer = EnsureRoom(buffer, count);
                int read = await message.ReadAsync(buffer.AsMemory(count), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    end = count;
                    break;
                }

                count += read;
            }

            byte[] beginning = buffer.AsSpan(0, count).ToArray();
            return (await SelectAsync(beginning.AsMemory(0, end), cancellationToken).ConfigureAwait(false), new ReplayStream(beginning, message));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] EnsureRoom(byte[] buffer, int count)
    {
        if (count < buffer.Length)
        {
            return buffer;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    // The offset behind the blank line, or -1.
    private static int FindEnd(ReadOnlySpan<byte> text)
    {
        for (int start = 0; ;)
        {
            int newline = text[start..].IndexOf((byte)'\n');
            if (newline < 0)
            {
                return -1;
            }

            ReadOnlySpan<byte> line = text.Slice(start, newline);
            start += newline + 1;
            if (line is [] or [(byte)'\r'])
            {
                return start;
            }
        }
    }

    private static async Task<byte[]> SelectAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        using var source = new ReplayStream(block, Stream.Null);
        HeaderList fields = await ParseAsync(source, cancellationToken).ConfigureAwait(false);
        return
        [
            .. fields.Where(f => !DescribesBody(f)).SelectMany(f => (byte[])[.. f.RawField, (byte)':', .. f.RawValue]),
            .. "MIME-Version: 1.0\r\n"u8,
        ];
    }

    private static async Task<HeaderList> ParseAsync(Stream source, CancellationToken cancellationToken)
    {
        try
        {
            return await HeaderList.LoadAsync(source, cancellationToken).ConfigureAwait(false);
        }
        catch (FormatException)
        {
            throw new MalformedDataException("mime-header", "The header of the mail is malformed");
        }
    }

    private static bool DescribesBody(Header field) =>
        field.Id == HeaderId.MimeVersion || field.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
}
