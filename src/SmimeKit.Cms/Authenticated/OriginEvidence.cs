using SmimeKit.Cms.Recipients;

namespace SmimeKit.Cms.Authenticated;

/// <summary>What a good MAC says about who made the message, RFC 5652 §14.</summary>
public enum OriginEvidence
{
    /// <summary>
    /// Nothing: anybody who knows the recipient's certificate can make such a message; or there are several recipients, each of which has
    /// the key and can make one for the others.
    /// </summary>
    None,

    /// <summary>
    /// The maker holds a key that the recipient shares with him alone: a symmetric key or password, or the private key of the certificate
    /// that the message names as originator. Whose that is, nothing here has verified. The MAC does not cover the recipients: somebody who once was a
    /// recipient of the same key beside this one can have taken himself out, and made the rest.
    /// </summary>
    SharedKey,
}

/// <summary>Judges it.</summary>
internal static class OriginEvidenceRules
{
    internal static OriginEvidence Of(RecipientInfo recipient, int recipients) =>
        recipients == 1 && AuthenticatesSender(recipient) ? OriginEvidence.SharedKey : OriginEvidence.None; // R3369-14-f

    // R3369-9.3-d, R3370-4.3-e: with an ephemeral key, or a public key alone, the sender stays unknown.
    private static bool AuthenticatesSender(RecipientInfo recipient) => recipient.Kind switch
    {
        RecipientKind.KeyEncryptionKey or RecipientKind.Password => true,
        RecipientKind.KeyAgreement => recipient.Agreement is { OriginatorKeyAlgorithm: null },
        _ => false,
    };
}
