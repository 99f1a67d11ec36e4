using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary>Writes the content-encryption key for each recipient: the RecipientInfos of a new message.</summary>
internal sealed class RecipientEncryption
{
    private readonly EnvelopeWriterOptions _options;
    private readonly List<(EnvelopeRecipient Recipient, KeyTransportScheme Scheme)> _transports = [];
    private readonly List<(EnvelopeRecipient Recipient, DigestAlgorithm Digest)> _agreements = [];

    private RecipientEncryption(EnvelopeWriterOptions options) => _options = options;

    /// <summary>Gets whether a RecipientInfo has a version other than 0.</summary>
    internal bool HasLaterVersion => _agreements.Count > 0 || _transports.Exists(t => t.Recipient.BySubjectKeyIdentifier);

    /// <summary>Checks the recipients and settles the algorithms, before anything is written.</summary>
    internal static RecipientEncryption Plan(EnvelopeWriterOptions options, int keySize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.UserKeyingMaterialSize);
        var plan = new RecipientEncryption(options);
        foreach (EnvelopeRecipient recipient in options.Recipients)
        {
            plan.Add(recipient, keySize);
        }

        if (options.Recipients.Count == 0) // R3369-6.1-e
        {
            throw new ArgumentException("There are no recipients.", nameof(options));
        }

        if (plan._transports.Exists(t => t.Scheme is KeyTransportScheme.Pkcs1) && plan._transports.Exists(t => t.Scheme is KeyTransportScheme.Oaep))
        {
            // R3565-6-a: the weaker padding would decide for all.
            throw new ArgumentException("One key is not to be encrypted with PKCS #1 v1.5 and with OAEP.", nameof(options));
        }

