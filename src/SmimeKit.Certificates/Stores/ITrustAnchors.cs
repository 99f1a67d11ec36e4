namespace SmimeKit.Certificates;

/// <summary>The certificates that paths may end in. There is no default: a caller always names its anchors.</summary>
public interface ITrustAnchors
{
    /// <summary>Gets the anchors with a subject.</summary>
    /// <param name="subject">The name that a certificate gives as its issuer.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The anchors; empty when none has the name.</returns>
    /// <exception cref="StoreException">The anchors cannot be read.</exception>
    ValueTask<IReadOnlyList<Certificate>> FindAsync(DistinguishedName subject, CancellationToken cancellationToken = default);

    /// <summary>Tells whether an exact certificate is an anchor.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>True when it is.</returns>
    /// <exception cref="StoreException">The anchors cannot be read.</exception>
    ValueTask<bool> ContainsAsync(Certificate certificate, CancellationToken cancellationToken = default);
}
