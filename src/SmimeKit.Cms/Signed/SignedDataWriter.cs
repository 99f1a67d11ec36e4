using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Writes SignedData, RFC 5652 §5, in one forward pass.</summary>
/// <remarks>
/// With a known content length the encoding is definite as far as the sizes of the signatures are known beforehand; detached
/// signatures are DER throughout; otherwise the encoding is indefinite BER. The signed attributes are always DER.
/// <para>
/// With <see cref="SignedDataWriterOptions.UsePkcs7Content"/> the content stream takes one whole DER value. Anything else ends with a
/// <see cref="MalformedDataException"/> whose offset counts from the first octet of the content, at the latest in
/// <see cref="CmsContentWriter.CompleteAsync"/>.
/// </para>
/// </remarks>
public sealed class SignedDataWriter : CmsContentWriter
{
    private readonly SignedDataWriterOptions _options;
    private readonly List<SignerInfoBuilder> _signers;
    private readonly ContentDigester _digester;
    private readonly EncapsulatedContentSpine _spine;
    private readonly DerValueScanner? _value;
    private readonly byte[] _carried;

    private SignedDataWriter(Stream output, SignedDataWriterOptions options)
        : base(output, options.ContentLength)
    {
        _options = options;
        _signers = [.. options.Signers.Select(s => new SignerInfoBuilder(s, options.ContentType, options.Policy))];
        _digester = new ContentDigester(
            _signers.Select(s => s.Digest), _signers.Exists(s => s.SignsContent) ? options.Limits.MaxContentSignedWhole : 0);
        CarriedEntries entries = OutgoingEntries.Collect(options);
        _value = options.UsePkcs7Content ? new DerValueScanner(options.Limits.MaxAsn1Depth, EncapsulatedContent.ContentField) : null;
        var content = new EncapsulatedContentInfoWriter(
            Ber, DerEncoding.Oid(options.ContentType), options.ContentLength, options.UsePkcs7Content);
        _spine = new EncapsulatedContentSpine(Ber, Oids.SignedData, EncodeBeforeContent(entries), content);
        _carried = EncodeCarried(entries);
    }

    /// <summary>Opens a message over an output.</summary>
    /// <param name="output">Takes the message; written forward only, never closed.</param>
    /// <param name="options">The signers and what else is written.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The writer, which the caller completes and disposes.</returns>
    /// <exception cref="ArgumentException">The options contradict RFC 5652.</exception>
    /// <exception cref="UnsupportedAlgorithmException">A key is of a kind that cannot sign, or its scheme is not paired with the digest.</exception>
    /// <exception cref="PolicyViolationException">The policy does not list an algorithm or the size of a key. Nothing is written.</exception>
    public static async ValueTask<SignedDataWriter> OpenAsync(
        Stream output, SignedDataWriterOptions options, CancellationToken cancellationToken = default)
    {
        SignedDataWriter writer = Create(output, options, synchronous: false);
        return await writer.WriteHeaderAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static SignedDataWriter Open(Stream output, SignedDataWriterOptions options)
    {
        SignedDataWriter writer = Create(output, options, synchronous: true);
        return writer.WriteHeaderAsync(CancellationToken.None).Finish();
    }

    private protected override ValueTask WriteContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (_signers.Count == 0 && !content.IsEmpty)
        {
            throw new InvalidOperationException("A message without signers has no content."); // RFC 5652 §5.2
        }

        _digester.Append(_value is null ? content.Span : TakeValue(_value, content.Span));
        if (!_digester.KeepsContent && _signers.Exists(s => s.SignsContent))
        {
            // R8419-4-a: with signed attributes there is no limit.
            throw new LimitExceededException(nameof(CmsLimits.MaxContentSignedWhole), _options.Limits.MaxContentSignedWhole);
        }

        return _options.IsDetached || content.IsEmpty ? ValueTask.CompletedTask : _spine.WriteAsync(content, cancellationToken);
    }

