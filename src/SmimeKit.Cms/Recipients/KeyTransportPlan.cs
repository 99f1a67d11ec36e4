using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>A KeyTransRecipientInfo of a new message, RFC 5652 §6.2.1.</summary>
internal sealed class KeyTransportPlan : RecipientPlan
{
    private const int Framing = 128;

    private readonly CertificateRecipient _recipient;
    private readonly KeyTransportScheme _scheme;

    private KeyTransportPlan(CertificateRecipient recipient, KeyTransportScheme scheme)
    {
        _recipient = recipient;
        _scheme = scheme;
    }

    internal bool IsPkcs1 => _scheme is KeyTransportScheme.Pkcs1;

    internal override int Version => _recipient.BySubjectKeyIdentifier ? 2 : 0; // R3369-6.2.1-a

    internal override int EstimatedSize =>
        _recipient.Certificate.Issuer.RawData.Length + _recipient.Certificate.PublicKey.RawData.Length + Framing;

    internal static KeyTransportPlan Create(CertificateRecipient recipient, RecipientWriterOptions options, int keySize)
    {
        Certificate certificate = recipient.Certificate;
        recipient.RequireUsage(KeyUsages.KeyEncipherment); // R3369-6.2.1-d
        if (options.Policy.FindRsaObjection(certificate.PublicKey.KeySize) is { } rule)
        {
            throw new PolicyViolationException(rule, $"The policy refuses the RSA key of {certificate}.");
        }

        KeyTransportScheme scheme = ChooseScheme(recipient, options);
        if (RsaKeyEncryption.Capacity(certificate.PublicKey, scheme) < keySize)
        {
            throw new ArgumentException($"The RSA key of {certificate} is too small for the padding.", nameof(recipient));
        }

        return new KeyTransportPlan(recipient, scheme);
    }

    /// <summary>Refuses PKCS #1 v1.5 beside OAEP: the weaker padding would decide for all (R3565-6-a).</summary>
    internal static void RefuseMixture(IEnumerable<RecipientPlan> plans)
    {
        ILookup<bool, KeyTransportPlan> byPadding = plans.OfType<KeyTransportPlan>().ToLookup(p => p._scheme is KeyTransportScheme.Oaep);
        if (byPadding.Count > 1)
        {
            throw new ArgumentException("One key is not to be encrypted with PKCS #1 v1.5 and with OAEP.", nameof(plans));
        }
    }

    internal override ValueTask WriteAsync(AsnWriter writer, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        new KeyTransRecipientInfoAsn
        {
            Version = Version,
            Rid = _recipient.Identifier,
            KeyEncryptionAlgorithm = KeyTransport.Encode(_scheme),
            EncryptedKey = RsaKeyEncryption.Encrypt(_recipient.Certificate.PublicKey, _scheme, key.Span),
        }.Encode(writer);
        return ValueTask.CompletedTask;
    }

    private static KeyTransportScheme ChooseScheme(CertificateRecipient recipient, RecipientWriterOptions options)
    {
        AlgorithmIdentifier keyAlgorithm = recipient.Certificate.PublicKey.Algorithm;
        if (keyAlgorithm.Oid != Oids.RsaesOaep)
        {
            return recipient.KeyTransport ?? (options.Policy.SendsModernToStrangers
                ? new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default)
                : new KeyTransportScheme.Pkcs1());
        }

        // R3560-4-a: the certificate fixes the parameters, if it has some; absent ones leave the choice among OAEP.
        KeyTransportScheme? named = keyAlgorithm.Parameters.IsEmpty ? null : KeyTransport.Resolve(keyAlgorithm, toleratesDeviations: false);
        KeyTransportScheme scheme = named ?? recipient.KeyTransport
            ?? new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default);
        return scheme is KeyTransportScheme.Oaep && (recipient.KeyTransport is null or KeyTransportScheme.Oaep)
            ? scheme
            : throw new ArgumentException($"The key of {recipient.Certificate} is for OAEP only.", nameof(recipient));
    }
}
