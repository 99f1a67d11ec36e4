using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.Cms.Authenticated;

/// <summary>How long the key of a MAC is: HMAC takes any, and no field of the message says it.</summary>
internal static class MacKeySize
{
    private const int WrapUnit = 8;      // RFC 3394: wrapped keys are multiples of 8 octets, and 8 octets longer than the key
    private const int Smallest = 16;
    private const int Largest = 128;     // the block of SHA-512: longer keys of HMAC are no better (RFC 2104 §3)

    /// <summary>Chooses the size for a new message: that of the algorithm, or the next one that a key wrap takes.</summary>
    internal static int Choose(MacAlgorithm algorithm, IEnumerable<EnvelopeRecipient> recipients) =>
        !algorithm.TakesAnyKeySize || recipients.All(r => r is CertificateRecipient { Certificate.PublicKey.IsRsa: true })
            ? algorithm.KeySize
            : (algorithm.KeySize + WrapUnit - 1) / WrapUnit * WrapUnit;

    /// <summary>
    /// Finds the size in a message: all recipients get the same key, so the first one that is wrapped shows it; without any it is that of the
    /// algorithm. Who changes a recipient to mislead this can as well change the MAC.
    /// </summary>
    internal static int Find(MacAlgorithm algorithm, IReadOnlyList<RecipientInfo> recipients)
    {
        if (algorithm.TakesAnyKeySize)
        {
            foreach (RecipientInfo recipient in recipients)
            {
                int size = recipient.EncryptedKey.Length - WrapUnit;
                if (recipient.Kind is RecipientKind.KeyAgreement or RecipientKind.KeyEncryptionKey or RecipientKind.KeyEncapsulation
                    && size % WrapUnit == 0 && size is >= Smallest and <= Largest)
                {
                    return size;
                }
            }
        }

        return algorithm.KeySize;
    }
}
