using SmimeKit.Certificates;

namespace SmimeKit.Tool.Evidence;

/// <summary>Several sets of trust anchors as one.</summary>
internal sealed class AllAnchors(IReadOnlyList<ITrustAnchors> sets) : ITrustAnchors
{
    public async ValueTask<IReadOnlyList<Certificate>> FindAsync(DistinguishedName subject, CancellationToken cancellationToken = default)
    {
        var found = new List<Certificate>();
        foreach (ITrustAnchors set in sets)
        {
            found.AddRange(await set.FindAsync(subject, cancellationToken).ConfigureAwait(false));
        }

        return [.. found.Distinct()];
    }

    public async ValueTask<bool> ContainsAsync(Certificate certificate, CancellationToken cancellationToken = default)
    {
        foreach (ITrustAnchors set in sets)
        {
            if (await set.ContainsAsync(certificate, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }
}
