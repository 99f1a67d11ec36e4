using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>The signers of a message that is being transformed. A SignerInfo that cannot be read is kept as it is.</summary>
internal sealed class SignerSet
{
    private static readonly string[] _inherited = [Oids.SecurityLabel, Oids.MailListExpansionHistory];

    private readonly List<(ReadOnlyMemory<byte> Encoded, EditedSigner? Signer)> _existing = [];
    private readonly List<EditedSigner> _added = [];
    private readonly CmsPolicy _policy;
    private int _read;

    private SignerSet(CmsPolicy policy) => _policy = policy;

    internal int Count => Existing.Count() + Added.Count();

    internal bool HasVersion3 => Signers.Any(s => s.IsVersion3);

    internal bool HasUnreadable => _existing.Exists(e => e.Signer is null);

    /// <summary>Gets whether signers that were there are gone.</summary>
    internal bool LostSome => Existing.Count() < _read;

    /// <summary>Gets whether there were signers and none is left.</summary>
    internal bool WasEmptied => Count == 0 && _read + _added.Count > 0;

    private IEnumerable<(ReadOnlyMemory<byte> Encoded, EditedSigner? Signer)> Existing => _existing.Where(e => e.Signer is not { IsDropped: true });

    private IEnumerable<EditedSigner> Added => _added.Where(a => !a.IsDropped);

    private IEnumerable<EditedSigner> Signers => Existing.Select(e => e.Signer).OfType<EditedSigner>().Concat(Added);

    internal static async ValueTask<SignerSet> ReadAsync(BerTokenizer ber, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        var set = new SignerSet(options.Policy);
        foreach ((ReadOnlyMemory<byte> encoded, SignerInfoAsn? signer) in await SignerInfoAsn
            .ReadAllAsync(ber, options.Limits, cancellationToken).ConfigureAwait(false))
        {
            set._existing.Add((encoded, signer is null ? null : new EditedSigner(set._read, false, encoded, signer, options.Policy)));
            set._read++;
        }

        return set;
    }

    /// <summary>Drops all that were read.</summary>
    internal void Clear() => _existing.Clear();

    internal async ValueTask EditAsync(SignerEdit? edit, CancellationToken cancellationToken)
    {
        if (edit is null)
        {
            return;
        }

        foreach (EditedSigner signer in _existing.Select(e => e.Signer).OfType<EditedSigner>())
        {
            await edit(signer, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Adds a signer and edits it.</summary>
    internal async ValueTask AddAsync(byte[] encoded, SignerEdit? edit, CancellationToken cancellationToken)
    {
        SignerInfoAsn signer = Der.Decode(encoded, "signerInfos", SignerInfoAsn.Decode);
        var added = new EditedSigner(_read + _added.Count, true, encoded, signer, _policy);
        _added.Add(added);
        if (edit is not null)
        {
            await edit(added, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Finds the signed attributes that a signer beside these has to repeat (RFC 2634 §1.4).</summary>
    /// <exception cref="PolicyViolationException">The signers contradict each other.</exception>
    internal IReadOnlyList<CmsAttribute> FindInherited()
    {
        var found = new List<CmsAttribute>();
        foreach (string oid in _inherited)
        {
            CmsAttribute[] different =
                [.. Signers.SelectMany(s => s.SignedAttributes.OfType(oid)).DistinctBy(a => Convert.ToHexString(a.Encode()))];
            if (different.Length > 1)
            {
                throw new PolicyViolationException(
                    "signers-contradict", $"The signers of the message have different attributes {oid}: which one to repeat is not clear.");
            }

            found.AddRange(different);
        }

        return found;
    }

    /// <summary>Tells whether a signer uses a digest.</summary>
    internal bool Uses(AlgorithmIdentifier digest) => Signers.Any(s => s.DigestAlgorithm.IsEquivalentTo(digest));

    internal List<ReadOnlyMemory<byte>> Encode() => EncodedSet.Add(
        [.. Existing.Select(e => e.Signer?.Encode() ?? e.Encoded)], [.. Added.Select(a => a.Encode())]);
}
