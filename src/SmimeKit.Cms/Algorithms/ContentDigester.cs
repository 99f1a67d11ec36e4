using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>
/// Computes the digests of content in one pass, and keeps what tells signed attributes posing as content; and, up to a limit, the content
/// itself for schemes that sign it and not its digest.
/// </summary>
public sealed class ContentDigester : IDisposable
{
    private readonly List<(DigestAlgorithm Algorithm, IncrementalDigest Hash)> _hashes = [];
    private readonly AttributesLookalike _lookalike;
    private readonly KeptContent _kept;
    private bool _disposed;

    /// <summary>Initializes a digester.</summary>
    /// <param name="algorithms">The digests to compute; repeated ones count once.</param>
    /// <param name="keepUpTo">
    /// How many bytes of content are kept in memory, see <see cref="Policy.CmsLimits.MaxContentSignedWhole"/>; longer content is not kept.
    /// 0 keeps none: then signatures of EdDSA, ML-DSA, SLH-DSA and HSS/LMS without signed attributes cannot be checked.
    /// </param>
    public ContentDigester(IEnumerable<DigestAlgorithm> algorithms, int keepUpTo = 0)
    {
        ArgumentNullException.ThrowIfNull(algorithms);
        ArgumentOutOfRangeException.ThrowIfNegative(keepUpTo);
        _kept = new KeptContent(keepUpTo);
        _lookalike = new AttributesLookalike();
        foreach (DigestAlgorithm algorithm in algorithms.Distinct())
        {
            if (!_hashes.Exists(h => h.Algorithm.HasSameOutput(algorithm)))
            {
                _hashes.Add((algorithm, algorithm.CreateIncremental()));
            }
        }
    }

    private ContentDigester(ContentDigester original)
    {
        _hashes.AddRange(original._hashes.Select(h => (h.Algorithm, h.Hash.Clone())));
        _lookalike = original._lookalike.Clone();
        _kept = original._kept.Clone();
        Length = original.Length;
    }

    /// <summary>Gets the number of bytes digested.</summary>
    public long Length { get; private set; }

    /// <summary>Gets the digests computed.</summary>
    public IEnumerable<DigestAlgorithm> Algorithms => _hashes.Select(h => h.Algorithm);

    /// <summary>Gets the content when it may be an encoded set of attributes, otherwise empty.</summary>
    internal ReadOnlyMemory<byte> PossibleAttributes => _lookalike.Content;

    /// <summary>Gets whether all of the content is kept: it was asked for and is no longer than the limit.</summary>
    internal bool KeepsContent => _kept.IsComplete;

    /// <summary>Gets how many bytes of content are kept at most.</summary>
    internal int KeepLimit => _kept.Limit;

    /// <summary>Gets the content as kept. It is wiped when the digester is disposed.</summary>
    internal ReadOnlyMemory<byte> Content => _kept.Content;

    /// <summary>Adds content.</summary>
    /// <param name="content">The next bytes.</param>
    public void Append(ReadOnlySpan<byte> content)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (content.IsEmpty)
        {
            return;
        }

        foreach ((_, IncrementalDigest hash) in _hashes)
        {
            hash.Append(content);
        }

        _lookalike.Append(content);
        _kept.Append(content);
        Length += content.Length;
    }

    /// <summary>Gets the digest of what was added so far.</summary>
    /// <param name="algorithm">The digest.</param>
    /// <returns>A new array, or null when this digest is not computed.</returns>
    public byte[]? GetDigest(DigestAlgorithm algorithm)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach ((DigestAlgorithm computed, IncrementalDigest hash) in _hashes)
        {
            if (computed.HasSameOutput(algorithm))
            {
                return hash.GetDigest();
            }
        }

        return null;
    }

    /// <summary>Copies the digester: what was added so far counts in both.</summary>
    /// <returns>The copy, which the caller disposes.</returns>
    public ContentDigester Clone()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new ContentDigester(this);
    }

    /// <summary>Releases the hashes, and wipes the content kept.</summary>
    public void Dispose()
    {
        _disposed = true;
        _kept.Dispose();
        foreach ((_, IncrementalDigest hash) in _hashes)
        {
            hash.Dispose();
        }
    }
}
