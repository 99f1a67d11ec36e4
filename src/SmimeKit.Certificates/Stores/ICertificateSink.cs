namespace SmimeKit.Certificates;

/// <summary>A store that certificates can be added to.</summary>
public interface ICertificateSink
{
    /// <summary>Adds a certificate, or raises the provenance of one that is there already.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="provenance">How it came here.</param>
    /// <param name="cancellationToken">Ends the operation; the certificate is then stored or not, never half.</param>
    /// <returns>A task that ends when the certificate is durable.</returns>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    ValueTask AddAsync(Certificate certificate, CertificateProvenance provenance, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records what a fully validated message announced: the encryption certificate and the capabilities of an address. Older news
    /// than the stored ones is ignored (RFC 8551 §2.5.3, §2.7.1), and pinned entries stay: see <see cref="LearningRule"/>.
    /// </summary>
    /// <param name="announcement">What was announced.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>
    /// True when the store now holds the announcement, false when what it has is newer or pinned, or when the certificate is not one
    /// to encrypt to the address with.
    /// </returns>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    ValueTask<bool> LearnAsync(EncryptionAnnouncement announcement, CancellationToken cancellationToken = default);
}
