using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>What the recipients of one KeyAgreeRecipientInfo have in common.</summary>
/// <param name="Scheme">The agreement and the key derivation.</param>
/// <param name="Wrap">The key wrap.</param>
/// <param name="Originator">The sender's own key; null for one made for the message.</param>
/// <param name="NamesOriginatorByKey">Whether the message names the sender's certificate by its subjectKeyIdentifier.</param>
/// <param name="UkmSize">The octets of user keying material; 0 for none.</param>
internal sealed record KeyAgreementChoice(
    KeyAgreementScheme Scheme, KeyWrapAlgorithm Wrap, IDecryptionKey? Originator, bool NamesOriginatorByKey, int UkmSize)
{
    /// <summary>Gets how the message names the sender's certificate; null with a key made for the message.</summary>
    internal CertificateIdentifier? OriginatorIdentifier => Originator is null ? null
        : NamesOriginatorByKey ? SubjectKeyIdentifier.Of(Originator.Certificate)
        : IssuerAndSerialNumber.Of(Originator.Certificate);
}
