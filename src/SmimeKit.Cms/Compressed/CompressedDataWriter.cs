using System.IO.Compression;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Compressed;

/// <summary>Writes CompressedData, RFC 3274, with zlib, in one forward pass. Compression protects nothing.</summary>
/// <remarks>
/// <para>How long the compressed content becomes shows at its end only, so the encoding is of indefinite length.</para>
/// <para>
/// Compression goes inside encryption: ciphertext does not shrink (RFC 3274 §1). Its length tells of the content: where a secret stands beside text
/// that somebody else chooses, it betrays the secret piece by piece (§3). So nothing here compresses unless the caller does.
/// </para>
/// </remarks>
public sealed class CompressedDataWriter : CmsContentWriter
{
    private const int Version = 0; // R3274-1.1-b

    // RFC 1950 §2.2: two octets of header, one final block without content, the checksum of nothing.
    private static readonly byte[] _nothing = [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];

    private readonly EncapsulatedContentSpine _spine;
    private readonly CompressedSink _sink;
    private readonly ZLibStream _deflater;

    private CompressedDataWriter(Stream output, CompressedDataWriterOptions options)
        : base(output, contentLength: null)
    {
        byte[] start = [.. CmsVersion.Encode(Version), .. new AlgorithmIdentifier(CompressionAlgorithm.Zlib.Oid).Encode()];
        _spine = new EncapsulatedContentSpine(Ber, Oids.CompressedData, start, options.ContentType, contentLength: null);
        _sink = new CompressedSink(_spine);
        _deflater = new ZLibStream(_sink, options.Level);
    }

    /// <summary>Begins a message.</summary>
    /// <param name="output">Takes the message; written forward only, never closed.</param>
    /// <param name="options">What is written; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    public static async ValueTask<CompressedDataWriter> OpenAsync(
        Stream output, CompressedDataWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        CompressedDataWriter writer = Create(output, options, synchronous: false);
        return await writer.BeginAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static CompressedDataWriter Open(Stream output, CompressedDataWriterOptions? options = null)
    {
        CompressedDataWriter writer = Create(output, options, synchronous: true);
        return writer.BeginAsync(CancellationToken.None).Finish();
    }

    // In synchronous mode the sink has completed before it returns, and so has the deflater.
    private protected override ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _deflater.WriteAsync(content, cancellationToken);

    private protected override async ValueTask WriteTailAsync(CancellationToken cancellationToken)
    {
        await _deflater.DisposeAsync().ConfigureAwait(false); // writes the last block and the checksum
        if (ContentLength == 0)
        {
            await _spine.WriteAsync(_nothing, cancellationToken).ConfigureAwait(false); // which the base library leaves out
        }

        await _spine.EndContentAsync(cancellationToken).ConfigureAwait(false);
        await _spine.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private protected override void Release()
    {
        _sink.GiveUp();
        _deflater.Dispose();
    }

    private static CompressedDataWriter Create(Stream output, CompressedDataWriterOptions? options, bool synchronous)
    {
        ArgumentNullException.ThrowIfNull(output);
        return new CompressedDataWriter(output, options ?? new CompressedDataWriterOptions()) { Synchronous = synchronous };
    }

    private async ValueTask<CompressedDataWriter> BeginAsync(CancellationToken cancellationToken)
    {
        bool written = false;
        try
        {
            await _spine.BeginAsync(sizeAfterContent: 0, cancellationToken).ConfigureAwait(false);
            written = true;
            return this;
        }
        finally
        {
            if (!written)
            {
                Dispose();
            }
        }
    }
}
