using SmimeKit.Certificates;

namespace SmimeKit.Cms.Enveloped;

/// <summary>One way to the content-encryption key: a recipient's entry and the private key that fits it, checked and ready for use.</summary>
internal abstract class KeyRecovery(RecipientInfo recipient, IDecryptionKey key)
{
    internal RecipientInfo Recipient { get; } = recipient;

    internal IDecryptionKey Key { get; } = key;

    /// <summary>Gets whether a failure shows: false for PKCS #1 v1.5, whose failures must not (RFC 3218 §2.3.2).</summary>
    internal abstract bool ShowsFailure { get; }

    internal List<string> Weaknesses { get; } = [];

    internal List<string> Deviations { get; } = [];

    /// <summary>
    /// Tells whether another recovery can only have the same result: the same octets for the same private key, which several
    /// certificates may share. Two results of one operation must not count as two that agree.
    /// </summary>
    internal bool IsSameAs(KeyRecovery other) =>
        Recipient.Kind == other.Recipient.Kind
        && Recipient.EncryptedKey.Span.TrimStart((byte)0).SequenceEqual(other.Recipient.EncryptedKey.Span.TrimStart((byte)0))
        && Key.Certificate.PublicKey.Key.Span.SequenceEqual(other.Key.Certificate.PublicKey.Key.Span)
        && HasSameInput(other);

    /// <summary>Compares what goes into the operation besides the encrypted key.</summary>
    private protected abstract bool HasSameInput(KeyRecovery other);

    /// <summary>Performs the one private-key operation.</summary>
    /// <returns>The key, which the caller wipes, of the size asked for; null when this is visibly not the way.</returns>
    internal abstract ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken);
}
