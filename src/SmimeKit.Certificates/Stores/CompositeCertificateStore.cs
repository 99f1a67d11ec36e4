namespace SmimeKit.Certificates;

/// <summary>Several stores that answer as one: all are asked, their answers are merged and ranked together.</summary>
/// <remarks>
/// A store that fails fails the whole: an answer that silently lacks a store could encrypt to the wrong certificate. The stores are
/// asked at the same time and stay the caller's.
/// </remarks>
public sealed class CompositeCertificateStore : ICertificateStore, ICertificateSink, IPrivateKeyStore
{
    private readonly ICertificateStore[] _stores;
    private readonly IPrivateKeyStore[] _keyStores;
    private readonly ICertificateSink? _sink;

    /// <summary>Initializes a composite.</summary>
    /// <param name="stores">The stores. Those that are key stores as well are asked for keys.</param>
    /// <param name="sink">Where certificates are added and announcements learned, as a rule one of the stores; null for nowhere.</param>
    public CompositeCertificateStore(IEnumerable<ICertificateStore> stores, ICertificateSink? sink = null)
    {
        ArgumentNullException.ThrowIfNull(stores);
        _stores = [.. stores];
        _keyStores = [.. _stores.OfType<IPrivateKeyStore>()];
        _sink = sink;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        IReadOnlyList<StoredCertificate>[] answers = await Task.WhenAll(
            _stores.Select(s => s.FindAsync(query, cancellationToken).AsTask())).ConfigureAwait(false);
        return CertificateSelection.Rank(query, answers.SelectMany(a => a));
    }

    /// <inheritdoc/>
    /// <exception cref="StoreException">There is no sink (<c>store-read-only</c>), or it cannot be written.</exception>
    public ValueTask AddAsync(Certificate certificate, CertificateProvenance provenance, CancellationToken cancellationToken = default) =>
        Sink.AddAsync(certificate, provenance, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>What is pinned in any of the stores is respected, not only what is pinned in the sink.</remarks>
    /// <exception cref="StoreException">There is no sink (<c>store-read-only</c>), or it cannot be written.</exception>
    public async ValueTask<bool> LearnAsync(EncryptionAnnouncement announcement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        ICertificateSink sink = Sink;
        var query = new CertificateQuery
        {
            Purpose = CertificatePurpose.EmailEncryption,
            EmailAddress = announcement.EmailAddress,
            Limit = int.MaxValue,
        };
        IEnumerable<Certificate> pinned = (await FindAsync(query, cancellationToken).ConfigureAwait(false))
            .Where(s => s.Provenance == CertificateProvenance.Pinned)
            .Select(s => s.Certificate);
        return LearningRule.Judge(announcement, held: null, pinned) == LearningOutcome.Record
            && await sink.LearnAsync(announcement, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ISigningKey>> FindSigningKeysAsync(CertificateQuery query, CancellationToken cancellationToken = default) =>
        FindKeysAsync(query, (s, q) => s.FindSigningKeysAsync(q, cancellationToken), static k => k.Certificate, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IDecryptionKey>> FindDecryptionKeysAsync(
        CertificateQuery query, CancellationToken cancellationToken = default) =>
        FindKeysAsync(query, (s, q) => s.FindDecryptionKeysAsync(q, cancellationToken), static k => k.Certificate, cancellationToken);

    private ICertificateSink Sink =>
        _sink ?? throw new StoreException("store-read-only", "None of the stores takes new certificates.");

    // Keys rank as their certificates do, with what the certificate stores know of these.
    private async ValueTask<IReadOnlyList<T>> FindKeysAsync<T>(
        CertificateQuery query,
        Func<IPrivateKeyStore, CertificateQuery, ValueTask<IReadOnlyList<T>>> find,
        Func<T, Certificate> certificateOf,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        IReadOnlyList<T>[] answers = await Task.WhenAll(
            _keyStores.Select(s => find(s, query).AsTask())).ConfigureAwait(false);
        ILookup<Certificate, T> keys = answers.SelectMany(a => a).ToLookup(certificateOf);
        IReadOnlyList<StoredCertificate> known = await FindAsync(query with { Limit = int.MaxValue }, cancellationToken).ConfigureAwait(false);
        IEnumerable<StoredCertificate> candidates = keys
            .Select(k => new StoredCertificate(k.Key, CertificateProvenance.Imported, ""))
            .Concat(known.Where(k => keys.Contains(k.Certificate)));
        return [.. CertificateSelection.Rank(query, candidates).SelectMany(c => keys[c.Certificate])];
    }
}
