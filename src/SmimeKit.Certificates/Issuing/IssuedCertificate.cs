namespace SmimeKit.Certificates;

/// <summary>A certificate that was just issued, with its private key: the one place where a key can still be written to a file.</summary>
/// <remarks>Disposing it wipes the key; handles that were made of it live on.</remarks>
public sealed class IssuedCertificate : IDisposable
{
    private bool _disposed;

    internal IssuedCertificate(Certificate certificate, IReadOnlyList<Certificate> chain, PrivateKeyMaterial key)
    {
        Certificate = certificate;
        Chain = chain;
        Key = key;
    }

    /// <summary>Gets the certificate.</summary>
    public Certificate Certificate { get; }

    /// <summary>Gets the certificates of its issuers, nearest first; empty for a root.</summary>
    public IReadOnlyList<Certificate> Chain { get; }

    internal PrivateKeyMaterial Key { get; }

    /// <summary>Makes a handle to sign with.</summary>
    /// <returns>The handle, which the caller disposes.</returns>
    public SigningKey CreateSigningKey()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return SigningKey.FromMaterial(Certificate, Key, Chain);
    }

    /// <summary>Makes a handle to decrypt with.</summary>
    /// <returns>The handle, which the caller disposes.</returns>
    public DecryptionKey CreateDecryptionKey()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return DecryptionKey.FromMaterial(Certificate, Key);
    }

    /// <summary>Stores the certificate and its key.</summary>
    /// <param name="sink">The store.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>A task that ends when the key is stored.</returns>
    /// <exception cref="StoreException">The store cannot be written, or is locked.</exception>
    public ValueTask StoreAsync(IPrivateKeySink sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Key.ImportIntoAsync(sink, Certificate, cancellationToken);
    }

    /// <summary>Writes the certificate, its key and its issuers as PKCS #12.</summary>
    /// <param name="password">The password; not empty.</param>
    /// <param name="friendlyName">The name that programs show, or null.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The DER encoding.</returns>
    /// <exception cref="ArgumentException">The password is empty or the options are out of range.</exception>
    public byte[] ExportPkcs12(string password, string? friendlyName = null, Pkcs12Options? options = null) =>
        Pkcs12File.EncodeEntries(password, [ToEntry(friendlyName)], Chain, options ?? Pkcs12Options.Default);

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        _disposed = true;
        Key.Dispose();
    }

    internal Pkcs12Entry ToEntry(string? friendlyName)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new Pkcs12Entry(Certificate, Key, friendlyName);
    }
}
