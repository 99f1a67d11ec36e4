using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.Protecting;

/// <summary>
/// Chooses how to encrypt so that every recipient can read it: announced capabilities first (RFC 8551 §2.7.1), the policy for strangers.
/// </summary>
internal static class AlgorithmChooser
{
    // Strongest first. 3DES and RC2 are never chosen, whatever is announced (RFC 8551 §2.7.2).
    private static readonly ContentEncryptionAlgorithm[] _candidates =
    [
        ContentEncryptionAlgorithm.Aes256Gcm,
        ContentEncryptionAlgorithm.Aes128Gcm,
        ContentEncryptionAlgorithm.Aes256Cbc,
        ContentEncryptionAlgorithm.Aes192Cbc,
        ContentEncryptionAlgorithm.Aes128Cbc,
    ];

    internal static ContentEncryptionAlgorithm ChooseContentEncryption(
        SmimeProtectOptions options, IReadOnlyList<RecipientChoice> recipients)
    {
        if (options.ContentEncryption is { } fixedChoice)
        {
            return fixedChoice;
        }

        return _candidates.FirstOrDefault(a => recipients.All(r => Reads(r, a, options)))
            ?? throw new PolicyViolationException(
                "no-common-cipher", "The recipients announce no strong cipher in common: send them separate messages.");
    }

    internal static IReadOnlyList<CertificateRecipient> Describe(SmimeProtectOptions options, IReadOnlyList<RecipientChoice> recipients)
    {
        KeyTransportScheme? transport = options.KeyTransport ?? ChooseKeyTransport(options, recipients);
        return
        [
            .. recipients.Select(r => new CertificateRecipient(r.Certificate)
            {
                KeyTransport = r.Certificate.PublicKey.Algorithm.Oid == Oids.RsaEncryption ? transport : null,
                BySubjectKeyIdentifier = options.UsesSubjectKeyIdentifier && !r.Certificate.SubjectKeyIdentifier.IsEmpty,
            }),
        ];
    }

    private static bool Reads(RecipientChoice recipient, ContentEncryptionAlgorithm algorithm, SmimeProtectOptions options)
    {
        if (recipient.Capabilities is { } capabilities)
        {
            return capabilities.Announces(algorithm.Oid);
        }

        return options.Policy.SendsModernToStrangers
            ? algorithm == ContentEncryptionAlgorithm.Aes256Gcm
            : algorithm == ContentEncryptionAlgorithm.Aes256Cbc || algorithm == ContentEncryptionAlgorithm.Aes128Cbc;
    }

    // One scheme for all: the two paddings are not mixed for one key (RFC 3565 §6).
    private static KeyTransportScheme ChooseKeyTransport(SmimeProtectOptions options, IReadOnlyList<RecipientChoice> recipients)
    {
        bool oaep = recipients
            .Where(r => r.Certificate.PublicKey is { IsRsa: true, Algorithm.Oid: not Oids.RsaKemKey })
            .All(r => r.Certificate.PublicKey.Algorithm.Oid == Oids.RsaesOaep
                || (r.Capabilities?.Announces(Oids.RsaesOaep) ?? options.Policy.SendsModernToStrangers));
        return oaep
            ? new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default)
            : new KeyTransportScheme.Pkcs1();
    }
}
