using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Certificates;

/// <summary>A signing key over a key object of the base library: in memory, in the operating system, or a device that derives from it.</summary>
/// <remarks>
/// The private key is used where it is and never exported. A handle made with <c>Create</c> leaves the key object to the caller, who
/// keeps it alive while the handle is in use and disposes it; all other handles own theirs, and disposing them ends it. Signing is safe
/// for concurrent calls when the key object is; those of the base library are.
/// </remarks>
public sealed class SigningKey : ISigningKey, IDisposable
{
    private readonly AsymmetricAlgorithm _key;
    private readonly bool _ownsKey;

    private SigningKey(Certificate certificate, AsymmetricAlgorithm key, IEnumerable<Certificate>? chain, bool ownsKey)
    {
        PublicKeyMatch.Require(certificate, key);
        Certificate = certificate;
        Chain = chain is null ? [] : [.. chain];
        _key = key;
        _ownsKey = ownsKey;
    }

    /// <inheritdoc/>
    public Certificate Certificate { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Certificate> Chain { get; }

    /// <summary>Makes a handle over an RSA key.</summary>
    /// <param name="certificate">The certificate of the key.</param>
    /// <param name="key">The key; stays the caller's.</param>
    /// <param name="chain">Further certificates, such as the issuers; or null.</param>
    /// <returns>The handle.</returns>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public static SigningKey Create(Certificate certificate, RSA key, IEnumerable<Certificate>? chain = null) =>
        CreateCore(certificate, key, chain);

    /// <summary>Makes a handle over an ECDSA key.</summary>
    /// <param name="certificate">The certificate of the key.</param>
    /// <param name="key">The key, on P-256, P-384 or P-521; stays the caller's.</param>
    /// <param name="chain">Further certificates, such as the issuers; or null.</param>
    /// <returns>The handle.</returns>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public static SigningKey Create(Certificate certificate, ECDsa key, IEnumerable<Certificate>? chain = null) =>
        CreateCore(certificate, key, chain);

    /// <summary>Makes a handle over the private key of a certificate of the base library.</summary>
    /// <param name="certificate">The certificate with its private key; not kept, the handle opens the key for itself.</param>
    /// <param name="chain">Further certificates, such as the issuers; or null.</param>
    /// <returns>The handle, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">There is no private key.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The key is neither RSA nor ECDSA.</exception>
    /// <exception cref="StoreException">The key cannot be opened (<c>key-unusable</c>).</exception>
    public static SigningKey FromX509Certificate2(X509Certificate2 certificate, IEnumerable<Certificate>? chain = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        Certificate parsed = Certificate.FromX509Certificate2(certificate);
        return Own(parsed, X509PrivateKey.Open(certificate, parsed, c => c.GetECDsaPrivateKey(), "sign"), chain);
    }

    /// <summary>Makes a handle over a private key in PKCS #8 form (RFC 5958), unencrypted.</summary>
    /// <param name="certificate">The certificate of the key.</param>
    /// <param name="pkcs8">DER PrivateKeyInfo; read, not kept: the caller wipes it.</param>
    /// <param name="chain">Further certificates, such as the issuers; or null.</param>
    /// <returns>The handle, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    /// <exception cref="MalformedDataException">The encoding is no private key.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The key is neither RSA nor on a supported curve.</exception>
    public static SigningKey FromPkcs8(Certificate certificate, ReadOnlyMemory<byte> pkcs8, IEnumerable<Certificate>? chain = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using PrivateKeyMaterial material = PrivateKeyMaterial.FromPkcs8(pkcs8);
        return FromMaterial(certificate, material, chain);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The scheme names no digest, or the digest has another size.</exception>
    /// <exception cref="StoreException">The key failed (<c>key-unusable</c>): a device was removed, a login is missing.</exception>
    /// <exception cref="ObjectDisposedException">The key object is disposed.</exception>
    public ValueTask<byte[]> SignAsync(
        SignatureAlgorithm algorithm, ReadOnlyMemory<byte> digest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        cancellationToken.ThrowIfCancellationRequested();
        if (digest.Length != algorithm.Digest?.Size)
        {
            throw new ArgumentException("The digest is not one of the scheme's.", nameof(digest));
        }

        return ValueTask.FromResult(KeySignature.Sign(_key, Certificate.PublicKey, algorithm, digest.Span));
    }

    /// <summary>Disposes the key object if the handle owns it.</summary>
    public void Dispose()
    {
        if (_ownsKey)
        {
            _key.Dispose();
        }
    }

    internal static SigningKey FromMaterial(Certificate certificate, PrivateKeyMaterial material, IEnumerable<Certificate>? chain) =>
        Own(certificate, material.IsRsa ? material.CreateRsa() : material.CreateEcdsa(), chain);

    private static SigningKey CreateCore(Certificate certificate, AsymmetricAlgorithm key, IEnumerable<Certificate>? chain)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        return new SigningKey(certificate, key, chain, ownsKey: false);
    }

    private static SigningKey Own(Certificate certificate, AsymmetricAlgorithm key, IEnumerable<Certificate>? chain)
    {
        try
        {
            return new SigningKey(certificate, key, chain, ownsKey: true);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
