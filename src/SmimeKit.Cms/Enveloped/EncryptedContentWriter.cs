using System.Buffers;
using System.Formats.Asn1;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Enveloped;

/// <summary>A layer of encryption for recipients, written in one forward pass: EnvelopedData or AuthEnvelopedData.</summary>
/// <remarks>
/// Opening writes the header; the content goes through <see cref="Content"/>; only <see cref="CompleteAsync"/> writes the end.
/// Disposing earlier leaves a torso that no reader takes for a message. The output stream is never closed or flushed. The
/// content-encryption key and the initialization vector are random, fresh, and never leave the writer.
/// </remarks>
public abstract class EncryptedContentWriter : IAsyncDisposable, IDisposable
{
    private const byte Sequence = 0x30;
    private const byte ExplicitContent = 0xA0;
    private const byte Primitive = 0x80;
    private const byte Constructed = 0xA0;
    private const int BufferSize = ContentCipher.PieceSize + ContentCipher.MaxPadding;

    private readonly ByteSink _sink;
    private readonly BerWriter _ber;
    private readonly EnvelopeWriterOptions _options;
    private readonly ContentEncryptionAlgorithm _algorithm;
    private readonly ContentWriteStream _content;
    private ContentCipher? _cipher;
    private byte[] _buffer = [];
    private int _pending;
    private int _used;
    private WriterPhase _phase = WriterPhase.Failed; // until the header has been written

    private protected EncryptedContentWriter(Stream output, EnvelopeWriterOptions options, ContentEncryptionAlgorithm algorithm)
    {
        _sink = new ByteSink(output);
        _ber = new BerWriter(_sink);
        _options = options;
        _algorithm = algorithm;
        _content = new ContentWriteStream(WriteAsync);
    }

    private enum WriterPhase
    {
        Content,
        Completed,
        Failed,
        Disposed,
    }

    /// <summary>Gets the stream that takes the content. Write-only; disposing or flushing it does nothing.</summary>
    public Stream Content => _content;

    /// <summary>Gets the number of content octets written so far.</summary>
    public long ContentLength { get; private set; }

    private protected abstract string ContentTypeOid { get; }

    /// <summary>Gets the size of all fields after the EncryptedContentInfo.</summary>
    private protected abstract int TailSize { get; }

    /// <summary>Writes the end of the message.</summary>
    /// <param name="cancellationToken">Ends the operation; the message stays without its end then.</param>
    /// <returns>A task that ends when the whole message has been written to the output.</returns>
    /// <exception cref="InvalidOperationException">The content is not as long as was announced, or the writer has failed before.</exception>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        BeginComplete(synchronous: false);
        await FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="CompleteAsync"/>
    public void Complete()
    {
        BeginComplete(synchronous: true);
        FinishAsync(CancellationToken.None).Finish();
    }

