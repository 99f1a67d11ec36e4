using System.Buffers;
using System.Security.Cryptography;
using MimeKit;

namespace SmimeKit.Mime;

/// <summary>
/// Takes <c>multipart/signed</c> apart in one pass (RFC 1847 §2.1): the exact octets of the first part go out as they come, the body of
/// the second is collected, and everything else is only counted.
/// </summary>
/// <remarks>
/// MimeKit finds the structure and reports every input byte in order, in small pieces, which go out together; the line break before the
/// delimiter belongs to the delimiter, so the last two octets are held back until the part's end is known.
/// </remarks>
internal sealed class SignedMultipartReader : MimeReader, IDisposable
{
    private const int HeldBack = 2;
    private const int PieceSize = 64 * 1024;

    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _signedOctets;
    private readonly SmimeLimits _limits;
    private readonly List<Header> _signatureFields = [];
    private byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceSize);
    private int _pieceCount;
    private int _pieceUsed;
    private long _spanStart;
    private long _spanLength;
    private bool _inSignedPart;
    private bool _inSignatureHeader;
    private bool _inSignature;
    private int _depth;
    private byte[] _signature = [];
    private int _signatureCount;

    internal SignedMultipartReader(
        Stream stream, SmimeLimits limits, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> signedOctets)
        : base(CreateOptions(limits), stream, MimeFormat.Entity)
    {
        _signedOctets = signedOctets;
        _limits = limits;
    }

    /// <summary>Gets the number of parts; a sound message has two.</summary>
    internal int PartCount { get; private set; }

    /// <summary>Gets the media type of the second part.</summary>
    internal ContentType? SignatureType { get; private set; }

    /// <summary>Gets the header fields of the second part.</summary>
    internal IReadOnlyList<Header> SignatureFields => _signatureFields;

    /// <summary>Gets the body of the second part, still transfer-encoded.</summary>
    internal ReadOnlyMemory<byte> Signature => _signature.AsMemory(0, _signatureCount);

    /// <summary>Gets whether the octets handed out are exactly those between the delimiters.</summary>
    internal bool IsSpanExact { get; private set; }

    public void Dispose()
    {
        byte[] piece = _piece;
        _piece = [];
        if (piece.Length > 0)
        {
            CryptographicOperations.ZeroMemory(piece.AsSpan(0, _pieceUsed));
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    protected override Task OnHeadersBeginAsync(long beginOffset, int beginLineNumber, CancellationToken cancellationToken)
    {
        if (_depth == 1)
        {
            PartCount++;
            if (PartCount > _limits.MaxMimeParts)
            {
                throw new LimitExceededException(nameof(SmimeLimits.MaxMimeParts), _limits.MaxMimeParts);
            }

            _inSignedPart = PartCount == 1;
            _inSignatureHeader = PartCount == 2;
            _spanStart = _inSignedPart ? beginOffset : _spanStart;
        }

        return Task.CompletedTask;
    }

    protected override async Task OnHeaderReadAsync(Header header, int beginLineNumber, CancellationToken cancellationToken)
    {
        if (_inSignedPart)
        {
            await EmitAsync(header.RawField, cancellationToken).ConfigureAwait(false);
            if (!EndsLine(header.RawField)) // a line without colon is all field
            {
                await EmitAsync(":"u8.ToArray(), cancellationToken).ConfigureAwait(false);
                await EmitAsync(header.RawValue, cancellationToken).ConfigureAwait(false);
            }
        }
        else if (_inSignatureHeader)
        {
            _signatureFields.Add(header);
        }
    }

    protected override Task OnBodySeparatorAsync(long beginOffset, int lineNumber, long endOffset, CancellationToken cancellationToken) =>
        _inSignedPart
            ? EmitAsync(endOffset - beginOffset == 2 ? "\r\n"u8.ToArray() : "\n"u8.ToArray(), cancellationToken).AsTask()
            : Task.CompletedTask;

    protected override Task OnMimePartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        BeginPart(contentType);

    protected override Task OnMultipartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        BeginPart(contentType);

    protected override Task OnMessagePartBeginAsync(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        BeginPart(contentType);

    protected override Task OnMimePartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        EndPartAsync(endOffset, cancellationToken);

    protected override Task OnMultipartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        EndPartAsync(endOffset, cancellationToken);

    protected override Task OnMessagePartEndAsync(
        ContentType contentType, long beginOffset, int beginLineNumber, long headersEndOffset, long endOffset, int lines, CancellationToken cancellationToken) =>
        EndPartAsync(endOffset, cancellationToken);

    protected override Task OnMimePartContentReadAsync(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken)
    {
        if (_inSignature)
        {
            CollectSignature(buffer.AsSpan(startIndex, count));
            return Task.CompletedTask;
        }

        return EmitIfSignedAsync(buffer, startIndex, count, cancellationToken);
    }

    protected override Task OnMultipartPreambleReadAsync(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken) =>
        EmitIfSignedAsync(buffer, startIndex, count, cancellationToken);

    protected override Task OnMultipartEpilogueReadAsync(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken) =>
        EmitIfSignedAsync(buffer, startIndex, count, cancellationToken);

    protected override Task OnMultipartBoundaryReadAsync(
        byte[] buffer, int startIndex, int count, long beginOffset, int lineNumber, CancellationToken cancellationToken) =>
        EmitIfSignedAsync(buffer, startIndex, count, cancellationToken);

    protected override Task OnMultipartEndBoundaryReadAsync(
        byte[] buffer, int startIndex, int count, long beginOffset, int lineNumber, CancellationToken cancellationToken) =>
        EmitIfSignedAsync(buffer, startIndex, count, cancellationToken);

    private static ParserOptions CreateOptions(SmimeLimits limits)
    {
        ParserOptions options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = limits.MaxMimeDepth;
        return options;
    }

    private static bool EndsLine(byte[] field) => field.Length > 0 && field[^1] == '\n';

    private Task BeginPart(ContentType contentType)
    {
        _depth++;
        if (_depth == 2 && _inSignatureHeader)
        {
            _inSignatureHeader = false;
            _inSignature = true;
            SignatureType = contentType;
        }

        return Task.CompletedTask;
    }

    private async Task EndPartAsync(long endOffset, CancellationToken cancellationToken)
    {
        _depth--;
        if (_depth != 1)
        {
            return;
        }

        if (_inSignedPart)
        {
            await EndSpanAsync(endOffset, cancellationToken).ConfigureAwait(false);
        }

        _inSignedPart = _inSignature = false;
    }

    private async ValueTask EndSpanAsync(long endOffset, CancellationToken cancellationToken)
    {
        long excess = _spanLength - (endOffset - _spanStart);
        IsSpanExact = excess >= 0 && excess <= Math.Min(HeldBack, _pieceCount);
        int count = IsSpanExact ? _pieceCount - (int)excess : _pieceCount;
        await _signedOctets(_piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        _pieceCount = 0;
    }

    private Task EmitIfSignedAsync(byte[] buffer, int startIndex, int count, CancellationToken cancellationToken) =>
        _inSignedPart ? EmitAsync(buffer.AsMemory(startIndex, count), cancellationToken).AsTask() : Task.CompletedTask;

    private ValueTask EmitAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        _spanLength += octets.Length;
        return octets.Length <= PieceSize - _pieceCount && Keep(octets.Span) == octets.Length
            ? ValueTask.CompletedTask
            : EmitPiecesAsync(octets, cancellationToken);
    }

    private async ValueTask EmitPiecesAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        while (true)
        {
            octets = octets[Keep(octets.Span)..];
            if (octets.IsEmpty)
            {
                return;
            }

            await _signedOctets(_piece.AsMemory(0, _pieceCount - HeldBack), cancellationToken).ConfigureAwait(false);
            _piece.AsSpan(_pieceCount - HeldBack, HeldBack).CopyTo(_piece);
            _pieceCount = HeldBack;
        }
    }

    private int Keep(ReadOnlySpan<byte> octets)
    {
        int count = Math.Min(PieceSize - _pieceCount, octets.Length);
        octets[..count].CopyTo(_piece.AsSpan(_pieceCount));
        _pieceCount += count;
        _pieceUsed = Math.Max(_pieceUsed, _pieceCount);
        return count;
    }

    private void CollectSignature(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > _limits.MaxSignatureSize - _signatureCount)
        {
            throw new LimitExceededException(nameof(SmimeLimits.MaxSignatureSize), _limits.MaxSignatureSize);
        }

        if (octets.Length > _signature.Length - _signatureCount)
        {
            Array.Resize(ref _signature, Math.Max(_signatureCount + octets.Length, _signature.Length * 2));
        }

        octets.CopyTo(_signature.AsSpan(_signatureCount));
        _signatureCount += octets.Length;
    }
}
