using MimeKit;

namespace SmimeKit.Mime;

/// <summary>MimeKit's pushing parser within the limits for hostile mail: depth, parts, fields, size of headers and of lines.</summary>
/// <remarks>MimeKit knows one kind of event for each kind of part; here they are folded into one begin and one end.</remarks>
internal abstract class BoundedMimeReader : MimeReader
{
    private readonly SmimeLimits _limits;
    private readonly ReadAheadGuard _guard;
    private int _parts;
    private int _fields;
    private long _headerSize;

    private protected BoundedMimeReader(Stream stream, SmimeLimits limits)
        : this(new ReadAheadGuard(stream, limits.MaxHeaderSize), limits)
    {
    }

    private BoundedMimeReader(ReadAheadGuard guard, SmimeLimits limits)
        : base(CreateOptions(limits), guard, MimeFormat.Entity)
    {
        _guard = guard;
        _limits = limits;
    }

    /// <summary>Gets how many parts are open: 1 within the root.</summary>
    protected int Depth { get; private set; }

    /// <summary>MimeKit's options for mail from anywhere. What is nested deeper it takes for a leaf.</summary>
    internal static ParserOptions CreateOptions(SmimeLimits limits)
    {
        ParserOptions options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = limits.MaxMimeDepth;
        return options;
    }

    protected sealed override Task OnHeadersBeginAsync(long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        _guard.Reset();
        (_fields, _headerSize) = (0, 0);
        OnHeaderBegin(beginOffset);
        return Task.CompletedTask;
    }

    protected sealed override Task OnHeaderReadAsync(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        _guard.Reset();
        _headerSize += header.RawField.Length + header.RawValue.Length;
        if (++_fields > _limits.MaxHeaderFields)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderFields), _limits.MaxHeaderFields);
        }

        return _headerSize <= _limits.MaxHeaderSize
            ? OnFieldAsync(header, cancellationToken).AsTask()
            : throw new LimitExceededException(nameof(SmimeLimits.MaxHeaderSize), _limits.MaxHeaderSize);
    }

    protected sealed override Task OnMimePartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType, beginOffset);

    protected sealed override Task OnMultipartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType, beginOffset);

    protected sealed override Task OnMessagePartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Begin(contentType, beginOffset);

    protected sealed override Task OnMimePartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        EndAsync(headersEndOffset, endOffset, cancellationToken);

    protected sealed override Task OnMultipartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        EndAsync(headersEndOffset, endOffset, cancellationToken);

    protected sealed override Task OnMessagePartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        EndAsync(headersEndOffset, endOffset, cancellationToken);

    protected sealed override Task OnMimePartContentReadAsync(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken)
    {
        _guard.Reset();
        return OnContentAsync(buffer.AsMemory(startIndex, count), cancellationToken).AsTask();
    }

    protected sealed override Task OnMultipartPreambleReadAsync(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken) =>
        OnFramingReadAsync(buffer, startIndex, count, cancellationToken);

    protected sealed override Task OnMultipartEpilogueReadAsync(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken) =>
        OnFramingReadAsync(buffer, startIndex, count, cancellationToken);

    protected sealed override Task OnMultipartBoundaryReadAsync(
        byte[] buffer, int startIndex, int count, long beginOffset, int lineNumber, CancellationToken cancellationToken) =>
        OnFramingReadAsync(buffer, startIndex, count, cancellationToken);

    protected sealed override Task OnMultipartEndBoundaryReadAsync(
        byte[] buffer, int startIndex, int count, long beginOffset, int lineNumber, CancellationToken cancellationToken) =>
        OnFramingReadAsync(buffer, startIndex, count, cancellationToken);

    /// <summary>A header block begins, that of a part or of the message inside a part.</summary>
    protected virtual void OnHeaderBegin(long beginOffset)
    {
    }

    /// <summary>A field was read.</summary>
    protected virtual ValueTask OnFieldAsync(Header header, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A part begins; its header has been read. <see cref="Depth"/> counts it.</summary>
    protected virtual void OnPartBegin(ContentType contentType, long beginOffset)
    {
    }

    /// <summary>A part has ended. <see cref="Depth"/> does not count it any more.</summary>
    protected virtual ValueTask OnPartEndAsync(long headersEndOffset, long endOffset, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Content of a leaf was read, transfer-encoded.</summary>
    protected virtual ValueTask OnContentAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>A boundary line, or text around the parts, was read.</summary>
    protected virtual ValueTask OnFramingAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private Task OnFramingReadAsync(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken)
    {
        _guard.Reset();
        return OnFramingAsync(buffer.AsMemory(startIndex, count), cancellationToken).AsTask();
    }

    private Task Begin(ContentType contentType, long beginOffset)
    {
        _guard.Reset();
        if (++_parts > _limits.MaxMimeParts)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxMimeParts), _limits.MaxMimeParts);
        }

        if (++Depth > _limits.MaxMimeDepth)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxMimeDepth), _limits.MaxMimeDepth);
        }

        OnPartBegin(contentType, beginOffset);
        return Task.CompletedTask;
    }

    private Task EndAsync(long headersEndOffset, long endOffset, CancellationToken cancellationToken)
    {
        Depth--;
        return OnPartEndAsync(headersEndOffset, endOffset, cancellationToken).AsTask();
    }
}
