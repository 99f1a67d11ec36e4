using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>The padding of RSA key transport with its parameters.</summary>
public abstract record KeyTransportScheme
{
    private KeyTransportScheme()
    {
    }

    /// <summary>RSAES-PKCS1-v1_5, RFC 3370 §4.2.1.</summary>
    public sealed record Pkcs1 : KeyTransportScheme;

    /// <summary>RSAES-OAEP, RFC 3560 and RFC 8017 §7.1.</summary>
    /// <param name="Digest">The digest of the label.</param>
    /// <param name="MgfDigest">The digest inside MGF1.</param>
    /// <param name="Label">The label; empty as a rule.</param>
    public sealed record Oaep(DigestAlgorithm Digest, DigestAlgorithm MgfDigest, ReadOnlyMemory<byte> Label) : KeyTransportScheme
    {
        /// <summary>Gets the padding as <see cref="RSA"/> takes it.</summary>
        /// <returns>The padding; null where the base library has no form: a label, two digests, or one that it lacks on this platform.</returns>
        public RSAEncryptionPadding? ToEncryptionPadding() =>
            Label.IsEmpty && MgfDigest == Digest && Digest.IsNative ? RSAEncryptionPadding.CreateOaep(Digest.HashName) : null;
    }
}
