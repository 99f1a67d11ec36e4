namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>Anchors for tests: the certificates listed, no others.</summary>
internal sealed class TestAnchors(params IEnumerable<Certificate> anchors) : ITrustAnchors
{
    private readonly Certificate[] _anchors = [.. anchors];

    public ValueTask<IReadOnlyList<Certificate>> FindAsync(DistinguishedName subject, CancellationToken cancellationToken = default) =>
        new([.. _anchors.Where(a => a.Subject.Equals(subject))]);

    public ValueTask<bool> ContainsAsync(Certificate certificate, CancellationToken cancellationToken = default) =>
        new(_anchors.Contains(certificate));
}

/// <summary>A store that answers by subject and counts what it is asked; honest, or answering everything to everyone.</summary>
internal sealed class TestStore(bool honest, params IEnumerable<Certificate> certificates) : ICertificateStore
{
    private readonly Certificate[] _certificates = [.. certificates];

    internal int Questions { get; private set; }

    public async ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Questions++;
        return
        [
            .. _certificates
                .Where(c => !honest || query.Subject is null || c.Subject.Equals(query.Subject))
                .Select(c => new StoredCertificate(c, CertificateProvenance.Imported, "test")),
        ];
    }
}

/// <summary>A store that cannot be read.</summary>
internal sealed class BrokenStore : ICertificateStore
{
    public ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default) =>
        throw new StoreException("store-unreadable", "The store is broken.");
}
