using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <content>What stands around the content: rewritten from its parts.</content>
internal sealed partial class SignedDataCopy
{
    private const byte CertificateSet = 0xA0;
    private const byte RevocationInfoChoices = 0xA1;

    // Version and digests stand before the content, the signers and certificates that they depend on behind it. What is added is known
    // and raises the version; what is dropped is not, and the message may then claim more than it needs. R3369-5.1-e admits more digests.
    private async ValueTask BeginMessageAsync(CancellationToken cancellationToken)
    {
        int version = Math.Max(_version, SignedDataVersion.Choose(
            _contentType, _isBareValue, AddedEntries(), _added.Exists(a => a.Version == 3)));
        await _writer.BeginAsync(Sequence, null, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(_signedDataOid, cancellationToken).ConfigureAwait(false);
        await _writer.BeginAsync(ExplicitContent, null, cancellationToken).ConfigureAwait(false);
        await _writer.BeginAsync(Sequence, null, cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(CmsVersion.Encode(version), cancellationToken).ConfigureAwait(false);
        await _writer.WriteLeafAsync(EncodeDigests(existing: null), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask EndAsync(bool carriesContent, CancellationToken cancellationToken)
    {
        CarriedEntries carried = Change(await CarriedEntries.ReadAsync(Ber, _options.Limits, cancellationToken).ConfigureAwait(false));
        SignerSet signers = await SignerSet.ReadAsync(Ber, _options, cancellationToken).ConfigureAwait(false);
        await Ber.LeaveAsync("signedData", cancellationToken).ConfigureAwait(false);
        await _input.CompleteAsync(cancellationToken).ConfigureAwait(false); // the input is whole before the output is
        if (_edits.DropsSigners)
        {
            signers.Clear();
        }

        await signers.EditAsync(_edits.EditSigner, cancellationToken).ConfigureAwait(false);
        await AddSignersAsync(signers, cancellationToken).ConfigureAwait(false);
        if (carriesContent && signers.WasEmptied)
        {
            throw new TransformException("no-signer-left", "Content without signers is not allowed (RFC 5652 §5.2).");
        }

        byte[] signerInfos = EncodedSet.Encode(Set, signers.Encode());
        if (carriesContent)
        {
            await _writer.WriteLeafAsync(EncodeCarried(carried), cancellationToken).ConfigureAwait(false);
            await _writer.WriteLeafAsync(signerInfos, cancellationToken).ConfigureAwait(false);
            await EndValuesAsync(3, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await WriteWholeAsync(carried, signers, signerInfos, cancellationToken).ConfigureAwait(false);
        }
    }

    // Without content all is known: version and digests are exactly what the message needs.
    private ValueTask WriteWholeAsync(CarriedEntries carried, SignerSet signers, byte[] signerInfos, CancellationToken cancellationToken)
    {
        bool isUnsigned = signers.Count == 0;
        string contentType = isUnsigned ? Oids.Data : _contentType; // RFC 5652 §5.2
        byte[] signedData = EncodedSet.Encode(Sequence,
        [
            CmsVersion.Encode(SignedDataVersion.Choose(contentType, isPkcs7: false, carried, signers.HasVersion3)),
            EncodeDigests(signers),
            EncodedSet.Encode(Sequence, [isUnsigned ? DerEncoding.Oid(contentType) : _contentTypeOid]),
            EncodeCarried(carried),
            signerInfos,
        ]);
        return _writer.WriteLeafAsync(
            EncodedSet.Encode(Sequence, [_signedDataOid, EncodedSet.Encode(ExplicitContent, [signedData])]), cancellationToken);
    }

    private async ValueTask AddSignersAsync(SignerSet signers, CancellationToken cancellationToken)
    {
        if (_added.Count == 0)
        {
            return;
        }

        IReadOnlyList<CmsAttribute> inherited = signers.FindInherited();
        for (int i = 0; i < _added.Count; i++)
        {
            CmsSigner signer = Inherit(_edits.AddedSigners[i], inherited);
            SignerInfoBuilder builder = ReferenceEquals(signer, _edits.AddedSigners[i]) ? _added[i] : new SignerInfoBuilder(signer, _contentType, _options.Policy);
            byte[] info = await builder.SignAsync(_digester, cancellationToken).ConfigureAwait(false);
            await signers.AddAsync(info, _edits.EditSigner, cancellationToken).ConfigureAwait(false);
        }
    }

    // R2634-1.4-a: who signs beside others says what they say about the label and the expansion of the message.
    private static CmsSigner Inherit(CmsSigner signer, IReadOnlyList<CmsAttribute> inherited)
    {
        CmsAttribute[] missing = signer.UseSignedAttributes
            ? [.. inherited.Where(a => signer.SignedAttributes.All(s => s.Oid != a.Oid))]
            : [];
        return missing.Length == 0 ? signer : signer with { SignedAttributes = [.. signer.SignedAttributes, .. missing] };
    }

    private CarriedEntries AddedEntries()
    {
        CarriedCertificates added = _edits.AddedCarried;
        return new CarriedEntries(
            [.. added.Certificates.Select(c => c.RawData), .. added.OtherCertificates],
            [.. added.Crls, .. added.UnreadableCrls, .. added.OtherRevocationInfo]);
    }

    private CarriedEntries Change(CarriedEntries existing)
    {
        CarriedEntries kept = _edits.DropsCarried ? new CarriedEntries([], []) : existing;
        CarriedEntries added = AddedEntries();
        return new CarriedEntries(Add(kept.Certificates, added.Certificates), Add(kept.Crls, added.Crls));
    }

    private static List<ReadOnlyMemory<byte>> Add(List<ReadOnlyMemory<byte>> kept, List<ReadOnlyMemory<byte>> added) => EncodedSet.Add(
        kept, CarriedEntries.Distinct(added).FindAll(a => !kept.Exists(k => k.Span.SequenceEqual(a.Span))));

    private static byte[] EncodeCarried(CarriedEntries carried) =>
    [
        .. carried.Certificates.Count > 0 ? EncodedSet.Encode(CertificateSet, carried.Certificates) : [],
        .. carried.Crls.Count > 0 ? EncodedSet.Encode(RevocationInfoChoices, carried.Crls) : [],
    ];

    /// <summary>Encodes the digests: what was there, as it was, and those that are added; with the signers known, what they need.</summary>
    private byte[] EncodeDigests(SignerSet? existing)
    {
        List<AlgorithmIdentifier> needed = [.. _added.Select(a => a.Digest.ToIdentifier())];
        List<ReadOnlyMemory<byte>> kept = _edits.DropsSigners ? [] : [.. _digests.Encoded];
        if (existing is { LostSome: true, HasUnreadable: false })
        {
            kept = [.. kept.Where((_, i) => existing.Uses(_digests.Identifiers[i]))];
        }
        else if (existing is null && _digests.Encoded.Count == 0 && !_edits.DropsSigners)
        {
            needed.Clear(); // an empty set makes readers compute every digest: naming one would leave out those of the other signers
        }

        needed.RemoveAll(n => !_edits.DropsSigners && _digests.Identifiers.Any(n.IsEquivalentTo));
        return EncodedSet.Encode(
            Set, EncodedSet.Add(kept, CarriedEntries.Distinct(needed.Select(n => (ReadOnlyMemory<byte>)n.Encode()))));
    }

    private async ValueTask EndValuesAsync(int count, CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            await _writer.EndAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
