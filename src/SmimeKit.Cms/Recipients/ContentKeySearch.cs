using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Recipients;

/// <summary>From the recipients of a message and the keys at hand to content-encryption keys, without becoming an oracle.</summary>
/// <remarks>
/// Every entry that names a certificate at hand counts, for anyone can put a decoy in front. Ways whose failure shows go first and the
/// first that leads to a key ends the search. PKCS #1 v1.5 always yields a key; two entries that yield the same one settle it,
/// otherwise the content decides among a few. See docs/design/recipient-selection.md.
/// </remarks>
internal sealed class ContentKeySearch
{
    /// <summary>The most keys that the content has to decide among.</summary>
    internal const int MaxCandidates = 4;

    private readonly List<KeyRecovery> _recoveries;

    private readonly int _maxOperations;

    private ContentKeySearch(List<KeyRecovery> recoveries, int maxOperations)
    {
        _recoveries = recoveries;
        _maxOperations = maxOperations;
    }

    /// <summary>Matches recipients with what is at hand and checks each pair against the policy, before any key is used.</summary>
    /// <exception cref="NoMatchingRecipientException">Nothing at hand is addressed by a recipient.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses all that match.</exception>
    /// <exception cref="UnsupportedAlgorithmException">None that matches is implemented.</exception>
    internal static ContentKeySearch Prepare(RecipientList recipients, RecipientKeys keys, RecoveryContext context)
    {
        context = context with { OriginatorCertificates = [.. context.OriginatorCertificates, .. keys.OriginatorCertificates] };
        var recoveries = new List<KeyRecovery>();
        var counts = new Dictionary<KeySource, int>(ReferenceEqualityComparer.Instance);
        SmimeKitException? objection = null;
        bool matched = false;
        foreach (RecipientMatch match in recipients.Find(keys.ToSources(context.Limits)))
        {
            int count = counts.GetValueOrDefault(match.Source);
            if (count >= context.Limits.MaxKeyOperations || recipients.Decode(match) is not { HasKnownVersion: true } recipient)
            {
                continue; // R3369-6.2-f: unknown versions are skipped
            }

            matched = true;
            (KeyRecovery? recovery, SmimeKitException? refused) = match.Source.Prepare(recipient, context);
            objection ??= refused;
            if (recovery is not null && !recoveries.Exists(recovery.IsSameAs))
            {
                recoveries.Add(recovery);
                counts[match.Source] = count + 1;
            }
        }

        return !matched ? throw new NoMatchingRecipientException([.. recipients.Decoded.Select(r => r.ToString())])
            : recoveries.Count == 0 ? throw objection!
            : new ContentKeySearch(recoveries, context.Limits.MaxKeyOperations);
    }

    /// <summary>Recovers the key, or the keys among which the content decides. The caller disposes them; there is at least one.</summary>
    /// <param name="isUsable">Tells whether octets can serve as the key.</param>
    /// <param name="keySizes">The sizes that the key can have, the likeliest first.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    internal async ValueTask<List<ContentKey>> RunAsync(
        Func<byte[], bool> isUsable, IReadOnlyList<int> keySizes, CancellationToken cancellationToken)
    {
        var candidates = new List<ContentKey>();
        bool succeeded = false;
        try
        {
            await RunAsync(candidates, isUsable, keySizes, cancellationToken).ConfigureAwait(false);
            if (candidates.Count == 0)
            {
                candidates.Add(Substitute(_recoveries[0], isUsable, keySizes[0]));
            }

            succeeded = true;
            return candidates;
        }
        finally
        {
            if (!succeeded)
            {
                candidates.ForEach(c => c.Dispose());
            }
        }
    }

    private async ValueTask RunAsync(
        List<ContentKey> candidates, Func<byte[], bool> isUsable, IReadOnlyList<int> keySizes, CancellationToken cancellationToken)
    {
        int operations = 0;
        bool ran = false;
        UnsupportedAlgorithmException? unsupported = null;
        foreach ((KeyRecovery recovery, int keySize) in InOrder().SelectMany(r => keySizes.Select(s => (r, s))))
        {
            if (operations >= _maxOperations || candidates.Count == MaxCandidates)
            {
                return;
            }

            byte[]? key;
            try
            {
                operations++;
                key = await recovery.RecoverAsync(keySize, cancellationToken).ConfigureAwait(false);
                ran = true;
            }
            catch (UnsupportedAlgorithmException e)
            {
                unsupported ??= e; // this key cannot; another one may
                continue;
            }

            if (Add(candidates, key, recovery, isUsable, keySize))
            {
                return;
            }
        }

        if (!ran && unsupported is not null)
        {
            throw unsupported;
        }
    }

    // Adds a candidate; true when no further one is needed.
    private static bool Add(List<ContentKey> candidates, byte[]? key, KeyRecovery recovery, Func<byte[], bool> isUsable, int keySize)
    {
        if (key is null)
        {
            return false;
        }

        if (!isUsable(key))
        {
            CryptographicOperations.ZeroMemory(key);
            candidates.Add(Substitute(recovery, isUsable, keySize));
            return recovery.ShowsFailure;
        }

        // Only the sender's own entries can agree: the octets behind a failed padding are random, those of a probe unknown.
        ContentKey? same = candidates.Find(c => CryptographicOperations.FixedTimeEquals(c.Key, key));
        if (same is not null)
        {
            CryptographicOperations.ZeroMemory(key);
            candidates.FindAll(c => c != same).ForEach(c => c.Dispose());
            candidates.RemoveAll(c => c != same);
            return true;
        }

        candidates.Add(new ContentKey(key, recovery, isLost: false));
        return recovery.ShowsFailure;
    }

    private static ContentKey Substitute(KeyRecovery recovery, Func<byte[], bool> isUsable, int keySize)
    {
        byte[] key;
        do
        {
            key = RandomNumberGenerator.GetBytes(keySize);
        }
        while (!isUsable(key));

        return new ContentKey(key, recovery, isLost: true);
    }

    // Visible ways first. Then one entry of each key before the second of any, so that decoys for one key do not crowd out another.
    private IEnumerable<KeyRecovery> InOrder()
    {
        var seen = new Dictionary<KeySource, int>(ReferenceEqualityComparer.Instance);
        return _recoveries
            .Select(recovery => (recovery, Turn: seen[recovery.Source] = seen.GetValueOrDefault(recovery.Source) + 1))
            .ToList()
            .OrderBy(r => r.recovery.ShowsFailure ? 0 : r.Turn)
            .Select(r => r.recovery);
    }
}
