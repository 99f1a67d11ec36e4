using System.Buffers;
using System.Formats.Asn1;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>A layer of encryption, written in one forward pass: EnvelopedData, AuthEnvelopedData or EncryptedData.</summary>
/// <remarks>
/// Opening makes the keys and writes the header. The initialization vector is random and fresh, and so is the content-encryption key, except
/// that of EncryptedData; it never leaves the writer but encrypted.
/// </remarks>
public abstract class EncryptedContentWriter : CmsContentWriter
{
    private const byte Sequence = 0x30;
    private const byte ExplicitContent = 0xA0;
    private const byte Primitive = 0x80;
    private const byte Constructed = 0xA0;
    private const int BufferSize = ContentCipher.PieceSize + ContentCipher.MaxPadding;

    private readonly string _contentType;
    private readonly long? _contentLength;
    private ContentCipher? _cipher;
    private byte[] _buffer = [];
    private int _pending;
    private int _used;

    private protected EncryptedContentWriter(Stream output, string contentType, long? contentLength, ContentEncryption encryption)
        : base(output, contentLength)
    {
        _contentType = contentType;
        _contentLength = contentLength;
        Encryption = encryption;
    }

    private protected abstract string ContentTypeOid { get; }

    /// <summary>Gets the size of all fields after the EncryptedContentInfo.</summary>
    private protected abstract int TailSize { get; }

    private protected ContentEncryption Encryption { get; }

    /// <summary>Writes the fields after the EncryptedContentInfo, <see cref="TailSize"/> octets.</summary>
    private protected abstract ValueTask WriteFieldsAfterContentAsync(ContentCipher cipher, CancellationToken cancellationToken);

    /// <summary>Gets the cipher, once the key is made.</summary>
    private protected ContentCipher Cipher => _cipher!;

    /// <summary>Tells the cipher what it needs to know before the content.</summary>
    private protected virtual void BeginCipher(ContentCipher cipher)
    {
    }