    private protected override async ValueTask WriteTailAsync(CancellationToken cancellationToken)
    {
        _value?.EnsureComplete();
        byte[] signerInfos = await SignAsync(cancellationToken).ConfigureAwait(false);
        if (HasContent)
        {
            await _spine.EndContentAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _spine.BeginDetachedAsync(_carried.Length + signerInfos.Length, cancellationToken).ConfigureAwait(false);
        }

        await Ber.WriteLeafAsync(_carried, cancellationToken).ConfigureAwait(false);
        await Ber.WriteLeafAsync(signerInfos, cancellationToken).ConfigureAwait(false);
        await _spine.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private protected override void Release() => _digester.Dispose();

    private bool HasContent => !_options.IsDetached && _signers.Count > 0;

    private static SignedDataWriter Create(Stream output, SignedDataWriterOptions options, bool synchronous)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.ContentLength ?? 0, nameof(options));
        if (options.Signers.Count == 0 && options.ContentType != Oids.Data)
        {
            throw new ArgumentException("A message without signers is of content type data (RFC 5652 §5.2).", nameof(options));
        }

        if (options.UsePkcs7Content)
        {
            Pkcs7Rules.Check(options);
        }

        return new SignedDataWriter(output, options) { Synchronous = synchronous };
    }

    // RFC 5652 §5.2.1: tag and length of the value are not digested.
    private ReadOnlySpan<byte> TakeValue(DerValueScanner value, ReadOnlySpan<byte> octets)
    {
        ReadOnlySpan<byte> contents = value.Scan(octets);
        return value.Identifier == 0 || Pkcs7Rules.Admits(_options.ContentType, value.Identifier)
            ? contents
            : throw value.Malformed("unexpected-tag", "The value is not of a kind that the content can be");
    }

    private async ValueTask<SignedDataWriter> WriteHeaderAsync(CancellationToken cancellationToken)
    {
        bool written = false;
        try
        {
            if (HasContent)
            {
                await _spine.BeginAsync(SizeAfterContent, cancellationToken).ConfigureAwait(false);
            }

            written = true; // without content all of it is written at the end, when all sizes are known
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

    // Null while the size of a signature is not known beforehand.
    private long? SizeAfterContent
    {
        get
        {
            int? signers = 0;
            foreach (SignerInfoBuilder signer in _signers)
            {
                signers += signer.FixedSize;
            }

            return signers is { } size ? _carried.Length + BerWriter.ValueSize(size) : null;
        }
    }

    private async ValueTask<byte[]> SignAsync(CancellationToken cancellationToken)
    {
        var infos = new List<byte[]>(_signers.Count);
        foreach (SignerInfoBuilder signer in _signers)
        {
            infos.Add(await signer.SignAsync(_digester, cancellationToken).ConfigureAwait(false));
        }

        AsnWriter writer = DerEncoding.CreateWriter(16 + infos.Sum(i => i.Length));
        using (writer.PushSetOf())
        {
            infos.ForEach(i => writer.WriteEncodedValue(i));
        }

        return writer.Encode();
    }

    private byte[] EncodeBeforeContent(CarriedEntries entries)
    {
        AsnWriter writer = DerEncoding.CreateWriter(16 + (32 * _signers.Count));
        writer.WriteInteger(SignedDataVersion.Choose(
            _options.ContentType, _options.UsePkcs7Content, entries, _signers.Any(s => s.Version == 3)));
        using (writer.PushSetOf())
        {
            foreach (DigestAlgorithm digest in _signers.Select(s => s.Digest).Distinct())
            {
                writer.WriteAlgorithmIdentifier(digest.ToIdentifier());
            }
        }

        return writer.Encode();
    }

    private static byte[] EncodeCarried(CarriedEntries entries)
    {
        AsnWriter writer = DerEncoding.CreateWriter(32 + entries.Certificates.Concat(entries.Crls).Sum(e => e.Length));
        WriteSet(writer, 0, entries.Certificates);
        WriteSet(writer, 1, entries.Crls);
        return writer.Encode();
    }

    // Nothing to carry is left out, not sent as an empty set (R3369-5.1-n).
    private static void WriteSet(AsnWriter writer, int tag, List<ReadOnlyMemory<byte>> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        using (writer.PushSetOf(Der.Context(tag)))
        {
            foreach (ReadOnlyMemory<byte> value in values)
            {
                writer.WriteEncodedValue(value.Span);
            }
        }
    }
}
