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
    private const string CipherField = "encryptedContentInfo.contentEncryptionAlgorithm";
    private const string MacField = "macAlgorithm";
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
        if (_input.ContentType is not (Oids.EnvelopedData or Oids.AuthEnvelopedData or Oids.AuthenticatedData))
        {
            throw Ber.Malformed("content-type", "The message has no recipients", "contentInfo.contentType");
        }

        await ReadStartAsync(cancellationToken).ConfigureAwait(false);
        long oldStart = Ber.Position - _start;
        ValueTask edit = _input.ContentType == Oids.AuthenticatedData
            ? EditAuthenticatedAsync(oldStart, cancellationToken)
            : EditEncryptedAsync(oldStart, cancellationToken);
        await edit.ConfigureAwait(false);
        await EndAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        PooledBytes.Return(ref _buffer, _buffer.Length);
        _recipients?.Dispose();
        _writer.Dispose();
        _input.Dispose();
    }

    private async ValueTask EditEncryptedAsync(long oldStart, CancellationToken cancellationToken)
    {
        byte[] info = await Ber.TryEnterVerbatimAsync(Sequence, InfoField, cancellationToken).ConfigureAwait(false)
            ?? throw Ber.Malformed("unexpected-tag", "encryptedContentInfo is a SEQUENCE", InfoField);
        byte[] contentType = (await _input.ReadEncodedOidAsync(InfoField + ".contentType", cancellationToken).ConfigureAwait(false)).Encoded;
        byte[] algorithm = await ReadAlgorithmAsync(CipherField, cancellationToken).ConfigureAwait(false);
        byte[] recipientInfos = await EditAsync(() => DescribeCipher(algorithm), cancellationToken).ConfigureAwait(false);
        await BeginAsync(ChooseVersion(recipientInfos, oldStart, info), recipientInfos, oldStart, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync((byte[])[.. info, .. contentType, .. algorithm], cancellationToken).ConfigureAwait(false);
        await CopyRestAsync(InfoField, cancellationToken).ConfigureAwait(false);
        byte[] end = await Ber.LeaveVerbatimAsync(InfoField, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(end, cancellationToken).ConfigureAwait(false);
        await CopyRestAsync("attributes", cancellationToken).ConfigureAwait(false);
    }

    // RFC 5652 §9.2: the MAC covers content and authenticated attributes; all that follows the recipients stays as it is.
    private async ValueTask EditAuthenticatedAsync(long oldStart, CancellationToken cancellationToken)
    {
        byte[] algorithm = await ReadAlgorithmAsync(MacField, cancellationToken).ConfigureAwait(false);
        byte[] recipientInfos = await EditAsync(() => DescribeMac(algorithm), cancellationToken).ConfigureAwait(false);
        await BeginAsync(AuthenticatedDataVersion.Of(_originator), recipientInfos, oldStart, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(algorithm, cancellationToken).ConfigureAwait(false);
        await CopyRestAsync("authenticatedData", cancellationToken).ConfigureAwait(false);
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

    private ValueTask<byte[]> ReadAlgorithmAsync(string field, CancellationToken cancellationToken) =>
        Ber.ReadLeafAsync(field, _input.Limits.MaxAttributesSize, nameof(_input.Limits.MaxAttributesSize), cancellationToken);

    private async ValueTask<byte[]> EditAsync(Func<ProtectedKey> describeKey, CancellationToken cancellationToken)
    {
        var edited = new EditedRecipients(_recipients!, _edits.Removes);
        byte[][] added = _edits.Added.Count == 0
            ? []
            : await EncryptKeyAsync(edited, describeKey(), cancellationToken).ConfigureAwait(false);
        return EncodedSet.Encode(Set, edited.Join(added));
    }

    // The key is recovered once, and only to be encrypted for others. Where its size is known before, so is whether they can have it.
    private async ValueTask<byte[][]> EncryptKeyAsync(EditedRecipients edited, ProtectedKey described, CancellationToken cancellationToken)
    {
        RecipientEncryption? early = described.Sizes is [int known] ? Plan(edited, known) : null;
        ContentKeySearch search = ContentKeySearch.Prepare(
            _recipients!, _edits.Keys, new RecoveryContext(_options.Policy, _options.Limits, _edits.At, _originator.Certificates));
        List<ContentKey> candidates = await search.RunAsync(described.IsUsable, described.Sizes, cancellationToken).ConfigureAwait(false);
        try
        {
            // Only the content could decide among several, and it has yet to come.
            ContentKey key = candidates is [{ IsLost: false } only] ? only : throw new DecryptionFailedException();
            RecipientEncryption plan = early ?? Plan(edited, key.Key.Length);
            return EditedRecipients.Split(await plan.EncodeAsync(key.Key, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            candidates.ForEach(c => c.Dispose());
        }
    }

    private RecipientEncryption Plan(EditedRecipients edited, int keySize)
    {
        RecipientEncryption plan = RecipientEncryption.Plan(_edits.ToWriterOptions(_options.Policy), keySize);
        return plan.HasPkcs1 && edited.HasOaep
            ? throw new ArgumentException("PKCS #1 v1.5 is not to be added beside OAEP: the weaker padding would decide for all.") // R3565-6-a
            : plan;
    }

    private ProtectedKey DescribeCipher(byte[] encoded)
    {
        ContentEncryption encryption = ContentEncryption.Accept(Decode(encoded, CipherField), CheckPlace, _options.Policy, _edits.At);
        return new ProtectedKey(encryption.KeySizes, encryption.IsUsable);
    }

    private ProtectedKey DescribeMac(byte[] encoded)
    {
        AlgorithmIdentifier identifier = Decode(encoded, MacField);
        MacAlgorithm algorithm = MacAlgorithm.Find(identifier.Oid)
            ?? throw new UnsupportedAlgorithmException(identifier.Oid, "The MAC algorithm is not supported.");
        return _options.Policy.FindMacObjection(algorithm.Oid, _edits.At) is { } rule
            ? throw new PolicyViolationException(rule, $"The policy refuses {algorithm.Name}.")
            : new ProtectedKey(MacKeySize.Find(algorithm, _recipients!.Decoded), _ => true);
    }

    private AlgorithmIdentifier Decode(byte[] encoded, string field) =>
        Der.Decode(encoded, field, r => r.ReadAlgorithmIdentifier(), AsnEncodingRules.BER, Ber.Position - encoded.Length);

    private void CheckPlace(ContentEncryptionAlgorithm algorithm)
    {
        if (algorithm.IsAuthenticated != IsAuthenticated)
        {
            throw Ber.Malformed("cipher-in-wrong-type", "The cipher does not belong into this content type", CipherField);
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

    private async ValueTask BeginAsync(int version, byte[] recipientInfos, long oldStart, CancellationToken cancellationToken)
    {
        byte[] start = [.. CmsVersion.Encode(version), .. _originatorInfo, .. recipientInfos];
        long? length = _length - oldStart + start.Length;
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

    /// <summary>What is known about the key that the recipients have in common: the sizes that it can have, and whether octets can serve as it.</summary>
    private sealed record ProtectedKey(IReadOnlyList<int> Sizes, Func<byte[], bool> IsUsable);
}