    /// <summary>Releases the buffers and wipes key and content. Writes nothing. The output stream stays open.</summary>
    public void Dispose()
    {
        if (_phase != WriterPhase.Disposed)
        {
            _phase = WriterPhase.Disposed;
            Release();
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose"/>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Gets the version of the message (RFC 5652 §6.1, RFC 5083 §2.1).</summary>
    private protected abstract int GetVersion(RecipientEncryption recipients);

    /// <summary>Writes the fields after the EncryptedContentInfo, <see cref="TailSize"/> octets.</summary>
    private protected abstract ValueTask WriteTailAsync(BerWriter ber, ContentCipher cipher, CancellationToken cancellationToken);

    /// <summary>Makes the key, encrypts it to the recipients, and writes up to the first octet of the ciphertext.</summary>
    private protected async ValueTask BeginAsync(RecipientEncryption recipients, bool synchronous, CancellationToken cancellationToken)
    {
        _sink.Synchronous = synchronous;
        bool succeeded = false;
        try
        {
            await WriteHeaderAsync(recipients, cancellationToken).ConfigureAwait(false);
            _phase = WriterPhase.Content;
            succeeded = true;
        }
        finally
        {
            if (!succeeded)
            {
                Dispose();
            }
        }
    }

    private async ValueTask WriteHeaderAsync(RecipientEncryption recipients, CancellationToken cancellationToken)
    {
        byte[] key = RandomNumberGenerator.GetBytes(_algorithm.KeySize); // R3369-6-a, R5083-2-a
        byte[] iv = RandomNumberGenerator.GetBytes(_algorithm.IvSize);
        byte[] recipientInfos;
        try
        {
            recipientInfos = recipients.Encode(key);
            _cipher = ContentCipher.CreateEncryptor(_algorithm, key, iv);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }

        byte[] start = [.. EncodeInteger(GetVersion(recipients)), .. OriginatorInfoAsn.Encode(_options.Originator), .. recipientInfos];
        byte[] info = [.. EncodeOid(_options.ContentType), .. ContentCipherParameters.Encode(_algorithm, iv).Encode()];
        byte[] type = EncodeOid(ContentTypeOid);
        Lengths lengths = Lengths.Of(_options.ContentLength is { } length ? _algorithm.CiphertextSize(length) : null, type, start, info, TailSize);

        await _ber.BeginAsync(Sequence, lengths.ContentInfo, cancellationToken).ConfigureAwait(false);
        await _ber.WriteLeafAsync(type, cancellationToken).ConfigureAwait(false);
        await _ber.BeginAsync(ExplicitContent, lengths.Content, cancellationToken).ConfigureAwait(false);
        await _ber.BeginAsync(Sequence, lengths.Envelope, cancellationToken).ConfigureAwait(false);
        await _ber.WriteLeafAsync(start, cancellationToken).ConfigureAwait(false);
        await _ber.BeginAsync(Sequence, lengths.EncryptedContentInfo, cancellationToken).ConfigureAwait(false);
        await _ber.WriteLeafAsync(info, cancellationToken).ConfigureAwait(false);
        if (lengths.Ciphertext is { } size)
        {
            await _ber.WritePrimitiveHeaderAsync(Primitive, size, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _ber.BeginAsync(Constructed, null, cancellationToken).ConfigureAwait(false);
        }

        _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, bool synchronous, CancellationToken cancellationToken)
    {
        Expect(WriterPhase.Content);
        _sink.Synchronous = synchronous;
        _phase = WriterPhase.Failed; // unless the end is reached
        if (_options.ContentLength is { } announced && octets.Length > announced - ContentLength)
        {
            throw new InvalidOperationException("The content is longer than was announced.");
        }

        ContentLength += octets.Length;
        while (!octets.IsEmpty)
        {
            int count = Math.Min(ContentCipher.PieceSize - _pending, octets.Length);
            if (count == ContentCipher.PieceSize && MemoryMarshal.TryGetArray(octets[..count], out ArraySegment<byte> piece))
            {
                _cipher!.Transform(piece, _buffer); // a whole piece needs no copy
            }
            else
            {
                octets.Span[..count].CopyTo(_buffer.AsSpan(_pending));
                _pending += count;
                _used = Math.Max(_used, _pending);
                if (_pending < ContentCipher.PieceSize)
                {
                    break;
                }

                _cipher!.Transform(new ArraySegment<byte>(_buffer, 0, _pending), _buffer);
                _pending = 0;
            }

            octets = octets[count..];
            await WriteCiphertextAsync(ContentCipher.PieceSize, cancellationToken).ConfigureAwait(false);
        }

        _phase = WriterPhase.Content;
    }

    private ValueTask WriteCiphertextAsync(int count, CancellationToken cancellationToken) => _options.ContentLength is null
        ? _ber.WriteSegmentedAsync(_buffer.AsMemory(0, count), cancellationToken)
        : _ber.WriteContentsAsync(_buffer.AsMemory(0, count), cancellationToken);

    private void BeginComplete(bool synchronous)
    {
        Expect(WriterPhase.Content);
        _phase = WriterPhase.Failed; // unless the end is reached
        if (_options.ContentLength is { } announced && announced != ContentLength)
        {
            throw new InvalidOperationException("The content is shorter than was announced.");
        }

        _sink.Synchronous = synchronous;
    }

    private async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        int count = _cipher!.Finish(new ArraySegment<byte>(_buffer, 0, _pending), _buffer);
        await WriteCiphertextAsync(count, cancellationToken).ConfigureAwait(false);
        if (_options.ContentLength is null)
        {
            await _ber.FlushSegmentAsync(cancellationToken).ConfigureAwait(false);
            await _ber.EndAsync(cancellationToken).ConfigureAwait(false);
        }

        await _ber.EndAsync(cancellationToken).ConfigureAwait(false);
        await WriteTailAsync(_ber, _cipher, cancellationToken).ConfigureAwait(false);
        await _ber.EndAsync(cancellationToken).ConfigureAwait(false);
        await _ber.EndAsync(cancellationToken).ConfigureAwait(false);
        await _ber.EndAsync(cancellationToken).ConfigureAwait(false);
        await _ber.FlushAsync(cancellationToken).ConfigureAwait(false);
        _phase = WriterPhase.Completed;
    }

    private void Expect(WriterPhase phase)
    {
        ObjectDisposedException.ThrowIf(_phase == WriterPhase.Disposed, this);
        if (_phase != phase)
        {
            throw new InvalidOperationException(_phase == WriterPhase.Completed
                ? "The message has been completed."
                : "The writer has failed before.");
        }
    }

    private void Release()
    {
        _cipher?.Dispose();
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, _used));
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _ber.Dispose();
    }

    private static byte[] EncodeInteger(int value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(value);
        return writer.Encode();
    }

    private static byte[] EncodeOid(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }

    // The lengths of the spine from the inside out; all null without a known length of the content.
    private readonly record struct Lengths(long? Ciphertext, long? EncryptedContentInfo, long? Envelope, long? Content, long? ContentInfo)
    {
        internal static Lengths Of(long? ciphertext, byte[] type, byte[] start, byte[] info, int tailSize)
        {
            if (ciphertext is not { } size)
            {
                return default;
            }

            long encryptedContentInfo = info.Length + BerWriter.ValueSize(size);
            long envelope = start.Length + BerWriter.ValueSize(encryptedContentInfo) + tailSize;
            long content = BerWriter.ValueSize(envelope);
            return new Lengths(size, encryptedContentInfo, envelope, content, type.Length + BerWriter.ValueSize(content));
        }
    }
}
