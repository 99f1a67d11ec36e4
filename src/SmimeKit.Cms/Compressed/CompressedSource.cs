using System.Security.Cryptography;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Compressed;

/// <summary>The compressed octets as a stream for the inflater, which it tells whether it has had too few or too many.</summary>
/// <remarks>
/// The inflater reads ahead and does not say where its stream ended. So the last octet is held back until it is asked for: when it never is,
/// something follows the stream; when more is asked for after it, the stream is cut off.
/// </remarks>
internal sealed class CompressedSource(BerTokenizer ber, Action<int> show) : ForwardReadStream
{
    private byte? _held;
    private Memory<byte> _lent;

    /// <summary>Gets the number of octets in the message so far.</summary>
    internal long CompressedLength { get; private set; }

    /// <summary>Gets whether the inflater wanted more than there is.</summary>
    internal bool IsExhausted { get; private set; }

    /// <summary>Gets whether reading the message failed: then the exception on its way is not the inflater's.</summary>
    internal bool HasFailed { get; private set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count)).Finish();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        HasFailed = true;
        _lent = buffer;
        _held ??= await ReadOneAsync(cancellationToken).ConfigureAwait(false);
        int read = _held is null || buffer.Length < 2 ? 0 : await FillAsync(buffer[1..], cancellationToken).ConfigureAwait(false);
        HasFailed = false;
        if (_held is not { } first)
        {
            IsExhausted = true;
            return 0;
        }

        buffer.Span[0] = first;
        _held = read > 0 ? buffer.Span[read] : null;
        return Math.Max(read, 1);
    }

    /// <summary>Tells whether there are octets that the inflater did not ask for.</summary>
    internal async ValueTask<bool> HasMoreAsync(CancellationToken cancellationToken) =>
        _held is not null || await ReadOneAsync(cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Wipes the inflater's buffer, which it returns to others.</summary>
    internal void Wipe() => CryptographicOperations.ZeroMemory(_lent.Span);

    private async ValueTask<byte?> ReadOneAsync(CancellationToken cancellationToken)
    {
        byte[] one = new byte[1];
        return await FillAsync(one, cancellationToken).ConfigureAwait(false) > 0 ? one[0] : null;
    }

    private async ValueTask<int> FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read = await ber.ReadOctetsAsync(buffer, EncapsulatedContent.ContentField, cancellationToken).ConfigureAwait(false);
        CompressedLength += read;
        show(read);
        return read;
    }
}