    /// <summary>Makes the key, encrypts it to the recipients, and writes up to the first octet of the ciphertext.</summary>
    private protected async ValueTask BeginAsync(
        RecipientEncryption recipients, CarriedCertificates originator, int version, bool synchronous, CancellationToken cancellationToken)
    {
        // R3369-6-a, R5083-2-a: the key exists here only, in the cipher and in what the recipients get.
        byte[] key = Encryption.GenerateKey();
        try
        {
            await BeginAsync(
                key,
                async token =>
                    [.. CmsVersion.Encode(version), .. OriginatorInfoAsn.Encode(originator), .. await recipients.EncodeAsync(key, token).ConfigureAwait(false)],
                synchronous,
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Writes up to the first octet of the ciphertext.</summary>
    /// <param name="key">The key; not kept.</param>
    /// <param name="encodeStart">Encodes the fields before the EncryptedContentInfo.</param>
    /// <param name="synchronous">Whether to write without tasks.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    private protected async ValueTask BeginAsync(
        byte[] key, Func<CancellationToken, ValueTask<byte[]>> encodeStart, bool synchronous, CancellationToken cancellationToken)
    {
        Synchronous = synchronous;
        bool succeeded = false;
        try
        {
            byte[] start = await encodeStart(cancellationToken).ConfigureAwait(false);
            _cipher = Encryption.CreateEncryptor(key);
            BeginCipher(_cipher);
            await WriteHeaderAsync(start, cancellationToken).ConfigureAwait(false);
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

    /// <inheritdoc/>
    private protected override async ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        while (!content.IsEmpty)
        {
            int count = Math.Min(ContentCipher.PieceSize - _pending, content.Length);
            if (count == ContentCipher.PieceSize && MemoryMarshal.TryGetArray(content[..count], out ArraySegment<byte> piece))
            {
                _cipher!.Transform(piece, _buffer); // a whole piece needs no copy
            }
            else
            {
                content.Span[..count].CopyTo(_buffer.AsSpan(_pending));
                _pending += count;
                _used = Math.Max(_used, _pending);
                if (_pending < ContentCipher.PieceSize)
                {
                    break;
                }

                _cipher!.Transform(new ArraySegment<byte>(_buffer, 0, _pending), _buffer);
                _pending = 0;
            }

            content = content[count..];
            await WriteCiphertextAsync(ContentCipher.PieceSize, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    private protected override async ValueTask WriteTailAsync(CancellationToken cancellationToken)
    {
        int count = _cipher!.Finish(new ArraySegment<byte>(_buffer, 0, _pending), _buffer);
        await WriteCiphertextAsync(count, cancellationToken).ConfigureAwait(false);
        if (_contentLength is null)
        {
            await Ber.FlushSegmentAsync(cancellationToken).ConfigureAwait(false);
            await Ber.EndAsync(cancellationToken).ConfigureAwait(false); // encryptedContent
        }

        await Ber.EndAsync(cancellationToken).ConfigureAwait(false); // encryptedContentInfo
        await WriteFieldsAfterContentAsync(_cipher, cancellationToken).ConfigureAwait(false);
        await Ber.EndAsync(cancellationToken).ConfigureAwait(false); // envelopedData
        await Ber.EndAsync(cancellationToken).ConfigureAwait(false); // content
        await Ber.EndAsync(cancellationToken).ConfigureAwait(false); // contentInfo
    }

    /// <inheritdoc/>
    private protected override void Release()
    {
        _cipher?.Dispose();
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            CryptographicOperations.ZeroMemory(buffer.AsSpan(0, _used));
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Checks the options that all types share, before anything is written.</summary>
    private protected static void CheckOptions(long? contentLength, ContentEncryptionAlgorithm algorithm, CmsPolicy policy)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(contentLength ?? 0, nameof(contentLength));
        if (policy.FindContentEncryptionObjection(algorithm.Oid, DateTimeOffset.MinValue) is { } rule) // R8551-2.7.2-a
        {
            throw new PolicyViolationException(rule, $"The policy does not write {algorithm.Name}.");
        }
    }

    /// <summary>Checks the options and settles the algorithms for the recipients, before anything is written.</summary>
    private protected static RecipientEncryption Plan(Stream output, RecipientWriterOptions options, ContentEncryptionAlgorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(output);
        CheckOptions(options.ContentLength, algorithm, options.Policy);
        return RecipientEncryption.Plan(options, algorithm.KeySize);
    }

    private async ValueTask WriteHeaderAsync(byte[] start, CancellationToken cancellationToken)
    {
        byte[] info = [.. DerEncoding.Oid(_contentType), .. Encryption.Identifier.Encode()];
        byte[] type = DerEncoding.Oid(ContentTypeOid);
        Lengths lengths = Lengths.Of(_contentLength is { } length ? Encryption.Algorithm.CiphertextSize(length) : null, type, start, info, TailSize);

        await Ber.BeginAsync(Sequence, lengths.ContentInfo, cancellationToken).ConfigureAwait(false);
        await Ber.WriteLeafAsync(type, cancellationToken).ConfigureAwait(false);
        await Ber.BeginAsync(ExplicitContent, lengths.Content, cancellationToken).ConfigureAwait(false);
        await Ber.BeginAsync(Sequence, lengths.Envelope, cancellationToken).ConfigureAwait(false);
        await Ber.WriteLeafAsync(start, cancellationToken).ConfigureAwait(false);
        await Ber.BeginAsync(Sequence, lengths.EncryptedContentInfo, cancellationToken).ConfigureAwait(false);
        await Ber.WriteLeafAsync(info, cancellationToken).ConfigureAwait(false);
        if (lengths.Ciphertext is { } size)
        {
            await Ber.WritePrimitiveHeaderAsync(Primitive, size, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await Ber.BeginAsync(Constructed, null, cancellationToken).ConfigureAwait(false);
        }

        _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    }

    private ValueTask WriteCiphertextAsync(int count, CancellationToken cancellationToken) => _contentLength is null
        ? Ber.WriteSegmentedAsync(_buffer.AsMemory(0, count), cancellationToken)
        : Ber.WriteContentsAsync(_buffer.AsMemory(0, count), cancellationToken);

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
