using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Certificates;

/// <summary>
/// A signing key over a key object of the base library (in memory, in the operating system, or a device that derives from it), or from a
/// file with any kind of key that is implemented.
/// </summary>
/// <remarks>
/// The private key is used where it is and never exported. A handle made with <c>Create</c> leaves the key object to the caller, who
/// keeps it alive while the handle is in use and disposes it; all other handles own theirs, and disposing them ends it. Signing is safe
/// for concurrent calls when the key object is; those of the base library are.
/// </remarks>
public sealed class SigningKey : ISigningKey, IDisposable
{
    private readonly PrivateSigner _key;

    private SigningKey(Certificate certificate, PrivateSigner key, IEnumerable<Certificate>? chain)
    {
        PublicKeyMatch.Require(certificate, key.GetPublicKey());
        Certificate = certificate;
        Chain = chain is null ? [] : [.. chain];
        _key = key;
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
    /// <param name="key">The key, on a NIST or Brainpool curve; stays the caller's.</param>
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
        AsymmetricAlgorithm key = X509PrivateKey.Open(certificate, parsed, c => c.GetECDsaPrivateKey(), "sign");
        return Own(parsed, new NativePrivateSigner(key, ownsKey: true), chain);
    }

    /// <summary>Makes a handle over a private key in PKCS #8 form (RFC 5958), unencrypted.</summary>
    /// <param name="certificate">The certificate of the key.</param>
    /// <param name="pkcs8">DER PrivateKeyInfo; read, not kept: the caller wipes it.</param>
    /// <param name="chain">Further certificates, such as the issuers; or null.</param>
    /// <returns>The handle, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    /// <exception cref="MalformedDataException">The encoding is no private key.</exception>
    /// <exception cref="UnsupportedAlgorithmException">
    /// The key is none of RSA, EC on a supported curve, DSA, Ed25519, Ed448, ML-DSA and SLH-DSA.
    /// </exception>
    public static SigningKey FromPkcs8(Certificate certificate, ReadOnlyMemory<byte> pkcs8, IEnumerable<Certificate>? chain = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using PrivateKeyMaterial material = PrivateKeyMaterial.FromPkcs8(pkcs8);
        return FromMaterial(certificate, material, chain);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The scheme signs digests, and names none or one of another size.</exception>
    /// <exception cref="StoreException">The key failed (<c>key-unusable</c>): a device was removed, a login is missing.</exception>
    /// <exception cref="ObjectDisposedException">The key object is disposed.</exception>
    public ValueTask<byte[]> SignAsync(
        SignatureAlgorithm algorithm, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        cancellationToken.ThrowIfCancellationRequested();
        if (!algorithm.SignsMessage && input.Length != algorithm.Digest?.Size)
        {
            throw new ArgumentException("The digest is not one of the scheme's.", nameof(input));
        }

        return ValueTask.FromResult(_key.Sign(Certificate.PublicKey, algorithm, input.Span));
    }

    /// <summary>Disposes the key object if the handle owns it, and wipes what came from a file.</summary>
    public void Dispose() => _key.Dispose();

    internal static SigningKey FromMaterial(Certificate certificate, PrivateKeyMaterial material, IEnumerable<Certificate>? chain) =>
        Own(certificate, PrivateSigner.Open(material), chain);

    private static SigningKey CreateCore(Certificate certificate, AsymmetricAlgorithm key, IEnumerable<Certificate>? chain)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        return new SigningKey(certificate, new NativePrivateSigner(key, ownsKey: false), chain);
    }

    private static SigningKey Own(Certificate certificate, PrivateSigner key, IEnumerable<Certificate>? chain)
    {
        try
        {
            return new SigningKey(certificate, key, chain);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
