namespace SmimeKit.Certificates;

/// <summary>A private key that signs, wherever it lives. Never exported.</summary>
/// <remarks>Implementations are safe for concurrent calls. The library calls them and never disposes them.</remarks>
public interface ISigningKey
{
    /// <summary>Gets the certificate of the key.</summary>
    Certificate Certificate { get; }

    /// <summary>Gets further certificates known with the key, such as its issuers; unordered, may be empty.</summary>
    IReadOnlyList<Certificate> Chain { get; }

    /// <summary>Signs a digest.</summary>
    /// <param name="algorithm">The scheme, made for the kind of this key.</param>
    /// <param name="digest">The digest to sign, of the scheme's <see cref="SignatureAlgorithm.Digest"/>.</param>
    /// <param name="cancellationToken">Ends a remote operation.</param>
    /// <returns>The signature octets as CMS carries them: RSA as long as the modulus, ECDSA as DER.</returns>
    /// <exception cref="UnsupportedAlgorithmException">The key cannot sign with the scheme.</exception>
    ValueTask<byte[]> SignAsync(SignatureAlgorithm algorithm, ReadOnlyMemory<byte> digest, CancellationToken cancellationToken = default);
}
