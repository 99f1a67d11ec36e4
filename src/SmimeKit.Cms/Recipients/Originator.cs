using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>The sender's side of a key agreement: a key in the message, or one of a certificate that the message names.</summary>
/// <param name="PublicKey">The key, complete and in the group of the recipient's.</param>
/// <param name="Certificate">Its certificate; null when the key is in the message.</param>
internal sealed record Originator(SubjectPublicKeyInfo PublicKey, Certificate? Certificate)
{
    /// <summary>Finds the originator, or says why there is none to agree with.</summary>
    internal static (Originator? Originator, SmimeKitException? Objection) Find(
        KeyAgreeRecipientInfoAsn agreement, KeyAgreementScheme scheme, SubjectPublicKeyInfo recipient, RecoveryContext context)
    {
        bool isStatic = agreement.OriginatorCertificate is not null;
        if (!(isStatic ? scheme.TakesStaticOriginator : scheme.TakesEphemeralOriginator))
        {
            return Unsupported(scheme, "The key agreement is not for this kind of originator.");
        }

        if (!isStatic)
        {
            return recipient.TryComplete(agreement.OriginatorKeyAlgorithm!, agreement.OriginatorKey.Span) is { } key
                ? (new Originator(key, null), null)
                : Unsupported(scheme, "The originator's key is not of the recipient's kind.");
        }

        if (agreement.UserKeyingMaterial is null) // R3370-4.1.2-b, RFC 6278 §2: without it, each message has the same key-encryption key
        {
            return (null, new MalformedDataException("ukm-absent", "A key agreement with a certificate of the sender has no ukm", -1, "ukm"));
        }

        foreach (Certificate certificate in context.OriginatorCertificates)
        {
            if (agreement.OriginatorCertificate!.Matches(certificate)
                && recipient.TryComplete(certificate.PublicKey.Algorithm, certificate.PublicKey.Key.Span) is { } key)
            {
                return (new Originator(key, certificate), null);
            }
        }

        return Unsupported(scheme, "The originator's certificate is not at hand, or its key is not of the recipient's kind.");
    }

    private static (Originator? Originator, SmimeKitException? Objection) Unsupported(KeyAgreementScheme scheme, string why) =>
        (null, new UnsupportedAlgorithmException(scheme.Oid, why));
}
