using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Storage;

namespace SmimeKit.Stores.Sqlite;

/// <content>Trust anchors: kept apart from the certificates, named only by these methods.</content>
public sealed partial class SqliteCertificateStore
{
    /// <summary>Makes a certificate a trust anchor. Neither adding, learning nor pinning a certificate does.</summary>
    /// <param name="anchor">The certificate; its signature is not checked.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>True when it is new, false when it was an anchor already.</returns>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public ValueTask<bool> AddTrustAnchorAsync(Certificate anchor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        return _database.WriteAsync(connection => TrustAnchorRows.Add(connection, anchor, Now()), cancellationToken);
    }

    /// <summary>Ends the trust in an anchor. A certificate of the store with the same bytes stays.</summary>
    /// <param name="anchor">The exact certificate.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>True when it was an anchor.</returns>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    public ValueTask<bool> RemoveTrustAnchorAsync(Certificate anchor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        return _database.WriteAsync(connection => TrustAnchorRows.Remove(connection, anchor), cancellationToken);
    }

    /// <summary>Lists the trust anchors in the order in which they were added.</summary>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The anchors.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async ValueTask<IReadOnlyList<Certificate>> ListTrustAnchorsAsync(CancellationToken cancellationToken = default) =>
        await _database.ReadAsync(TrustAnchorRows.All, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    async ValueTask<IReadOnlyList<Certificate>> ITrustAnchors.FindAsync(DistinguishedName subject, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return await _database
            .ReadAsync(connection => TrustAnchorRows.WithSubject(connection, subject), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    ValueTask<bool> ITrustAnchors.ContainsAsync(Certificate certificate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return _database.ReadAsync(connection => TrustAnchorRows.Contains(connection, certificate), cancellationToken);
    }
}
