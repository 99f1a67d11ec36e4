using MimeKit;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Mime;

/// <summary>
/// Takes <c>multipart/signed</c> apart in one pass (RFC 1847 §2.1): the exact octets of the first part go out as they come, the body of
/// the second is collected, and everything else is only counted.
/// </summary>
/// <remarks>
/// MimeKit finds the structure and reports every input byte in order, in small pieces, which go out together; the line break before the
/// delimiter belongs to the delimiter, so the last two octets are held back until the part's end is known.
/// </remarks>
internal sealed class SignedMultipartReader : BoundedMimeReader, IDisposable
{
    private const int HeldBack = 2;
    private const int PieceSize = 64 * 1024;

    private static readonly byte[] _colon = [(byte)':'];
    private static readonly byte[] _crlf = [(byte)'\r', (byte)'\n'];
    private static readonly byte[] _lf = [(byte)'\n'];

    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _signedOctets;
    private readonly SmimeLimits _limits;
    private readonly ErrantParts _errantParts;
    private readonly List<Header> _signatureFields = [];
    private byte[] _piece = PooledBytes.Rent(PieceSize);
    private int _pieceCount;
    private int _pieceUsed;
    private long _spanStart;
    private long _spanLength;
    private bool _inSignedPart;
    private bool _inSignatureHeader;
    private bool _inSignature;
    private byte[] _signature = [];
    private int _signatureCount;

    internal SignedMultipartReader(
        Stream stream, SmimeLimits limits, string signedPart, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> signedOctets)
        : base(stream, limits)
    {
        _signedOctets = signedOctets;
        _limits = limits;
        _errantParts = new ErrantParts(signedPart);
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

    /// <summary>Gets the S/MIME parts inside the first part, which matter when it is none itself.</summary>
    internal IReadOnlyList<string> ErrantParts => _errantParts.Found;

    /// <summary>Gets where the signed octets begin and end in the stream.</summary>
    internal (long Start, long End) SignedRange { get; private set; }

    public void Dispose()
    {
        PooledBytes.Return(ref _piece, _pieceUsed);
    }

    protected override void OnHeaderBegin(long beginOffset)
    {
        if (Depth == 1)
        {
            PartCount++;
            _inSignedPart = PartCount == 1;
            _inSignatureHeader = PartCount == 2;
            _spanStart = _inSignedPart ? beginOffset : _spanStart;
        }

        if (_inSignedPart)
        {
            _errantParts.BeginHeader();
        }
    }

    protected override async ValueTask OnFieldAsync(Header header, CancellationToken cancellationToken)
    {
        if (_inSignedPart)
        {
            _errantParts.AddField(header);
            await EmitAsync(header.RawField, cancellationToken).ConfigureAwait(false);
            if (!EndsLine(header.RawField)) // a line without colon is all field
            {
                await EmitAsync(_colon, cancellationToken).ConfigureAwait(false);
                await EmitAsync(header.RawValue, cancellationToken).ConfigureAwait(false);
            }
        }
        else if (_inSignatureHeader)
        {
            _signatureFields.Add(header);
        }
    }

    protected override Task OnBodySeparatorAsync(long beginOffset, int lineNumber, long endOffset, CancellationToken cancellationToken) =>
        EmitIfSignedAsync(endOffset - beginOffset == 2 ? _crlf : _lf, cancellationToken).AsTask();

    protected override void OnPartBegin(ContentType contentType, long beginOffset)
    {
        if (_inSignedPart)
        {
            _errantParts.BeginPart(contentType);
        }
        else if (Depth == 2 && _inSignatureHeader)
        {
            _inSignatureHeader = false;
            _inSignature = true;
            SignatureType = contentType;
        }
    }

    protected override async ValueTask OnPartEndAsync(long headersEndOffset, long endOffset, CancellationToken cancellationToken)
    {
        if (_inSignedPart)
        {
            _errantParts.EndPart();
        }

        if (Depth == 1 && _inSignedPart)
        {
            await EndSpanAsync(endOffset, cancellationToken).ConfigureAwait(false);
        }

        if (Depth == 1)
        {
            _inSignedPart = _inSignature = false;
        }
    }

    protected override ValueTask OnContentAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        if (!_inSignature)
        {
            return EmitIfSignedAsync(octets, cancellationToken);
        }

        CollectSignature(octets.Span);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnFramingAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) =>
        EmitIfSignedAsync(octets, cancellationToken);

    private static bool EndsLine(byte[] field) => field.Length > 0 && field[^1] == '\n';

    private async ValueTask EndSpanAsync(long endOffset, CancellationToken cancellationToken)
    {
        long excess = _spanLength - (endOffset - _spanStart);
        IsSpanExact = excess >= 0 && excess <= Math.Min(HeldBack, _pieceCount);
        int count = IsSpanExact ? _pieceCount - (int)excess : _pieceCount;
        await _signedOctets(_piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        _pieceCount = 0;
        SignedRange = (_spanStart, endOffset);
    }

    private ValueTask EmitIfSignedAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) =>
        _inSignedPart ? EmitAsync(octets, cancellationToken) : ValueTask.CompletedTask;

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
