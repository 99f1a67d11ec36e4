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

    /// <summary>Gets the file name that the entity claims, of Content-Disposition or of Content-Type.</summary>
    internal string FileName => Disposition?.FileName ?? ContentType.Name ?? "";

    internal ContentEncoding TransferEncoding =>
        MimeKit.Utils.MimeUtils.TryParse(Fields[HeaderId.ContentTransferEncoding] ?? "", out ContentEncoding encoding)
            ? encoding
            : ContentEncoding.Default;

    /// <summary>Gets whether a header field that decides about the structure stands there twice: readers then disagree about it.</summary>
    internal bool HasDuplicateStructure => Fields.Count(h => h.Id == HeaderId.ContentType) > 1
        || Fields.Count(h => h.Id == HeaderId.ContentTransferEncoding) > 1;

    /// <summary>Reads the header block from a stream, and nothing of the body.</summary>
    /// <exception cref="LimitExceededException">The block is longer than the limit.</exception>
    internal static async ValueTask<EntityHeader> ReadAsync(LookaheadStream source, SmimeLimits limits, CancellationToken cancellationToken)
    {
        byte[] raw = await source.ReadHeaderBlockAsync(limits.MaxHeaderSize, cancellationToken).ConfigureAwait(false);
        using var block = new ReadOnlyMemoryStream(raw);
        try
        {
            HeaderList fields = HeaderList.Load(block, cancellationToken);
            return fields.Count > limits.MaxHeaderFields
                ? throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderFields), limits.MaxHeaderFields)
                : new EntityHeader(raw, fields);
        }
        catch (FormatException)
        {
            throw new MalformedDataException("mime-header", "The header of the entity is malformed");
        }
    }

    internal IEnumerable<MailboxAddress> Mailboxes(HeaderId field) =>
        Fields.Where(h => h.Id == field).SelectMany(h =>
            InternetAddressList.TryParse(h.RawValue, out InternetAddressList? addresses) ? addresses!.Mailboxes : []);

    private delegate bool TryParse<T>(string? text, out T? value);

    private static T? Parse<T>(string? text, TryParse<T> parse)
        where T : class => text is not null && parse(text, out T? value) ? value : null;
}
