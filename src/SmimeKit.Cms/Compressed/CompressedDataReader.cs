using System.Formats.Asn1;
using System.IO.Compression;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Compressed;

/// <summary>Reads CompressedData, RFC 3274, in one forward pass: content that inflates as it is read, within limits.</summary>
/// <remarks><code>
/// CompressedData ::= SEQUENCE {
///     version               CMSVersion,
///     compressionAlgorithm  CompressionAlgorithmIdentifier,
///     encapContentInfo      EncapsulatedContentInfo }
/// </code>
/// Compression authenticates and hides nothing. Its checksum, which shows damage by accident, has been compared once the content has been
/// read to its end. What all layers of a message inflate to is bounded by <see cref="CmsReaderOptions.InflateBudget"/>.
/// </remarks>
public sealed class CompressedDataReader : CmsContentReader
{
    private const byte Sequence = 0x30;
    private const int MaxAlgorithmSize = 4096; // zlib has no parameters
    private const string Name = "compressedData";

    private readonly InflateBudget _budget;
    private readonly CompressedSource _source;
    private readonly bool _isOutermost;
    private EncapsulatedContent _content;
    private CompressionAlgorithm? _algorithm;
    private ZLibStream? _inflater;
    private CompressedDataReport? _report;
    private int _version;
    private bool _isEmpty;
    private bool _left;

    private CompressedDataReader(CmsInput input, CmsReaderOptions options)
        : base(input, options)
    {
        _budget = options.InflateBudget ?? new InflateBudget(options.Limits);
        _isOutermost = _budget.Enter();
        _source = new CompressedSource(input.Ber, CountCompressed);
    }

    /// <summary>Gets the type of the content before compression as an object identifier: id-data for a MIME entity.</summary>
    public string EncapsulatedContentType => _content.ContentType;

    /// <summary>Gets the compression algorithm as the message names it; it may be one that is not implemented.</summary>
    public AlgorithmIdentifier CompressionAlgorithm { get; private set; } = new(Oids.ZlibCompress);

