using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Authenticated;

/// <summary>Computes what is compared, in one pass: a MAC for each key that may be the right one, over the content or over its attributes.</summary>
/// <remarks>Every candidate takes the same course, whatever the others came to, and so does a key that was lost.</remarks>
internal sealed class MacVerification : IDisposable
{
    private readonly List<ContentKey> _keys;
    private readonly List<IncrementalMac> _macs;
    private readonly IncrementalDigest? _digest;
    private readonly AttributesLookalike _lookalike = new();
    private readonly int _size;

    /// <param name="keys">The candidates; disposed with this.</param>
    /// <param name="algorithm">The MAC.</param>
    /// <param name="identifier">Its identifier in the message.</param>
    /// <param name="digest">The digest of the content; null when the MAC is over the content itself.</param>
    internal MacVerification(List<ContentKey> keys, MacAlgorithm algorithm, AlgorithmIdentifier identifier, DigestAlgorithm? digest)
    {
        _keys = keys;
        _size = algorithm.ReadSize(identifier);
        _macs = [.. keys.Select(k => algorithm.Create(k.Key, identifier))];
        _digest = digest?.CreateIncremental();
    }

    /// <summary>Gets the number of content octets.</summary>
    internal long Length { get; private set; }

    /// <summary>Gets whether the content could be the attributes of another message, whose MAC would fit it, too.</summary>
    internal bool LooksLikeAttributes => _digest is null && CmsAttributes.LooksLikeSignedAttributes(_lookalike.Content);

    internal void Append(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return;
        }

        Length += content.Length;
        if (_digest is not null)
        {
            _digest.Append(content); // RFC 5652 §9.2: the MAC is over the attributes, which hold the digest
            return;
        }

        _lookalike.Append(content);
        foreach (IncrementalMac mac in _macs)
        {
            mac.Append(content);
        }
    }

    /// <summary>Ends the computation.</summary>
    /// <returns>The way to the key under which all fits; null when there is none.</returns>
    internal KeyRecovery? Finish(AuthenticatedTail tail, string contentType, AlgorithmIdentifier? digestAlgorithm, AlgorithmIdentifier mac)
    {
        bool agrees = _digest is null
            || AuthenticatedAttributeRules.Agree(tail.Attributes, contentType, _digest.GetDigest(), digestAlgorithm!, mac);
        KeyRecovery? found = null;
        for (int i = 0; i < _macs.Count; i++)
        {
            _macs[i].Append(tail.AttributesEncoded);
            bool fits = CryptographicOperations.FixedTimeEquals(_macs[i].Finish().AsSpan(0, _size), tail.Mac);
            found ??= fits & agrees & !_keys[i].IsLost ? _keys[i].Recovery : null;
        }

        return found;
    }

    public void Dispose()
    {
        _macs.ForEach(mac => mac.Dispose());
        _keys.ForEach(key => key.Dispose());
        _digest?.Dispose();
    }
}
