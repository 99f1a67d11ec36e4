namespace SmimeKit.Certificates;

/// <summary>A store of certificates and key handles in memory: nothing is durable, nothing is trusted.</summary>
/// <remarks>
/// Safe for concurrent use. It grows with what is added: a service that learns from strangers' messages wants a store with a quota.
/// Key handles belong to whoever made them; the store disposes none.
/// </remarks>
public sealed class MemoryCertificateStore : ICertificateStore, ICertificateSink, IPrivateKeyStore
{
    private readonly Lock _lock = new();
    private readonly MemoryIndex _index = new();
    private readonly List<ISigningKey> _signingKeys = [];
    private readonly List<IDecryptionKey> _decryptionKeys = [];

    /// <summary>Initializes an empty store.</summary>
    public MemoryCertificateStore()
    {
    }

    /// <summary>Initializes a store with imported certificates.</summary>
    /// <param name="certificates">The certificates.</param>
    public MemoryCertificateStore(IEnumerable<Certificate> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        foreach (Certificate certificate in certificates)
        {
            Add(certificate);
        }
    }

    /// <summary>Gets the number of certificates.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _index.Count;
            }
        }
    }

    /// <summary>Adds a certificate, or raises the provenance of one that is there already.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="provenance">How it came here.</param>
    public void Add(Certificate certificate, CertificateProvenance provenance = CertificateProvenance.Imported)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        lock (_lock)
        {
            _index.Add(certificate, provenance);
        }
    }

    /// <summary>Adds a key to sign with, its certificate and its chain.</summary>
    /// <param name="key">The handle; stays the caller's.</param>
    public void AddKey(ISigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_lock)
        {
            _signingKeys.Add(key);
            _index.Add(key.Certificate, CertificateProvenance.Imported);
            foreach (Certificate certificate in key.Chain)
            {
                _index.Add(certificate, CertificateProvenance.Imported);
            }
        }
    }

    /// <summary>Adds a key to decrypt with, and its certificate.</summary>
    /// <param name="key">The handle; stays the caller's.</param>
    public void AddKey(IDecryptionKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        lock (_lock)
        {
            _decryptionKeys.Add(key);
            _index.Add(key.Certificate, CertificateProvenance.Imported);
        }
    }

    /// <summary>Adds everything that a key file holds.</summary>
    /// <param name="file">The file; stays the caller's, who keeps it while the store is in use.</param>
    public void Add(KeyFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        foreach (Certificate certificate in file.Certificates)
        {
            Add(certificate);
        }

        foreach (SigningKey key in file.SigningKeys)
        {
            AddKey(key);
        }

        foreach (DecryptionKey key in file.DecryptionKeys)
        {
            AddKey(key);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(CertificateSelection.Rank(query, FindCandidates(query)));
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(Certificate certificate, CertificateProvenance provenance, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Add(certificate, provenance);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> LearnAsync(EncryptionAnnouncement announcement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult(_index.Learn(announcement) is LearningOutcome.Record or LearningOutcome.AlreadyHeld);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ISigningKey>> FindSigningKeysAsync(CertificateQuery query, CancellationToken cancellationToken = default) =>
        FindKeysAsync(query, _signingKeys, static k => k.Certificate, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IDecryptionKey>> FindDecryptionKeysAsync(
        CertificateQuery query, CancellationToken cancellationToken = default) =>
        FindKeysAsync(query, _decryptionKeys, static k => k.Certificate, cancellationToken);

    private List<StoredCertificate> FindCandidates(CertificateQuery query)
    {
        lock (_lock)
        {
            return _index.FindCandidates(query);
        }
    }

    // The order of keys is that of their certificates.
    private ValueTask<IReadOnlyList<T>> FindKeysAsync<T>(
        CertificateQuery query, List<T> keys, Func<T, Certificate> certificateOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        ILookup<Certificate, T> held;
        lock (_lock)
        {
            held = keys.ToLookup(certificateOf);
        }

        IEnumerable<StoredCertificate> candidates = FindCandidates(query).Where(c => held.Contains(c.Certificate));
        IReadOnlyList<T> found = [.. CertificateSelection.Rank(query, candidates).SelectMany(c => held[c.Certificate])];
        return ValueTask.FromResult(found);
    }
}
