using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Signed;

/// <summary>One run of <see cref="SignedDataEditor"/>: the header and the content are copied as they come, the tail is collected and rewritten.</summary>
internal sealed partial class SignedDataCopy : IDisposable
{
    private const byte Sequence = 0x30;
    private const byte Set = 0x31;
    private const byte ExplicitContent = 0xA0;
    private const string EncapField = "encapContentInfo";
    private const string ContentField = "encapContentInfo.eContent";
    private const int BufferSize = 64 * 1024;

    private static readonly byte[] _signedDataOid = DerEncoding.Oid(Oids.SignedData);

    private readonly CmsInput _input;
    private readonly SignedDataEdits _edits;
    private readonly CmsReaderOptions _options;
    private readonly ByteSink _sink;
    private readonly BerWriter _writer;
    private readonly bool _synchronous;
    private byte[] _buffer = PooledBytes.Rent(BufferSize);

    private int _version;
    private DigestAlgorithmSet _digests = new([], []);
    private string _contentType = "";
    private byte[] _contentTypeOid = [];
    private bool _isBareValue;
    private List<SignerInfoBuilder> _added = [];
    private ContentDigester _digester = new([]);

    internal SignedDataCopy(CmsInput input, Stream output, SignedDataEdits edits, CmsReaderOptions options, bool synchronous)
    {
        _input = input;
        _edits = edits;
        _options = options;
        _sink = new ByteSink(output) { Synchronous = synchronous };
        _writer = new BerWriter(_sink);
        _synchronous = synchronous;
    }

    private BerTokenizer Ber => _input.Ber;

    internal async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        (byte[] encap, byte[]? eContent) = await ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        bool hasContent = eContent is not null;
        _isBareValue = hasContent
            && await EncapsulatedContent.IsBareValueAsync(Ber, _contentType, _options.Policy, cancellationToken).ConfigureAwait(false);
        Prepare(hasContent);
        bool carriesContent = hasContent ? _edits.DetachesTo is null && !_edits.IsCertificatesOnly : _edits.AttachesContent;
        if (carriesContent)
        {
            await BeginMessageAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!hasContent)
        {
            await Ber.LeaveAsync(EncapField, cancellationToken).ConfigureAwait(false);
            await TakeDetachedAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (carriesContent)
        {
            await CopyContentAsync(encap, eContent!, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await MoveContentAsync(cancellationToken).ConfigureAwait(false);
        }

        await EndAsync(carriesContent, cancellationToken).ConfigureAwait(false);
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        PooledBytes.Return(ref _buffer, _buffer.Length);
        _digester.Dispose();
        _writer.Dispose();
        _input.Dispose();
    }

    private async ValueTask<(byte[] Encap, byte[]? EContent)> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (_input.ContentType != Oids.SignedData)
        {
            throw Ber.Malformed("not-signed-data", "The content type is not signed-data", "contentInfo.contentType");
        }

        await Ber.EnterAsync(Sequence, "signedData", cancellationToken).ConfigureAwait(false);
        _version = await _input.ReadVersionAsync("version", cancellationToken).ConfigureAwait(false);
        _digests = await DigestAlgorithmSet.ReadAsync(Ber, _options.Limits, cancellationToken).ConfigureAwait(false);
        byte[] encap = await Ber.TryEnterVerbatimAsync(Sequence, EncapField, cancellationToken).ConfigureAwait(false)
            ?? throw Ber.Malformed("unexpected-tag", "encapContentInfo is a SEQUENCE", EncapField);
        (_contentType, _contentTypeOid) = await _input.ReadEncodedOidAsync(
            "encapContentInfo.eContentType", cancellationToken).ConfigureAwait(false);
        return (encap, await Ber.TryEnterVerbatimAsync(ExplicitContent, ContentField, cancellationToken).ConfigureAwait(false));
    }

