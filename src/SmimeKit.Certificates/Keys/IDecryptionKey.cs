namespace SmimeKit.Certificates;

/// <summary>A private key that recovers content-encryption keys, wherever it lives. Never exported.</summary>
/// <remarks>
/// Implementations are safe for concurrent calls. A wrong ciphertext is an expected event and never an exception: anything that
/// tells failures apart is an oracle. Exceptions are for unreachable devices and unsupported schemes.
/// </remarks>
public interface IDecryptionKey
{
    /// <summary>Gets the certificate of the key.</summary>
    Certificate Certificate { get; }

    /// <summary>Recovers a transported key (RSA).</summary>
    /// <param name="scheme">The padding and its parameters.</param>
    /// <param name="encryptedKey">The encrypted key, as long as the modulus.</param>
    /// <param name="keySize">The size of the expected key in bytes.</param>
    /// <param name="cancellationToken">Ends a remote operation.</param>
    /// <returns>
    /// The key, which the caller wipes. For PKCS #1 v1.5, fresh random octets of <paramref name="keySize"/> whenever the padding or
    /// the size is wrong (RFC 3218 §2.3.2); for OAEP, null.
    /// </returns>
    /// <exception cref="UnsupportedAlgorithmException">The key cannot do this padding.</exception>
    ValueTask<byte[]?> DecryptAsync(
        KeyTransportScheme scheme, ReadOnlyMemory<byte> encryptedKey, int keySize, CancellationToken cancellationToken = default);

    /// <summary>
    /// Agrees on a shared secret. ECDH: the x coordinate, left-padded to the size of the field (RFC 5753 §7.2); X25519 and X448: the
    /// secret of RFC 7748 §6; X9.42 Diffie-Hellman: the number, left-padded to the size of the prime (RFC 2631 §2.1.2).
    /// </summary>
    /// <param name="otherParty">The other's public key, in the group of this key: on its curve, or with its domain parameters.</param>
    /// <param name="cancellationToken">Ends a remote operation.</param>
    /// <returns>The secret, which the caller wipes; null when the other key is not in the group, or the secret would be none (all zeros).</returns>
    /// <exception cref="UnsupportedAlgorithmException">The key cannot agree.</exception>
    ValueTask<byte[]?> AgreeAsync(SubjectPublicKeyInfo otherParty, CancellationToken cancellationToken = default);

    /// <summary>Recovers the shared secret of a key encapsulation (ML-KEM, RSA-KEM), RFC 9629 §1.</summary>
    /// <param name="scheme">The mechanism and its parameters.</param>
    /// <param name="ciphertext">What the originator's encapsulation made.</param>
    /// <param name="cancellationToken">Ends a remote operation.</param>
    /// <returns>
    /// The secret, which the caller wipes; null when the ciphertext is of a size or value that nobody can have made. Any other ciphertext gives a
    /// secret, and one that was not made for this key gives one that nobody else has (implicit rejection, FIPS 203 §6.3).
    /// </returns>
    /// <exception cref="UnsupportedAlgorithmException">The key cannot decapsulate by this mechanism; so by default.</exception>
    ValueTask<byte[]?> DecapsulateAsync(
        KeyEncapsulationScheme scheme, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken = default) =>
        throw new UnsupportedAlgorithmException(Certificate.PublicKey.Algorithm.Oid, "The key cannot decapsulate.");
}