    /// <summary>Opens a message: reads up to the content.</summary>
    /// <param name="input">BER, PEM or base64; read forward only, never closed.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="MalformedDataException">The input is not CompressedData, or carries no content.</exception>
    /// <exception cref="LimitExceededException">The header exceeds a limit.</exception>
    public static async ValueTask<CompressedDataReader> OpenAsync(
        Stream input, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = await CmsInput.OpenAsync(input, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await ReadHeaderAsync(cms, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static CompressedDataReader Open(Stream input, CmsReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = CmsInput.OpenAsync(input, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return ReadHeaderAsync(cms, options, CancellationToken.None).Finish();
    }

    /// <summary>Reads what is left, and reports.</summary>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The report; the same one when called again.</returns>
    /// <exception cref="UnsupportedAlgorithmException">The compression algorithm is not implemented.</exception>
    /// <exception cref="MalformedDataException">The content is damaged, cut off, or followed by something.</exception>
    /// <exception cref="LimitExceededException">The content inflates to too much.</exception>
    public ValueTask<CompressedDataReport> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (Phase == ReaderPhase.Completed)
        {
            return new ValueTask<CompressedDataReport>(_report!);
        }

        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = false;
        return PoisonOnErrorAsync(CompleteCoreAsync(cancellationToken));
    }

    /// <inheritdoc cref="CompleteAsync"/>
    public CompressedDataReport Complete()
    {
        if (Phase == ReaderPhase.Completed)
        {
            return _report!;
        }

        Expect(ReaderPhase.Content, ReaderPhase.ContentEnded);
        Input.Synchronous = true;
        return PoisonOnErrorAsync(CompleteCoreAsync(CancellationToken.None)).Finish();
    }

    internal static async ValueTask<CompressedDataReader> ReadHeaderAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        var reader = new CompressedDataReader(input, options);
        try
        {
            await reader.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private protected override async ValueTask<int> ReadContentAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_algorithm is null)
        {
            throw new UnsupportedAlgorithmException(CompressionAlgorithm.Oid, "The compression algorithm is not supported.");
        }

        if (destination.IsEmpty)
        {
            return 0;
        }

        int count = await InflateAsync(destination, cancellationToken).ConfigureAwait(false);
        if (count == 0)
        {
            await EndContentAsync(cancellationToken).ConfigureAwait(false);
        }

        _budget.AddInflated(count);
        return count;
    }

    private protected override void Release()
    {
        _source.Wipe();
        _inflater?.Dispose();
        Leave();
    }

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        const string Field = "compressionAlgorithm";
        BerTokenizer ber = Input.Ber;
        if (Input.ContentType != Oids.CompressedData)
        {
            throw ber.Malformed("content-type", "The message is not CompressedData", "contentInfo.contentType");
        }

        await ber.EnterAsync(Sequence, Name, cancellationToken).ConfigureAwait(false);
        _version = await Input.ReadVersionAsync("version", cancellationToken).ConfigureAwait(false);
        byte[] algorithm = await ber.ReadLeafAsync(Field, MaxAlgorithmSize, nameof(MaxAlgorithmSize), cancellationToken).ConfigureAwait(false);
        CompressionAlgorithm = Der.Decode(
            algorithm, Field, r => r.ReadAlgorithmIdentifier(), AsnEncodingRules.BER, ber.Position - algorithm.Length);
        _algorithm = Compressed.CompressionAlgorithm.Find(CompressionAlgorithm);
        _content = await EncapsulatedContent.BeginAsync(Input, Policy.CmsPolicy.Strict, cancellationToken).ConfigureAwait(false);
        if (!_content.IsPresent)
        {
            throw ber.Malformed("content-absent", "The message carries nothing to inflate", EncapsulatedContent.ContentField);
        }

        _inflater = new ZLibStream(_source, CompressionMode.Decompress);
        Phase = ReaderPhase.Content;
    }

    // In synchronous mode the source has completed before it returns, and so has the inflater.
    private async ValueTask<int> InflateAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            return await _inflater!.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException && !_source.HasFailed)
        {
            throw Input.Ber.Malformed(
                "zlib-damaged", "The compressed content, or its checksum, is damaged", EncapsulatedContent.ContentField);
        }
    }

    private async ValueTask EndContentAsync(CancellationToken cancellationToken)
    {
        if (_source is { IsExhausted: true, CompressedLength: 0 } && Options.Policy.ToleratesDeviations)
        {
            _isEmpty = true; // no zlib at all, as the base library writes nothing
        }
        else if (_source.IsExhausted)
        {
            throw Input.Ber.Malformed("zlib-truncated", "The compressed content ends too early", EncapsulatedContent.ContentField);
        }

        if (await _source.HasMoreAsync(cancellationToken).ConfigureAwait(false))
        {
            throw Input.Ber.Malformed("zlib-trailing-data", "Octets follow the compressed content", EncapsulatedContent.ContentField);
        }
    }

    private async ValueTask<CompressedDataReport> CompleteCoreAsync(CancellationToken cancellationToken)
    {
        BerTokenizer ber = Input.Ber;
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await _content.EndAsync(ber, cancellationToken).ConfigureAwait(false);
        await ber.LeaveAsync(Name, cancellationToken).ConfigureAwait(false);
        await Input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        Phase = ReaderPhase.Completed;
        Leave();
        return _report = new CompressedDataReport
        {
            EncapsulatedContentType = EncapsulatedContentType,
            ContentLength = ContentLength,
            CompressedLength = _source.CompressedLength,
            Algorithm = _algorithm!,
            Deviations = [.. FindDeviations()],
        };
    }

    private List<string> FindDeviations()
    {
        List<string> deviations = [];
        if (_version != 0)
        {
            deviations.Add("compressed-data-version"); // R3369-1-b: explains, does not decide
        }

        if (_isEmpty)
        {
            deviations.Add("zlib-empty");
        }

        return deviations;
    }

    private void CountCompressed(int count)
    {
        if (_isOutermost)
        {
            _budget.AddCompressed(count);
        }
    }

    private void Leave()
    {
        if (!_left)
        {
            _left = true;
            _budget.Leave();
        }
    }
}
