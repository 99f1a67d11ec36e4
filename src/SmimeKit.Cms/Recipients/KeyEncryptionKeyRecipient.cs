using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>Those who have a symmetric key since before: the content-encryption key is wrapped under it, RFC 5652 §6.2.3.</summary>
/// <param name="Key">The key, with the identifier that its holders know it by. Used until the message has begun, and not disposed.</param>
public sealed record KeyEncryptionKeyRecipient(IKeyEncryptionKey Key) : EnvelopeRecipient
{
    /// <inheritdoc/>
    internal override RecipientPlan Plan(RecipientWriterOptions options, int keySize)
    {
        ArgumentNullException.ThrowIfNull(Key);
        if (Key.Identifier.IsEmpty)
        {
            throw new ArgumentException("A key-encryption key needs an identifier to be written for.", nameof(options));
        }

        KeyWrapAlgorithm wrap = KeyWrapAlgorithm.Resolve(Key.Algorithm, toleratesDeviations: false)
            ?? throw new UnsupportedAlgorithmException(Key.Algorithm.Oid, "The key wrap is not supported.");
        return wrap.Takes(keySize) && KeyWrapAlgorithm.IsStrongEnough(wrap.KeySize, keySize)
            ? new KeyEncryptionKeyPlan(Key)
            : throw new ArgumentException($"{wrap} takes no content key of {keySize} octets, or is too weak for it.", nameof(options));
    }
}
