namespace SmimeKit.Certificates;

/// <summary>A source of certificates. Nothing it answers is trusted for having come from it.</summary>
public interface ICertificateStore
{
    /// <summary>Finds certificates, best first: pinned, then the sender's announced preference, then the latest to expire.</summary>
    /// <param name="query">What to look for.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The answers, ranked; empty when there are none.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default);
}
