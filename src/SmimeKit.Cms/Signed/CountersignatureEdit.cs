using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Edits the values of countersignature attributes, RFC 5652 §11.4, each of which is a signer of its own.</summary>
internal sealed class CountersignatureEdit(SignerEdit edit, CmsPolicy policy)
{
    private const byte Sequence = 0x30;
    private const byte Set = 0x31;

    private int _index;

    /// <summary>Edits one attribute; empty when no value is left.</summary>
    internal async ValueTask<ReadOnlyMemory<byte>> ApplyAsync(ReadOnlyMemory<byte> attribute, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReadOnlyMemory<byte>> values = Der.Decode(attribute, "unsignedAttrs", CmsAttribute.Decode, AsnEncodingRules.BER).Values;
        var edited = new List<ReadOnlyMemory<byte>>();
        bool changed = false;
        foreach (ReadOnlyMemory<byte> value in values)
        {
            ReadOnlyMemory<byte> result = await EditValueAsync(value, cancellationToken).ConfigureAwait(false);
            changed |= !result.Equals(value);
            if (!result.IsEmpty)
            {
                edited.Add(result);
            }
        }

        return !changed ? attribute
            : edited.Count == 0 ? default // no set is empty (RFC 5652 §5.3)
            : EncodedSet.Encode(Sequence, [DerEncoding.Oid(Oids.Countersignature), EncodedSet.Encode(Set, EncodedSet.InOrderOf(values, edited))]);
    }

    // One that cannot be read is left as it is.
    private async ValueTask<ReadOnlyMemory<byte>> EditValueAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (!Der.TryDecode(value, SignerInfoAsn.Decode, out SignerInfoAsn? signerInfo, AsnEncodingRules.BER))
        {
            return value;
        }

        var signer = new EditedSigner(_index++, isAdded: false, value, signerInfo!, policy);
        await edit(signer, cancellationToken).ConfigureAwait(false);
        return signer.IsDropped ? default : signer.Encode();
    }
}
