using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A decryption key over a key object of the base library: in memory, in the operating system, or a device that derives from it.</summary>
/// <remarks>
/// The private key is used where it is and never exported. A handle made with <c>Create</c> leaves the key object to the caller, who
/// keeps it alive while the handle is in use and disposes it; all other handles own theirs, and disposing them ends it. Decryption is
/// safe for concurrent calls when the key object is; those of the base library are. Key usage is not looked at: what was encrypted to a
/// key can be read with it.
/// </remarks>
public sealed class DecryptionKey : IDecryptionKey, IDisposable
{
    private readonly RSA? _rsa;
    private readonly AgreementKey? _agreement;
    private readonly MLKemPrivateKey? _kem;
    private readonly bool _ownsKey;
    private RsaPrivateNumbers? _numbers;

    private DecryptionKey(Certificate certificate, RSA key, bool ownsKey)
    {
        PublicKeyMatch.Require(certificate, key);
        Certificate = certificate;
        _rsa = key;
        _ownsKey = ownsKey;
    }

    private DecryptionKey(Certificate certificate, MLKemPrivateKey key)
    {
        PublicKeyMatch.Require(certificate, SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(key.ParameterSet.Oid), key.PublicKey).RawData.Span);
        Certificate = certificate;
        _kem = key;
        _ownsKey = true;
    }

    private DecryptionKey(Certificate certificate, AgreementKey key)
    {
        PublicKeyMatch.Require(certificate, key.GetPublicKey().RawData.Span);
        Certificate = certificate;
        _agreement = key;
        _ownsKey = true;
    }

    /// <inheritdoc/>
    public Certificate Certificate { get; }

    /// <summary>Makes a handle over an RSA key.</summary>
    /// <param name="certificate">The certificate of the key.</param>
    /// <param name="key">The key; stays the caller's.</param>
    /// <returns>The handle. OAEP works with the parameters that the base library knows (<see cref="KeyTransportScheme.Oaep.ToEncryptionPadding"/>).</returns>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public static DecryptionKey Create(Certificate certificate, RSA key)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        return new DecryptionKey(certificate, key, ownsKey: false);
    }

    /// <summary>Makes a handle over an ECDH key.</summary>
    /// <param name="certificate">The certificate of the key.</param>
    /// <param name="key">The key, on a NIST or Brainpool curve of at least 256 bits; stays the caller's.</param>
    /// <returns>The handle.</returns>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    public static DecryptionKey Create(Certificate certificate, ECDiffieHellman key)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(key);
        return new DecryptionKey(certificate, new NativeEcdhKey(key, ownsKey: false));
    }

    /// <summary>Makes a handle over the private key of a certificate of the base library.</summary>
    /// <param name="certificate">The certificate with its private key; not kept, the handle opens the key for itself.</param>
    /// <returns>The handle, which the caller disposes. OAEP works with the parameters that the base library knows (<see cref="KeyTransportScheme.Oaep.ToEncryptionPadding"/>).</returns>
    /// <exception cref="ArgumentException">There is no private key.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The key is neither RSA nor ECDH.</exception>
    /// <exception cref="StoreException">The key cannot be opened (<c>key-unusable</c>).</exception>
    public static DecryptionKey FromX509Certificate2(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        Certificate parsed = Certificate.FromX509Certificate2(certificate);
        return X509PrivateKey.Open(certificate, parsed, c => c.GetECDiffieHellmanPrivateKey(), "decrypt") switch
        {
            RSA rsa => Own(rsa, key => new DecryptionKey(parsed, key, ownsKey: true)),
            AsymmetricAlgorithm ecdh => Own(new NativeEcdhKey((ECDiffieHellman)ecdh, ownsKey: true), key => new DecryptionKey(parsed, key)),
        };
    }

    /// <summary>Makes a handle over a private key in PKCS #8 form (RFC 5958), unencrypted.</summary>
    /// <param name="certificate">The certificate of the key.</param>
    /// <param name="pkcs8">DER PrivateKeyInfo; copied: the caller wipes it.</param>
    /// <returns>The handle, which the caller disposes; that wipes the copy. OAEP works with any parameters.</returns>
    /// <exception cref="ArgumentException">The key is not the certificate's.</exception>
    /// <exception cref="MalformedDataException">The encoding is no private key.</exception>
    /// <exception cref="UnsupportedAlgorithmException">
    /// The key is none of RSA, EC on a supported curve, X25519, X448, X9.42 Diffie-Hellman and ML-KEM.
    /// </exception>
    public static DecryptionKey FromPkcs8(Certificate certificate, ReadOnlyMemory<byte> pkcs8)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using PrivateKeyMaterial material = PrivateKeyMaterial.FromPkcs8(pkcs8);
        return FromMaterial(certificate, material);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public ValueTask<byte[]?> DecryptAsync(
        KeyTransportScheme scheme, ReadOnlyMemory<byte> encryptedKey, int keySize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keySize);
        cancellationToken.ThrowIfCancellationRequested();
        string oid = Certificate.PublicKey.Algorithm.Oid;
        if (_rsa is not { } rsa || oid is Oids.RsassaPss or Oids.RsaKemKey || (oid == Oids.RsaesOaep && scheme is KeyTransportScheme.Pkcs1))
        {
            throw PublicKeyMatch.WrongUse(Certificate.PublicKey, "be used with this key transport"); // RFC 4055 §1.2, R9690-2.3-a
        }

        try
        {
            return ValueTask.FromResult(scheme switch
            {
                KeyTransportScheme.Oaep oaep => DecryptOaep(rsa, oaep, encryptedKey.Span, keySize),
                _ => RsaKeyTransport.DecryptPkcs1(rsa, encryptedKey.Span, keySize),
            });
        }
        catch (NotSupportedException)
        {
            throw PublicKeyMatch.WrongUse(Certificate.PublicKey, "be used with this key transport");
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> AgreeAsync(SubjectPublicKeyInfo otherParty, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(otherParty);
        cancellationToken.ThrowIfCancellationRequested();
        if (_agreement is null || AgreementGroup.Of(Certificate.PublicKey) is not { } group)
        {
            throw PublicKeyMatch.WrongUse(Certificate.PublicKey, "agree on a secret");
        }

        if (group.Complete(otherParty) is not { } complete)
        {
            return ValueTask.FromResult<byte[]?>(null);
        }

        try
        {
            return ValueTask.FromResult(_agreement.Agree(complete));
        }
        catch (Exception e) when (e is NotSupportedException or NotImplementedException) // as ECDiffieHellman throws for what a key of a device lacks
        {
            throw PublicKeyMatch.WrongUse(Certificate.PublicKey, "hand out the agreed secret");
        }
    }

    /// <inheritdoc/>
    /// <remarks>ML-KEM and RSA-KEM work with keys from files: RSA-KEM is RSA without padding, which the base library does not offer.</remarks>
    public ValueTask<byte[]?> DecapsulateAsync(
        KeyEncapsulationScheme scheme, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(scheme switch
        {
            KeyEncapsulationScheme.MLKem mlKem when _kem?.ParameterSet == mlKem.ParameterSet => _kem.Decapsulate(ciphertext.Span),
            KeyEncapsulationScheme.Rsa rsa when _numbers is not null && Certificate.PublicKey.IsForRsaKem =>
                RsaKem.Decapsulate(_numbers, rsa, ciphertext.Span),
            _ => throw PublicKeyMatch.WrongUse(Certificate.PublicKey, "decapsulate by this mechanism"),
        });
    }

    /// <summary>Disposes the key object if the handle owns it, and wipes what was copied.</summary>
    public void Dispose()
    {
        _numbers?.Dispose();
        if (_ownsKey)
        {
            _kem?.Dispose();
            _rsa?.Dispose();
            _agreement?.Dispose();
        }
    }

    internal static DecryptionKey FromMaterial(Certificate certificate, PrivateKeyMaterial material)
    {
        if (MLKemParameterSet.Find(material.Oid) is { } set)
        {
            return Own(MLKemPrivateKey.FromMaterial(set, material), key => new DecryptionKey(certificate, key));
        }

        if (!material.IsRsa)
        {
            return Own(AgreementKey.Open(material), key => new DecryptionKey(certificate, key));
        }

        DecryptionKey decryption = Own(material.CreateRsa(), key => new DecryptionKey(certificate, key, ownsKey: true));
        decryption._numbers = new RsaPrivateNumbers(material.CopyRsaPrivateKey(), (decryption._rsa!.KeySize + 7) / 8);
        return decryption;
    }

    private static DecryptionKey Own<T>(T key, Func<T, DecryptionKey> create)
        where T : IDisposable
    {
        try
        {
            return create(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private byte[]? DecryptOaep(RSA rsa, KeyTransportScheme.Oaep scheme, ReadOnlySpan<byte> encryptedKey, int keySize)
    {
        if (scheme.ToEncryptionPadding() is { } padding)
        {
            return RsaKeyTransport.DecryptOaep(rsa, padding, encryptedKey, keySize);
        }

        return _numbers is not null
            ? RsaKeyTransport.DecryptOaep(_numbers, scheme, encryptedKey, keySize)
            : throw new UnsupportedAlgorithmException(
                Oids.RsaesOaep, "OAEP with these parameters needs a key from a PKCS #8 or PKCS #12 file.");
    }
}
