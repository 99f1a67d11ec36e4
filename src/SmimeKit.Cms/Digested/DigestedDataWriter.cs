using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Digested;

/// <summary>Writes DigestedData, RFC 5652 §7, in one forward pass: content with its digest. It protects against accidents only.</summary>
public sealed class DigestedDataWriter : CmsContentWriter
{
    private const byte OctetString = 0x04;

    private readonly DigestedDataWriterOptions _options;
    private readonly IncrementalDigest _digest;
    private readonly EncapsulatedContentSpine _spine;
    private readonly long _tailSize;

    private DigestedDataWriter(Stream output, DigestedDataWriterOptions options)
        : base(output, options.ContentLength)
    {
        _options = options;
        _digest = options.Digest.CreateIncremental();
        byte[] start = [.. CmsVersion.Encode(DigestedDataVersion.Of(options.ContentType)), .. options.Digest.ToIdentifier().Encode()];
        _spine = new EncapsulatedContentSpine(Ber, Oids.DigestedData, start, options.ContentType, options.ContentLength);
        _tailSize = BerWriter.ValueSize(options.Digest.Size);
    }

    /// <summary>Begins a message.</summary>
    /// <param name="output">Takes the message; written forward only, never closed.</param>
    /// <param name="options">What is written; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="PolicyViolationException">The policy does not list the digest. Nothing is written.</exception>
    public static async ValueTask<DigestedDataWriter> OpenAsync(
        Stream output, DigestedDataWriterOptions? options = null, CancellationToken cancellationToken = default)
    {
        DigestedDataWriter writer = Create(output, options, synchronous: false);
        return await writer.BeginAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static DigestedDataWriter Open(Stream output, DigestedDataWriterOptions? options = null)
    {
        DigestedDataWriter writer = Create(output, options, synchronous: true);
        return writer.BeginAsync(CancellationToken.None).Finish();
    }

    private protected override ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _digest.Append(content.Span);
        return _options.IsDetached ? ValueTask.CompletedTask : _spine.WriteAsync(content, cancellationToken);
    }

    private protected override async ValueTask WriteTailAsync(CancellationToken cancellationToken)
    {
        if (!_options.IsDetached)
        {
            await _spine.EndContentAsync(cancellationToken).ConfigureAwait(false);
        }

        byte[] digest = _digest.GetDigest();
        await Ber.WritePrimitiveHeaderAsync(OctetString, digest.Length, cancellationToken).ConfigureAwait(false);
        await Ber.WriteContentsAsync(digest, cancellationToken).ConfigureAwait(false);
        await _spine.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private protected override void Release() => _digest.Dispose();

    private static DigestedDataWriter Create(Stream output, DigestedDataWriterOptions? options, bool synchronous)
    {
        ArgumentNullException.ThrowIfNull(output);
        options ??= new DigestedDataWriterOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.ContentLength ?? 0, nameof(options));
        return options.Policy.FindDigestObjection(options.Digest.Oid, DateTimeOffset.MinValue) is { } rule
            ? throw new PolicyViolationException(rule, $"The policy does not write {options.Digest.Name}.")
            : new DigestedDataWriter(output, options) { Synchronous = synchronous };
    }

    private async ValueTask<DigestedDataWriter> BeginAsync(CancellationToken cancellationToken)
    {
        bool written = false;
        try
        {
            await BeginSpineAsync(cancellationToken).ConfigureAwait(false);
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

    private ValueTask BeginSpineAsync(CancellationToken cancellationToken) => _options.IsDetached
        ? _spine.BeginDetachedAsync(_tailSize, cancellationToken)
        : _spine.BeginAsync(_tailSize, cancellationToken);
}
