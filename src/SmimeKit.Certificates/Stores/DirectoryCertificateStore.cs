namespace SmimeKit.Certificates;

/// <summary>A folder of certificate files: PEM, DER and PKCS #7, put there by people, by other programs, or by this store.</summary>
/// <remarks>
/// <para>
/// What the store adds gets a file of its own, named by the certificate's SHA-256, written whole or not at all. Files that others put
/// there count as imported. Subfolders, hidden files and links are passed over; what cannot be read is listed in <see cref="Skipped"/>.
/// </para>
/// <para>
/// Safe for concurrent use, also by several processes on one machine. Files that come and go are noticed at the next search; a file
/// that is changed in place is noticed at the next <see cref="RefreshAsync"/>. Whoever can write to the folder decides what is in it.
/// </para>
/// </remarks>
public sealed class DirectoryCertificateStore : ICertificateStore, ICertificateSink, IDisposable
{
    private readonly string _folder;
    private readonly DirectoryStoreOptions _options;
    private readonly DirectoryContents _contents;
    private readonly SemaphoreSlim _gate = new(1, 1);

    private DirectoryCertificateStore(string folder, DirectoryStoreOptions options)
    {
        _folder = folder;
        _options = options;
        _contents = new DirectoryContents(folder, options);
    }

    /// <summary>Gets the files that were left out when the folder was last looked at.</summary>
    public IReadOnlyList<SkippedFile> Skipped => _contents.Skipped;

    /// <summary>Opens a folder and reads it.</summary>
    /// <param name="folder">The folder; it has to exist.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The store, which the caller disposes.</returns>
    /// <exception cref="StoreException">The folder cannot be read (<c>store-unreadable</c>).</exception>
    /// <exception cref="LimitExceededException">The folder holds too many files.</exception>
    public static async Task<DirectoryCertificateStore> OpenAsync(
        string folder, DirectoryStoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var store = new DirectoryCertificateStore(Path.GetFullPath(folder), options ?? DirectoryStoreOptions.Default);
        await store.RefreshAsync(cancellationToken).ConfigureAwait(false);
        return store;
    }

    /// <summary>Reads what changed in the folder, files that were changed in place included.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>A task that ends when the store is up to date.</returns>
    /// <exception cref="StoreException">The folder cannot be read (<c>store-unreadable</c>).</exception>
    /// <exception cref="LimitExceededException">The folder holds too many files.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _contents.RefreshAsync(force: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="LimitExceededException">The folder holds too many files.</exception>
    public async ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<StoredCertificate> candidates;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _contents.RefreshAsync(force: false, cancellationToken).ConfigureAwait(false);
            candidates = _contents.Index.FindCandidates(query);
        }
        finally
        {
            _gate.Release();
        }

        return CertificateSelection.Rank(query, candidates);
    }

    /// <inheritdoc/>
    /// <exception cref="StoreException">
    /// The folder cannot be written (<c>store-read-only</c>), or another process holds it (<c>store-locked</c>).
    /// </exception>
    public async ValueTask AddAsync(
        Certificate certificate, CertificateProvenance provenance, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        await WriteAsync(() => AddCoreAsync(certificate, provenance, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="StoreException">
    /// The folder cannot be written (<c>store-read-only</c>), or another process holds it (<c>store-locked</c>).
    /// </exception>
    public async ValueTask<bool> LearnAsync(EncryptionAnnouncement announcement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(announcement);
        cancellationToken.ThrowIfCancellationRequested();
        if (CertificateIndex.AddressKey(announcement.EmailAddress) is not { } key)
        {
            return false;
        }

        return await WriteAsync(() => LearnCoreAsync(key, announcement, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Releases the lock between threads; the folder stays as it is.</summary>
    public void Dispose() => _gate.Dispose();

    private async Task<bool> WriteAsync(Func<Task<bool>> write, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            FileStream folderLock = await DirectoryLock.TakeAsync(_folder, _options, cancellationToken).ConfigureAwait(false);
            await using (folderLock.ConfigureAwait(false))
            {
                await _contents.RefreshAsync(force: false, cancellationToken).ConfigureAwait(false);
                return await write().ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> AddCoreAsync(Certificate certificate, CertificateProvenance provenance, CancellationToken cancellationToken)
    {
        CertificateProvenance? known = _contents.Index.FindProvenance(certificate);
        if (known >= provenance)
        {
            return true;
        }

        string name = StoredFileName.For(certificate, provenance);
        await AtomicFile.WriteAsync(_folder, name, certificate.RawData, cancellationToken).ConfigureAwait(false);
        _contents.NoteWritten(name, new SeenFile { Certificates = [certificate], Provenance = provenance });
        if (known is { } weaker)
        {
            string replaced = StoredFileName.For(certificate, weaker);
            AtomicFile.Delete(Path.Combine(_folder, replaced));
            _contents.NoteDeleted(replaced);
        }

        _contents.Index.Add(certificate, provenance);
        return true;
    }

    private async Task<bool> LearnCoreAsync(string key, EncryptionAnnouncement announcement, CancellationToken cancellationToken)
    {
        LearningOutcome outcome = _contents.Index.Judge(key, announcement);
        if (outcome == LearningOutcome.Record)
        {
            // The certificate first: an announcement without it is passed over.
            await AddCoreAsync(announcement.Certificate, CertificateProvenance.Harvested, cancellationToken).ConfigureAwait(false);
            byte[] encoded = StoredAnnouncement.Encode(announcement);
            string name = StoredFileName.ForAnnouncement(key);
            await AtomicFile.WriteAsync(_folder, name, encoded, cancellationToken).ConfigureAwait(false);
            _contents.NoteWritten(name, new SeenFile { Announcement = StoredAnnouncement.Decode(encoded) });
            _contents.Index.Learn(announcement);
        }

        return outcome is LearningOutcome.Record or LearningOutcome.AlreadyHeld;
    }
}