    // Everything that can be wrong about the edits is told before anything is written.
    private void Prepare(bool hasContent)
    {
        bool isGiven = _edits.DetachedContent is not null || _edits.DetachedDigests is not null;
        if (hasContent && isGiven)
        {
            throw new TransformException("content-present", "The message carries its content.");
        }

        if (!hasContent && _edits.DetachesTo is not null)
        {
            throw new TransformException("content-absent", "The message carries no content to detach.");
        }

        if (!hasContent && _edits.AddedSigners.Count > 0 && !isGiven)
        {
            throw new TransformException("content-needed", "The message is detached: its content or the digests of it are needed to sign.");
        }

        if (_contentType != Oids.Data && _edits.AddedSigners.Any(s => !s.UseSignedAttributes))
        {
            throw new TransformException("attributes-needed", "The content is not data: signers need signed attributes (RFC 5652 §5.3).");
        }

        _added = [.. _edits.AddedSigners.Select(s => new SignerInfoBuilder(s, _contentType, _options.Policy))];
        if (_edits.DetachedDigests is { } digests)
        {
            DigestAlgorithm? missing = _added.Select(a => a.Digest).FirstOrDefault(d => digests.GetDigest(d) is null);
            if (missing is not null)
            {
                throw new TransformException("digest-needed", $"The {missing.Name} digest of the content is needed and was not computed.");
            }
        }

        _digester = _edits.DetachedDigests?.Clone() ?? new ContentDigester(
            _added.Select(a => a.Digest), _added.Exists(a => a.SignsContent) ? _options.Limits.MaxContentSignedWhole : 0);
    }

    private async ValueTask TakeDetachedAsync(CancellationToken cancellationToken)
    {
        if (_edits.AttachesContent)
        {
            await AttachAsync(_edits.DetachedContent!, cancellationToken).ConfigureAwait(false);
        }
        else if (_edits.DetachedContent is { } content && _added.Count > 0)
        {
            int count;
            while ((count = await ReadAsync(content, cancellationToken).ConfigureAwait(false)) > 0)
            {
                _digester.Append(_buffer.AsSpan(0, count));
            }
        }
    }

    private async ValueTask AttachAsync(Stream content, CancellationToken cancellationToken)
    {
        long? length = _edits.DetachedContentLength;
        var eContent = new EncapsulatedContentInfoWriter(_writer, _contentTypeOid, length, isBareValue: false);
        await eContent.BeginAsync(cancellationToken).ConfigureAwait(false);
        long left = length ?? long.MaxValue;
        int count;
        while ((count = await ReadAsync(content, cancellationToken).ConfigureAwait(false)) > 0)
        {
            left -= count;
            if (left < 0)
            {
                throw new InvalidOperationException("The content is longer than announced.");
            }

            _digester.Append(_buffer.AsSpan(0, count));
            await eContent.WriteAsync(_buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }

        if (length is not null && left > 0)
        {
            throw new InvalidOperationException("The content is shorter than announced.");
        }

        await eContent.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CopyContentAsync(byte[] encap, byte[] eContent, CancellationToken cancellationToken)
    {
        await _writer.WriteLeafAsync(encap, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(_contentTypeOid, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(eContent, cancellationToken).ConfigureAwait(false);
        if (_isBareValue)
        {
            await Ber.CopyValueAsync(_writer, _buffer, _digester.Append, ContentField, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await Ber.CopyOctetStringAsync(_writer, _buffer, _digester.Append, ContentField, cancellationToken).ConfigureAwait(false);
        }

        byte[] end = await Ber.LeaveVerbatimAsync(ContentField, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(end, cancellationToken).ConfigureAwait(false);
        end = await Ber.LeaveVerbatimAsync(EncapField, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(end, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask MoveContentAsync(CancellationToken cancellationToken)
    {
        await EncapsulatedContent.BeginOctetsAsync(Ber, _contentType, _options.Policy, cancellationToken).ConfigureAwait(false);
        int count;
        while ((count = await Ber.ReadOctetsAsync(_buffer, ContentField, cancellationToken).ConfigureAwait(false)) > 0)
        {
            _digester.Append(_buffer.AsSpan(0, count));
            await WriteDetachedAsync(count, cancellationToken).ConfigureAwait(false);
        }

        await Ber.LeaveAsync(ContentField, cancellationToken).ConfigureAwait(false);
        await Ber.LeaveAsync(EncapField, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<int> ReadAsync(Stream content, CancellationToken cancellationToken) => _synchronous
        ? new ValueTask<int>(content.Read(_buffer, 0, _buffer.Length))
        : content.ReadAsync(_buffer, cancellationToken);

    private async ValueTask WriteDetachedAsync(int count, CancellationToken cancellationToken)
    {
        if (_edits.DetachesTo is not { } detached)
        {
            return;
        }

        if (_synchronous)
        {
            detached.Write(_buffer, 0, count);
        }
        else
        {
            await detached.WriteAsync(_buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
    }
}
