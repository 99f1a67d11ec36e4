using MimeKit;

namespace SmimeKit.Mime;

/// <summary>The header block of a message or entity: its exact bytes, and what MimeKit makes of them.</summary>
internal sealed class EntityHeader
{
    private EntityHeader(byte[] raw, HeaderList fields)
    {
        Raw = raw;
        Fields = fields;
        ContentType = Parse<ContentType>(fields[HeaderId.ContentType], ContentType.TryParse) ?? new ContentType("text", "plain");
        Disposition = Parse<ContentDisposition>(fields[HeaderId.ContentDisposition], ContentDisposition.TryParse);
    }

    /// <summary>Gets the block as received, the blank line included.</summary>
    internal byte[] Raw { get; }

    internal HeaderList Fields { get; }

    internal ContentType ContentType { get; }

    internal ContentDisposition? Disposition { get; }

    internal ContentEncoding TransferEncoding =>
        MimeKit.Utils.MimeUtils.TryParse(Fields[HeaderId.ContentTransferEncoding] ?? "", out ContentEncoding encoding)
            ? encoding
            : ContentEncoding.Default;

    /// <summary>Gets whether something that decides about the structure stands there twice: readers then disagree about it.</summary>
    internal bool HasDuplicateStructure => Fields.Count(h => h.Id == HeaderId.ContentType) > 1
        || Fields.Count(h => h.Id == HeaderId.ContentTransferEncoding) > 1
        || CountParameter(Fields[HeaderId.ContentType] ?? "", "boundary") > 1;

    /// <summary>Gets whether the entity stands alone: it has MIME fields only and so belongs to no mail.</summary>
    internal bool IsBareEntity => Fields.All(h =>
        h.Id == HeaderId.MimeVersion || h.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the header block from a stream, and nothing of the body.</summary>
    /// <exception cref="LimitExceededException">The block is longer than the limit.</exception>
    internal static async ValueTask<EntityHeader> ReadAsync(LookaheadStream source, SmimeLimits limits, CancellationToken cancellationToken)
    {
        byte[] raw = await source.ReadHeaderBlockAsync(limits.MaxHeaderSize, cancellationToken).ConfigureAwait(false);
        if (CountFields(raw) > limits.MaxHeaderFields)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderFields), limits.MaxHeaderFields);
        }

        using var block = new ReadOnlyMemoryStream(raw);
        try
        {
            return new EntityHeader(raw, HeaderList.Load(block, cancellationToken));
        }
        catch (FormatException)
        {
            throw new MalformedDataException("mime-header", "The header of the entity is malformed");
        }
    }

    /// <summary>Reads the addresses of every field of one name; a field that cannot be parsed yields an empty list.</summary>
    /// <exception cref="LimitExceededException">The fields may hold more addresses than the limit: they are not parsed then.</exception>
    internal IReadOnlyList<InternetAddressList> Addresses(HeaderId field, SmimeLimits limits)
    {
        List<Header> fields = [.. Fields.Where(h => h.Id == field)];
        if (fields.Sum(h => h.RawValue.AsSpan().Count((byte)',')) >= limits.MaxAddresses)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxAddresses), limits.MaxAddresses);
        }

        return [.. fields.Select(h => InternetAddressList.TryParse(h.RawValue, out InternetAddressList? addresses) ? addresses! : [])];
    }

    // Lines that do not continue the one before (RFC 5322 §2.2.3), the blank one at the end apart: no field has less.
    private static int CountFields(ReadOnlySpan<byte> block)
    {
        int count = 0;
        while (!block.IsEmpty)
        {
            count += block[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' ? 0 : 1;
            int newline = block.IndexOf((byte)'\n');
            block = newline < 0 ? default : block[(newline + 1)..];
        }

        return count;
    }

    // MimeKit keeps one of several parameters of the same name; others may keep another.
    private static int CountParameter(string value, string name) =>
        SplitParameters(value).Count(p => p.Split('=', 2) is [var found, _] && found.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> SplitParameters(string value)
    {
        bool quoted = false;
        int start = 0;
        for (int i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ';' when !quoted:
                    yield return value[start..i];
                    start = i + 1;
                    break;
            }
        }

        yield return value[start..];
    }

    private delegate bool TryParse<T>(string? text, out T? value);

    private static T? Parse<T>(string? text, TryParse<T> parse)
        where T : class => text is not null && parse(text, out T? value) ? value : null;
}
