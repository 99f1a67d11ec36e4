namespace SmimeKit.Certificates;

/// <summary>A private key that signs, wherever it lives. Never exported.</summary>
/// <remarks>
/// Implementations are safe for concurrent calls. The library calls them and never disposes them. A key with a state (HSS/LMS) has it stored
/// before a signature leaves it, and uses no leaf twice whatever fails (RFC 9708 §6).
/// </remarks>
public interface ISigningKey
{
    /// <summary>Gets the certificate of the key.</summary>
    Certificate Certificate { get; }

    /// <summary>Gets further certificates known with the key, such as its issuers; unordered, may be empty.</summary>
    IReadOnlyList<Certificate> Chain { get; }

    /// <summary>Signs a digest, or a message for the schemes that sign messages.</summary>
    /// <param name="algorithm">The scheme, made for the kind of this key.</param>
    /// <param name="input">
    /// What to sign: a digest of the scheme's <see cref="SignatureAlgorithm.Digest"/>; or, when the scheme says
    /// <see cref="SignatureAlgorithm.SignsMessage"/> (EdDSA, ML-DSA, SLH-DSA, HSS/LMS), the message itself, of any length. In CMS that is the DER of
    /// the signed attributes, a few hundred bytes; without signed attributes it is the whole content. In a certificate it is the
    /// TBSCertificate. The memory is the caller's and may be wiped or used again once the task has ended: a key that works elsewhere
    /// copies it.
    /// </param>
    /// <param name="cancellationToken">Ends a remote operation.</param>
    /// <returns>
    /// The signature octets as CMS carries them: RSA as long as the modulus, DSA and ECDSA as DER, the others as their standards have them.
    /// </returns>
    /// <exception cref="UnsupportedAlgorithmException">The key cannot sign with the scheme.</exception>
    ValueTask<byte[]> SignAsync(SignatureAlgorithm algorithm, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default);
}
