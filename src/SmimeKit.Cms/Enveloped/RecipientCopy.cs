using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>One run of <see cref="RecipientEditor"/>: the header is rewritten, all that follows is copied as it comes.</summary>
internal sealed class RecipientCopy : IDisposable
{
    private const byte Sequence = 0x30;
    private const byte Set = 0x31;
    private const byte OriginatorInfo = 0xA0;
    private const byte ExplicitContent = 0xA0;
    private const string InfoField = "encryptedContentInfo";
    private const string ContentField = "encryptedContentInfo.encryptedContent";
    private const int BufferSize = 64 * 1024;

    private readonly CmsInput _input;
    private readonly RecipientEdits _edits;
    private readonly CmsReaderOptions _options;
    private readonly ByteSink _sink;
    private readonly BerWriter _writer;
    private byte[] _buffer = PooledBytes.Rent(BufferSize);

    private long? _length;           // of the value as received, when it is definite
    private long _start;             // where its first field began
    private int _version;
    private byte[] _originatorInfo = [];
    private CarriedCertificates _originator = CarriedCertificates.None;
    private RecipientList? _recipients;

    internal RecipientCopy(CmsInput input, Stream output, RecipientEdits edits, CmsReaderOptions options, bool synchronous)
    {
        _input = input;
        _edits = edits;
        _options = options;
        _sink = new ByteSink(output) { Synchronous = synchronous };
        _writer = new BerWriter(_sink);
    }

    private BerTokenizer Ber => _input.Ber;

    private bool IsAuthenticated => _input.ContentType == Oids.AuthEnvelopedData;

    internal async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        if (_input.ContentType is not (Oids.EnvelopedData or Oids.AuthEnvelopedData))
        {
            throw Ber.Malformed("content-type", "The message is not encrypted for recipients", "contentInfo.contentType");
        }

        await ReadStartAsync(cancellationToken).ConfigureAwait(false);
        long oldStart = Ber.Position - _start;
        byte[] info = await Ber.TryEnterVerbatimAsync(Sequence, InfoField, cancellationToken).ConfigureAwait(false)
            ?? throw Ber.Malformed("unexpected-tag", "encryptedContentInfo is a SEQUENCE", InfoField);
        byte[] contentType = (await _input.ReadEncodedOidAsync(InfoField + ".contentType", cancellationToken).ConfigureAwait(false)).Encoded;
        byte[] algorithm = await Ber.ReadLeafAsync(
            InfoField + ".contentEncryptionAlgorithm", _input.Limits.MaxAttributesSize, nameof(_input.Limits.MaxAttributesSize), cancellationToken)
            .ConfigureAwait(false);

