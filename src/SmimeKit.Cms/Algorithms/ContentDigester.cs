using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>Computes the digests of content in one pass, and keeps what tells signed attributes posing as content.</summary>
public sealed class ContentDigester : IDisposable
{
    private readonly List<(DigestAlgorithm Algorithm, IncrementalHash Hash)> _hashes = [];
    private readonly AttributesLookalike _lookalike;
    private bool _disposed;

    /// <summary>Initializes a digester.</summary>
    /// <param name="algorithms">The digests to compute; repeated ones count once.</param>
    public ContentDigester(IEnumerable<DigestAlgorithm> algorithms)
    {
        ArgumentNullException.ThrowIfNull(algorithms);
        _lookalike = new AttributesLookalike();
        foreach (DigestAlgorithm algorithm in algorithms.Distinct())
        {
            _hashes.Add((algorithm, IncrementalHash.CreateHash(algorithm.HashName)));
        }
    }

    private ContentDigester(ContentDigester original)
    {
        _hashes.AddRange(original._hashes.Select(h => (h.Algorithm, h.Hash.Clone())));
        _lookalike = original._lookalike.Clone();
        Length = original.Length;
    }

    /// <summary>Gets the number of bytes digested.</summary>
    public long Length { get; private set; }

    /// <summary>Gets the digests computed.</summary>
    public IEnumerable<DigestAlgorithm> Algorithms => _hashes.Select(h => h.Algorithm);

    /// <summary>Gets the content when it may be an encoded set of attributes, otherwise empty.</summary>
    internal ReadOnlyMemory<byte> PossibleAttributes => _lookalike.Content;

    /// <summary>Adds content.</summary>
    /// <param name="content">The next bytes.</param>
    public void Append(ReadOnlySpan<byte> content)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (content.IsEmpty)
        {
            return;
        }

        foreach ((_, IncrementalHash hash) in _hashes)
        {
            hash.AppendData(content);
        }

        _lookalike.Append(content);
        Length += content.Length;
    }

    /// <summary>Gets the digest of what was added so far.</summary>
    /// <param name="algorithm">The digest.</param>
    /// <returns>A new array, or null when this digest is not computed.</returns>
    public byte[]? GetDigest(DigestAlgorithm algorithm)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach ((DigestAlgorithm computed, IncrementalHash hash) in _hashes)
        {
            if (computed == algorithm)
            {
                return hash.GetCurrentHash();
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

    /// <summary>Releases the hashes.</summary>
    public void Dispose()
    {
        _disposed = true;
        foreach ((_, IncrementalHash hash) in _hashes)
        {
            hash.Dispose();
        }
    }
}