        return plan;
    }

    /// <summary>Encrypts the key to every recipient and encodes the set.</summary>
    internal byte[] Encode(ReadOnlySpan<byte> key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, _options.Recipients.Sum(EstimateSize));
        using (writer.PushSetOf())
        {
            foreach ((EnvelopeRecipient recipient, KeyTransportScheme scheme) in _transports)
            {
                EncodeTransport(writer, recipient, scheme, key);
            }

            IEnumerable<IEnumerable<(EnvelopeRecipient Recipient, DigestAlgorithm Digest)>> groups = _options.SharesEphemeralKeys
                ? _agreements.GroupBy(a => (a.Recipient.Certificate.PublicKey.CurveOid, a.Digest))
                : _agreements.Select(a => (IEnumerable<(EnvelopeRecipient, DigestAlgorithm)>)[a]);
            foreach (IEnumerable<(EnvelopeRecipient Recipient, DigestAlgorithm Digest)> group in groups)
            {
                EncodeAgreement(writer, [.. group.Select(g => g.Recipient)], group.First().Digest, key);
            }
        }

        return writer.Encode();
    }

    // The writer grows in small steps, which is slow for thousands.
    private static int EstimateSize(EnvelopeRecipient recipient)
    {
        const int Framing = 128;
        return recipient.Certificate.Issuer.RawData.Length + recipient.Certificate.PublicKey.RawData.Length + Framing;
    }

    private void Add(EnvelopeRecipient recipient, int keySize)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        SubjectPublicKeyInfo publicKey = recipient.Certificate.PublicKey;
        if (recipient.BySubjectKeyIdentifier && recipient.Certificate.SubjectKeyIdentifier.IsEmpty)
        {
            throw new ArgumentException($"{recipient.Certificate} has no subjectKeyIdentifier.", nameof(recipient));
        }

        if (publicKey.IsRsa ? recipient.KeyDerivationDigest is not null : recipient.KeyTransport is not null)
        {
            throw new ArgumentException($"The algorithms chosen do not fit the key of {recipient.Certificate}.", nameof(recipient)); // R3560-2.2-b
        }

        if (publicKey.IsRsa && publicKey.Algorithm.Oid != Oids.RsassaPss)
        {
            AddTransport(recipient, keySize);
        }
        else if (KeyAgreement.SuitableDigest(publicKey.CurveOid) is { } digest)
        {
            AddAgreement(recipient, recipient.KeyDerivationDigest ?? digest);
        }
        else
        {
            throw new UnsupportedAlgorithmException(
                publicKey.Algorithm.Oid, $"Encryption to the key of {recipient.Certificate} is not supported.");
        }
    }

    private void AddTransport(EnvelopeRecipient recipient, int keySize)
    {
        Certificate certificate = recipient.Certificate;
        RequireUsage(certificate, KeyUsages.KeyEncipherment); // R3369-6.2.1-d
        if (_options.Policy.FindRsaObjection(certificate.PublicKey.KeySize) is { } rule)
        {
            throw new PolicyViolationException(rule, $"The policy refuses the RSA key of {certificate}.");
        }

        KeyTransportScheme scheme = ChooseScheme(recipient);
        if (RsaKeyEncryption.Capacity(certificate.PublicKey, scheme) < keySize)
        {
            throw new ArgumentException($"The RSA key of {certificate} is too small for the padding.", nameof(recipient));
        }

        _transports.Add((recipient, scheme));
    }

    private KeyTransportScheme ChooseScheme(EnvelopeRecipient recipient)
    {
        AlgorithmIdentifier keyAlgorithm = recipient.Certificate.PublicKey.Algorithm;
        if (keyAlgorithm.Oid != Oids.RsaesOaep)
        {
            return recipient.KeyTransport ?? (_options.Policy.SendsModernToStrangers
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

    private void AddAgreement(EnvelopeRecipient recipient, DigestAlgorithm digest)
    {
        RequireUsage(recipient.Certificate, KeyUsages.KeyAgreement); // R3369-6.2.2-g, R5753-5-a
        if (KeyAgreement.FindScheme(digest) is null)
        {
            throw new UnsupportedAlgorithmException(digest.Oid, $"There is no key agreement with {digest.Name}.");
        }

        _agreements.Add((recipient, digest));
    }

    private static void RequireUsage(Certificate certificate, KeyUsages usage)
    {
        if (!certificate.AllowsKeyUsage(usage))
        {
            throw new PolicyViolationException("key-usage", $"The certificate {certificate} does not allow {usage}.");
        }
    }

    private static CertificateIdentifier Identify(EnvelopeRecipient recipient) => recipient.BySubjectKeyIdentifier
        ? SubjectKeyIdentifier.Of(recipient.Certificate)
        : IssuerAndSerialNumber.Of(recipient.Certificate);

    private static void EncodeTransport(AsnWriter writer, EnvelopeRecipient recipient, KeyTransportScheme scheme, ReadOnlySpan<byte> key) =>
        new KeyTransRecipientInfoAsn
        {
            Version = recipient.BySubjectKeyIdentifier ? 2 : 0, // R3369-6.2.1-a
            Rid = Identify(recipient),
            KeyEncryptionAlgorithm = KeyTransport.Encode(scheme),
            EncryptedKey = RsaKeyEncryption.Encrypt(recipient.Certificate.PublicKey, scheme, key),
        }.Encode(writer);

    private void EncodeAgreement(AsnWriter writer, List<EnvelopeRecipient> recipients, DigestAlgorithm digest, ReadOnlySpan<byte> key)
    {
        // R8551-2.3-b: a key wrap as strong as the content's cipher.
        var wrap = new AlgorithmIdentifier(AesKeyWrap.OidFor(key.Length));
        byte[]? ukm = _options.UserKeyingMaterialSize == 0
            ? null
            : RandomNumberGenerator.GetBytes(_options.UserKeyingMaterialSize);
        using var ephemeral = new EphemeralEcdhKey(recipients[0].Certificate.PublicKey.CurveOid!);
        var keys = new List<RecipientEncryptedKeyAsn>(recipients.Count);
        foreach (EnvelopeRecipient recipient in recipients)
        {
            keys.Add(new RecipientEncryptedKeyAsn
            {
                Rid = Identify(recipient),
                EncryptedKey = WrapKey(ephemeral, recipient.Certificate.PublicKey, digest, wrap, ukm, key),
            });
        }

        new KeyAgreeRecipientInfoAsn
        {
            Version = KeyAgreeRecipientInfoAsn.CurrentVersion,
            OriginatorKeyAlgorithm = new AlgorithmIdentifier(Oids.EcPublicKey), // the curve is the recipient's (R5753-3.1.1-b)
            OriginatorKey = ephemeral.PublicPoint,
            UserKeyingMaterial = ukm,
            KeyEncryptionAlgorithm = new AlgorithmIdentifier(KeyAgreement.FindScheme(digest)!, wrap.Encode()),
            RecipientEncryptedKeys = keys,
        }.Encode(writer);
    }

    private static byte[] WrapKey(
        EphemeralEcdhKey ephemeral, SubjectPublicKeyInfo recipient, DigestAlgorithm digest, AlgorithmIdentifier wrap, byte[]? ukm, ReadOnlySpan<byte> key)
    {
        byte[] secret = ephemeral.Agree(recipient);
        byte[] keyEncryptionKey = KeyAgreement.DeriveKey(digest, secret, wrap, ukm);
        try
        {
            return AesKeyWrap.Wrap(keyEncryptionKey, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(keyEncryptionKey);
        }
    }
}
