namespace SmimeKit.Certificates;

/// <summary>A read-only store over one key file: PKCS #12, or any other form that <see cref="KeyFile"/> reads. Read once, when opened.</summary>
/// <remarks>Safe for concurrent use. The key handles end when the store is disposed.</remarks>
public sealed class Pkcs12CertificateStore : ICertificateStore, IPrivateKeyStore, IDisposable
{
    private readonly KeyFile _file;
    private readonly MemoryCertificateStore _contents = new();

    /// <summary>Initializes a store over a file that is open already.</summary>
    /// <param name="file">The file; the store disposes it.</param>
    public Pkcs12CertificateStore(KeyFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _file = file;
        _contents.Add(file);
    }

    /// <summary>Gets what is wrong with the file without keeping it from being read.</summary>
    public IReadOnlyList<KeyFileWarning> Warnings => _file.Warnings;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="password">The password, or null for none.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The store, which the caller disposes.</returns>
    /// <inheritdoc cref="KeyFile.ReadAsync(string, string?, IEnumerable{Certificate}?, KeyFileOptions?, CancellationToken)" path="/exception"/>
    public static async Task<Pkcs12CertificateStore> OpenAsync(
        string path, string? password, KeyFileOptions? options = null, CancellationToken cancellationToken = default) =>
        new(await KeyFile.ReadAsync(path, password, null, options, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default) =>
        _contents.FindAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ISigningKey>> FindSigningKeysAsync(CertificateQuery query, CancellationToken cancellationToken = default) =>
        _contents.FindSigningKeysAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IDecryptionKey>> FindDecryptionKeysAsync(
        CertificateQuery query, CancellationToken cancellationToken = default) =>
        _contents.FindDecryptionKeysAsync(query, cancellationToken);

    /// <summary>Ends the key handles.</summary>
    public void Dispose() => _file.Dispose();
}
