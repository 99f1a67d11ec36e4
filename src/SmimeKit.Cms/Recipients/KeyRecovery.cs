using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Recipients;

/// <summary>One way to the key of a message: a recipient's entry and what fits it of the things at hand, checked and ready for use.</summary>
internal abstract class KeyRecovery(RecipientInfo recipient, KeySource source)
{
    internal RecipientInfo Recipient { get; } = recipient;

    internal KeySource Source { get; } = source;

    /// <summary>Gets whether a failure shows: false for PKCS #1 v1.5, whose failures must not (RFC 3218 §2.3.2).</summary>
    internal abstract bool ShowsFailure { get; }

    /// <summary>Gets the certificate of the sender whose key had a part in it; null as a rule.</summary>
    internal virtual Certificate? OriginatorCertificate => null;

    internal List<string> Weaknesses { get; } = [];

    internal List<string> Deviations { get; } = [];

    /// <summary>
    /// Tells whether another recovery can only have the same result: the same octets for the same private key, which several
    /// certificates may share. Two results of one operation must not count as two that agree.
    /// </summary>
    internal bool IsSameAs(KeyRecovery other) =>
        Recipient.Kind == other.Recipient.Kind
        && Recipient.EncryptedKey.Span.TrimStart((byte)0).SequenceEqual(other.Recipient.EncryptedKey.Span.TrimStart((byte)0))
        && Source.HasSameKeyAs(other.Source)
        && HasSameInput(other);

    /// <summary>Compares what goes into the operation besides the encrypted key.</summary>
    private protected abstract bool HasSameInput(KeyRecovery other);

    /// <summary>Takes a key of the size asked for; wipes one of another size and gives null.</summary>
    private protected static byte[]? OfSize(byte[]? key, int keySize)
    {
        if (key is null || key.Length == keySize)
        {
            return key;
        }

        CryptographicOperations.ZeroMemory(key);
        return null;
    }

    /// <summary>Performs the one operation with the secret key.</summary>
    /// <returns>The key, which the caller wipes, of the size asked for; null when this is visibly not the way.</returns>
    internal abstract ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken);
}
