using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>What the recipients of one KeyAgreeRecipientInfo have in common.</summary>
/// <param name="Scheme">The agreement and the key derivation.</param>
/// <param name="Wrap">The key wrap.</param>
/// <param name="Originator">The sender's own key; null for one made for the message.</param>
/// <param name="UkmSize">The octets of user keying material; 0 for none.</param>
internal sealed record KeyAgreementChoice(
    KeyAgreementScheme Scheme, KeyWrapAlgorithm Wrap, IDecryptionKey? Originator, int UkmSize);