        var edited = new EditedRecipients(_recipients!, _edits.Removes);
        byte[][] added = await EncryptKeyAsync(edited, algorithm, cancellationToken).ConfigureAwait(false);
        byte[] recipientInfos = EncodedSet.Encode(Set, edited.Join(added));
        byte[] start = [.. CmsVersion.Encode(ChooseVersion(recipientInfos, oldStart, info)), .. _originatorInfo, .. recipientInfos];
        await BeginAsync(start, _length is { } length ? length - oldStart + start.Length : null, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync((byte[])[.. info, .. contentType, .. algorithm], cancellationToken).ConfigureAwait(false);
        await CopyRestAsync(InfoField, cancellationToken).ConfigureAwait(false);
        byte[] end = await Ber.LeaveVerbatimAsync(InfoField, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(end, cancellationToken).ConfigureAwait(false);
        await CopyRestAsync("attributes", cancellationToken).ConfigureAwait(false);
        await EndAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        PooledBytes.Return(ref _buffer, _buffer.Length);
        _recipients?.Dispose();
        _writer.Dispose();
        _input.Dispose();
    }

    private async ValueTask ReadStartAsync(CancellationToken cancellationToken)
    {
        const string Name = "envelopedData";
        _length = (await Ber.PeekAsync(Name, cancellationToken).ConfigureAwait(false))?.Length;
        await Ber.EnterAsync(Sequence, Name, cancellationToken).ConfigureAwait(false);
        _start = Ber.Position;
        _version = await _input.ReadVersionAsync("version", cancellationToken).ConfigureAwait(false);
        BerHeader? next = await Ber.PeekAsync("originatorInfo", cancellationToken).ConfigureAwait(false);
        if (next?.Identifier == OriginatorInfo)
        {
            _originatorInfo = await Ber.ReadLeafAsync(
                "originatorInfo", _input.Limits.MaxHeaderSize, nameof(_input.Limits.MaxHeaderSize), cancellationToken).ConfigureAwait(false);
            _originator = ReadOriginator();
        }

        _recipients = await RecipientList.ReadAsync(Ber, _input.Limits, cancellationToken).ConfigureAwait(false);
    }

    private CarriedCertificates ReadOriginator()
    {
        using var source = new ByteSource(new EncodedValueStream(_originatorInfo)) { Synchronous = true };
        using var ber = new BerTokenizer(source, _input.Limits.MaxAsn1Depth);
        ber.EnterAsync(OriginatorInfo, "originatorInfo", CancellationToken.None).Finish();
        return CarriedCertificates.ReadAsync(ber, _input.Limits, CancellationToken.None).Finish();
    }

    // The key is recovered once, and only to be encrypted for others.
    private async ValueTask<byte[][]> EncryptKeyAsync(EditedRecipients edited, byte[] algorithm, CancellationToken cancellationToken)
    {
        if (_edits.Added.Count == 0)
        {
            return [];
        }

        ContentEncryption encryption = ReadEncryption(algorithm);
        RecipientEncryption plan = RecipientEncryption.Plan(_edits.ToWriterOptions(_options.Policy), encryption.Algorithm.KeySize);
        if (plan.HasPkcs1 && edited.HasOaep)
        {
            throw new ArgumentException("PKCS #1 v1.5 is not to be added beside OAEP: the weaker padding would decide for all."); // R3565-6-a
        }

        ContentKeySearch search = ContentKeySearch.Prepare(
            _recipients!, _edits.Keys, new RecoveryContext(_options.Policy, _options.Limits, _edits.At, _originator.Certificates));
        List<ContentKey> candidates = await search
            .RunAsync(encryption.IsUsable, [encryption.Algorithm.KeySize], cancellationToken).ConfigureAwait(false);
        try
        {
            // Only the content could decide among several, and it has yet to come.
            ContentKey key = candidates is [{ IsLost: false } only] ? only : throw new DecryptionFailedException();
            return EditedRecipients.Split(await plan.EncodeAsync(key.Key, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            candidates.ForEach(c => c.Dispose());
        }
    }

    private ContentEncryption ReadEncryption(byte[] encoded)
    {
        AlgorithmIdentifier identifier = Der.Decode(
            encoded, InfoField + ".contentEncryptionAlgorithm", r => r.ReadAlgorithmIdentifier(), AsnEncodingRules.BER, Ber.Position - encoded.Length);
        return ContentEncryption.Accept(identifier, CheckPlace, _options.Policy, _edits.At);
    }

    private void CheckPlace(ContentEncryptionAlgorithm algorithm)
    {
        if (algorithm.IsAuthenticated != IsAuthenticated)
        {
            throw Ber.Malformed("cipher-in-wrong-type", "The cipher does not belong into this content type", InfoField + ".contentEncryptionAlgorithm");
        }
    }

    // RFC 5652 §6.1. The unprotected attributes stand behind the content: definite lengths tell of them, otherwise the old version is
    // kept where they may be its reason.
    private int ChooseVersion(byte[] recipientInfos, long oldStart, byte[] info)
    {
        if (IsAuthenticated)
        {
            return EnvelopeVersion.OfAuthEnvelopedData;
        }

        (bool IsOther, bool IsLater)[] facts = [.. EditedRecipients.Split(recipientInfos).Select(e => RecipientList.GetVersionFacts(e))];
        (bool hasOther, bool hasLater) = (Array.Exists(facts, f => f.IsOther), Array.Exists(facts, f => f.IsLater));
        int version = EnvelopeVersion.Of(_originator, hasOther, hasLater, hasAttributes: false);
        _ = BerHeader.TryRead(info, out BerHeader header, out int headerSize);
        bool mayHaveAttributes = _length is { } whole && header.Length is { } size
            ? whole > oldStart + headerSize + size
            : _version >= EnvelopeVersion.Of(CarriedCertificates.None, false, false, hasAttributes: true);
        return mayHaveAttributes ? EnvelopeVersion.Of(_originator, hasOther, hasLater, hasAttributes: true) : version;
    }

    private async ValueTask BeginAsync(byte[] start, long? length, CancellationToken cancellationToken)
    {
        byte[] type = DerEncoding.Oid(_input.ContentType);
        long? content = length is { } known ? BerWriter.ValueSize(known) : null;
        long? contentInfo = content is { } size ? type.Length + BerWriter.ValueSize(size) : null;
        await _writer.BeginAsync(Sequence, contentInfo, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(type, cancellationToken).ConfigureAwait(false);
        await _writer.BeginAsync(ExplicitContent, content, cancellationToken).ConfigureAwait(false);
        await _writer.BeginAsync(Sequence, length, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(start, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CopyRestAsync(string field, CancellationToken cancellationToken)
    {
        while (await Ber.PeekAsync(field, cancellationToken).ConfigureAwait(false) is not null)
        {
            await Ber.CopyAsync(_writer, _buffer, field == InfoField ? ContentField : field, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await Ber.LeaveAsync("envelopedData", cancellationToken).ConfigureAwait(false);
        await _input.CompleteAsync(cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < 3; i++)
        {
            await _writer.EndAsync(cancellationToken).ConfigureAwait(false);
        }

        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
