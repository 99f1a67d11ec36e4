using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>How long the key of a MAC is: HMAC takes any, and no field of the message says it.</summary>
internal static class MacKeySize
{
    private const int WrapUnit = 8;      // RFC 3394: wrapped keys are multiples of 8 octets, and 8 octets longer than the key
    private const int Smallest = 16;
    private const int Largest = 128;     // the block of SHA-512: longer keys of HMAC are no better (RFC 2104 §3)

    /// <summary>Chooses the size for a new message: that of the algorithm, or the next one that a key wrap takes.</summary>
    internal static int Choose(MacAlgorithm algorithm, IEnumerable<EnvelopeRecipient> recipients) =>
        !algorithm.TakesAnyKeySize || recipients.All(r => r is CertificateRecipient { TransportsKey: true })
            ? algorithm.KeySize
            : RoundUp(algorithm.KeySize);

    /// <summary>
    /// Finds the sizes that the key in a message can have, the likeliest first: all recipients get the same key, so the first one that is wrapped
    /// shows it; without any it is that of the algorithm. Who changes a recipient to mislead this can as well change the MAC.
    /// </summary>
    internal static IReadOnlyList<int> Find(MacAlgorithm algorithm, IReadOnlyList<RecipientInfo> recipients)
    {
        if (algorithm.TakesAnyKeySize)
        {
            foreach (RecipientInfo recipient in recipients)
            {
                int size = recipient.EncryptedKey.Length - WrapUnit;
                if (recipient.Kind is RecipientKind.KeyAgreement or RecipientKind.KeyEncryptionKey or RecipientKind.KeyEncapsulation
                    && size % WrapUnit == 0 && size is >= Smallest and <= Largest)
                {
                    // A wrap with padding (RFC 5649) shows the size up to its padding.
                    return size - algorithm.KeySize is > 0 and < WrapUnit && IsPadded(recipient) ? [algorithm.KeySize, size] : [size];
                }
            }
        }

        // The wrap of RFC 3211 takes any size and shows none.
        return recipients.Any(r => r.Kind == RecipientKind.Password) && RoundUp(algorithm.KeySize) is int next && next != algorithm.KeySize
            ? [algorithm.KeySize, next]
            : [algorithm.KeySize];
    }

    private static int RoundUp(int size) => (size + WrapUnit - 1) / WrapUnit * WrapUnit;

    private static bool IsPadded(RecipientInfo recipient)
    {
        AlgorithmIdentifier identifier = recipient.KeyEncryptionAlgorithm!;
        AlgorithmIdentifier? wrap = recipient.Kind == RecipientKind.KeyAgreement ? AgreedKey.DecodeWrap(identifier) : identifier;
        return wrap is not null && KeyWrapAlgorithm.Find(wrap.Oid) is PaddedAesKeyWrap;
    }
}
