using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SmimeKit.Certificates;

/// <summary>One PEM block.</summary>
/// <param name="Label">The label, upper case as found.</param>
/// <param name="Headers">The RFC 1421 headers of old OpenSSL keys; empty as a rule.</param>
/// <param name="Data">The decoded octets.</param>
internal sealed record PemBlock(string Label, string Headers, byte[] Data);

/// <summary>Finds PEM blocks (RFC 7468) in any text, in one pass over its lines.</summary>
internal static class PemReader
{
    private static ReadOnlySpan<byte> Begin => "-----BEGIN "u8;

    private static ReadOnlySpan<byte> End => "-----END "u8;

    private static ReadOnlySpan<byte> Dashes => "-----"u8;

    internal static bool LooksLikePem(ReadOnlySpan<byte> text) => text.IndexOf(Begin) >= 0;

    internal static List<PemBlock> Read(ReadOnlySpan<byte> text, int maxBlocks)
    {
        var blocks = new List<PemBlock>();
        string? label = null;
        int bodyStart = 0;
        int position = 0;
        while (position < text.Length)
        {
            int lineStart = position;
            ReadOnlySpan<byte> line = NextLine(text, ref position);
            if (TryReadLabel(line, Begin, out string? begun))
            {
                (label, bodyStart) = (begun, position); // A block that never ends is text.
            }
            else if (label is not null && TryReadLabel(line, End, out string? ended) && ended == label)
            {
                blocks.Add(DecodeBlock(label, text[bodyStart..lineStart]));
                label = null;
                if (blocks.Count > maxBlocks)
                {
                    throw new LimitExceededException(nameof(FileLimits.MaxCertificates), maxBlocks);
                }
            }
        }

        return blocks;
    }

    /// <summary>Decodes base64 with line breaks and blanks; null when it is none.</summary>
    internal static byte[]? DecodeBase64(ReadOnlySpan<byte> text)
    {
        byte[] buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        OperationStatus status = Base64.DecodeFromUtf8(text, buffer, out int consumed, out int written);
        return status == OperationStatus.Done && text[consumed..].Trim(" \r\n\t"u8).IsEmpty ? buffer[..written] : null;
    }

    private static ReadOnlySpan<byte> NextLine(ReadOnlySpan<byte> text, ref int position)
    {
        ReadOnlySpan<byte> rest = text[position..];
        int length = rest.IndexOfAny((byte)'\n', (byte)'\r');
        position += length < 0 ? rest.Length : length + 1;
        return (length < 0 ? rest : rest[..length]).Trim(" \t"u8);
    }

    private static bool TryReadLabel(ReadOnlySpan<byte> line, ReadOnlySpan<byte> marker, out string? label)
    {
        label = null;
        if (line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        if (!line.StartsWith(marker) || !line.EndsWith(Dashes) || line.Length < marker.Length + Dashes.Length)
        {
            return false;
        }

        label = Encoding.ASCII.GetString(line[marker.Length..^Dashes.Length]);
        return true;
    }

    // RFC 1421 headers end at a blank line; base64 has no colon.
    private static PemBlock DecodeBlock(string label, ReadOnlySpan<byte> body)
    {
        int position = 0;
        int headerEnd = 0;
        if (body.Contains((byte)':'))
        {
            while (position < body.Length && !NextLine(body, ref position).IsEmpty)
            {
                position += position < body.Length && body[position - 1] == '\r' && body[position] == '\n' ? 1 : 0;
                headerEnd = position;
            }
        }

        byte[] data = DecodeBase64(body[headerEnd..]) ?? throw new MalformedDataException("pem-malformed", "A PEM block is not base64");
        return new PemBlock(label, Encoding.ASCII.GetString(body[..headerEnd]), data);
    }
}
