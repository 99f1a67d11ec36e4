using System.Collections.Immutable;

namespace SmimeKit.Certificates;

/// <summary>The identifiers of one scheme, each with the digest that it names.</summary>
internal static class DigestPairs
{
    internal static DigestAlgorithm? FindDigest(this ImmutableArray<(DigestAlgorithm Digest, string Oid)> pairs, string oid)
    {
        foreach ((DigestAlgorithm digest, string candidate) in pairs)
        {
            if (candidate == oid)
            {
                return digest;
            }
        }

        return null;
    }

    internal static string? FindOid(this ImmutableArray<(DigestAlgorithm Digest, string Oid)> pairs, DigestAlgorithm digest)
    {
        foreach ((DigestAlgorithm candidate, string oid) in pairs)
        {
            if (candidate == digest)
            {
                return oid;
            }
        }

        return null;
    }
}
