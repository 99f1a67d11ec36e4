using SmimeKit.Certificates;

namespace SmimeKit.TestKit;

/// <summary>Trust anchors given one by one.</summary>
public sealed class FixedAnchors(params IReadOnlyList<Certificate> anchors) : ITrustAnchors
{
    public ValueTask<IReadOnlyList<Certificate>> FindAsync(DistinguishedName subject, CancellationToken cancellationToken = default) =>
        new([.. anchors.Where(a => a.Subject.Equals(subject))]);

    public ValueTask<bool> ContainsAsync(Certificate certificate, CancellationToken cancellationToken = default) =>
        new(anchors.Contains(certificate));
}
