using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>A KeyAgreeRecipientInfo of a new message, RFC 5652 §6.2.2: for one recipient, or for several that share the sender's key.</summary>
internal sealed class KeyAgreementPlan : RecipientPlan
{
    private const int Framing = 128;
    private const int DiffieHellmanUkmSize = 64; // R2631-2.1.2-d

    private readonly IReadOnlyList<CertificateRecipient> _recipients;
    private readonly KeyAgreementChoice _choice;

    private KeyAgreementPlan(IReadOnlyList<CertificateRecipient> recipients, KeyAgreementChoice choice)
    {
        _recipients = recipients;
        _choice = choice;
    }

    internal override int Version => KeyAgreeRecipientInfoAsn.CurrentVersion;

    internal override int EstimatedSize =>
        _recipients.Sum(r => r.Certificate.Issuer.RawData.Length + r.Certificate.PublicKey.RawData.Length + Framing);

    internal static KeyAgreementPlan Create(CertificateRecipient recipient, RecipientWriterOptions options, int keySize)
    {
        recipient.RequireUsage(KeyUsages.KeyAgreement); // R3369-6.2.2-g, R5753-5-a
        SubjectPublicKeyInfo key = recipient.Certificate.PublicKey;
        KeyAgreementScheme scheme = ChooseScheme(recipient);
        if (scheme.IsDiffieHellman && options.Policy.FindDiffieHellmanObjection(key.KeySize) is { } rule)
        {
            throw new PolicyViolationException(rule, $"The policy refuses the Diffie-Hellman key of {recipient.Certificate}.");
        }

        KeyWrapAlgorithm wrap = recipient.KeyWrap ?? KeyWrapAlgorithm.Suitable(keySize); // R8551-2.3-b: as strong as the content's cipher
        if (!wrap.Takes(keySize) || !KeyWrapAlgorithm.IsStrongEnough(wrap.KeySize, keySize)) // R3565-2.3.2-b
        {
            throw new ArgumentException($"{wrap} takes no content key of {keySize} octets, or is too weak for it.", nameof(recipient));
        }

        CheckOriginator(recipient, scheme, options);
        return new KeyAgreementPlan([recipient], new KeyAgreementChoice(
            scheme, wrap, recipient.Originator, recipient.OriginatorBySubjectKeyIdentifier, options.UserKeyingMaterialSize));
    }

    /// <summary>Makes one of those that can share the sender's key; the first keeps its place.</summary>
    internal static IReadOnlyList<RecipientPlan> Group(IReadOnlyList<RecipientPlan> plans) =>
    [
        .. plans
            .GroupBy(p => p is KeyAgreementPlan agreement ? agreement.SharedKey : (object)p)
            .Select(group => group.First() is KeyAgreementPlan first
                ? new KeyAgreementPlan([.. group.Cast<KeyAgreementPlan>().SelectMany(p => p._recipients)], first._choice)
                : group.First()),
    ];

    internal override async ValueTask WriteAsync(AsnWriter writer, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        using EphemeralAgreementKey? ephemeral = _choice.Originator is null ? EphemeralAgreementKey.TryCreate(_recipients[0].Certificate.PublicKey) : null;
        byte[]? ukm = _choice.UkmSize == 0 ? null
            : RandomNumberGenerator.GetBytes(_choice.Scheme.IsDiffieHellman ? DiffieHellmanUkmSize : _choice.UkmSize);
        var keys = new List<RecipientEncryptedKeyAsn>(_recipients.Count);
        foreach (CertificateRecipient recipient in _recipients)
        {
            byte[] secret = await AgreeAsync(ephemeral, recipient, cancellationToken).ConfigureAwait(false);
            keys.Add(new RecipientEncryptedKeyAsn { Rid = recipient.Identifier, EncryptedKey = WrapKey(secret, ukm, key.Span) });
        }

        new KeyAgreeRecipientInfoAsn
        {
            Version = Version,
            OriginatorCertificate = _choice.OriginatorIdentifier,
            // R5753-3.1.1-b, R3370-4.1.1-a: the recipient has the parameters.
            OriginatorKeyAlgorithm = ephemeral is null ? null : new AlgorithmIdentifier(ephemeral.PublicKey.Algorithm.Oid),
            OriginatorKey = ephemeral is null ? default : ephemeral.PublicKey.Key,
            UserKeyingMaterial = ukm,
            KeyEncryptionAlgorithm = new AlgorithmIdentifier(_choice.Scheme.Oid, _choice.Wrap.Identifier.Encode()),
            RecipientEncryptedKeys = keys,
        }.Encode(writer);
    }

    // One group by its parameters as encoded: spelled otherwise, the same ones only lose the sharing.
    private object SharedKey =>
        (_choice.Scheme, _choice.Wrap, _choice.Originator, _choice.NamesOriginatorByKey, Convert.ToHexString(_recipients[0].Certificate.PublicKey.Algorithm.Encode()));

    private async ValueTask<byte[]> AgreeAsync(EphemeralAgreementKey? ephemeral, CertificateRecipient recipient, CancellationToken cancellationToken)
    {
        SubjectPublicKeyInfo publicKey = recipient.Certificate.PublicKey;
        byte[]? secret = ephemeral is null
            ? await _choice.Originator!.AgreeAsync(publicKey, cancellationToken).ConfigureAwait(false)
            : ephemeral.TryAgree(publicKey);
        return secret ?? throw Unusable(recipient);
    }

    private byte[] WrapKey(byte[] secret, byte[]? ukm, ReadOnlySpan<byte> key)
    {
        byte[] keyEncryptionKey = [];
        try
        {
            keyEncryptionKey = _choice.Scheme.DeriveKey(secret, _choice.Wrap.Identifier, _choice.Wrap.KeySize, ukm);
            return _choice.Wrap.Wrap(keyEncryptionKey, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(keyEncryptionKey);
        }
    }

    private static ArgumentException Unusable(CertificateRecipient recipient) =>
        new($"The key of {recipient.Certificate} is not usable.", nameof(recipient));

    private static KeyAgreementScheme ChooseScheme(CertificateRecipient recipient)
    {
        SubjectPublicKeyInfo key = recipient.Certificate.PublicKey;
        KeyAgreementScheme? scheme = recipient.KeyAgreement
            ?? (recipient.KeyDerivationDigest is { } digest
                ? KeyAgreementScheme.FindStandard(digest)
                    ?? throw new UnsupportedAlgorithmException(digest.Oid, $"There is no key agreement with {digest.Name}.")
                : KeyAgreementScheme.Suitable(key)
                    ?? throw new UnsupportedAlgorithmException(key.Algorithm.Oid, $"Encryption to the key of {recipient.Certificate} has to be asked for."));
        return scheme.Fits(key)
            ? scheme
            : throw new ArgumentException($"{scheme} does not fit the key of {recipient.Certificate}.", nameof(recipient));
    }

    private static void CheckOriginator(CertificateRecipient recipient, KeyAgreementScheme scheme, RecipientWriterOptions options)
    {
        if (!(recipient.Originator is null ? scheme.TakesEphemeralOriginator : scheme.TakesStaticOriginator))
        {
            throw new ArgumentException($"{scheme} is for another kind of originator.", nameof(recipient));
        }

        if (recipient.Originator is not { } originator)
        {
            return;
        }

        CertificateRecipient.RequireUsage(originator.Certificate, KeyUsages.KeyAgreement);
        SubjectPublicKeyInfo own = originator.Certificate.PublicKey;
        if (recipient.Certificate.PublicKey.TryComplete(own.Algorithm, own.Key.Span) is null)
        {
            throw new ArgumentException($"The key of {originator.Certificate} is of another kind than that of {recipient.Certificate}.", nameof(recipient));
        }

        if (recipient.OriginatorBySubjectKeyIdentifier && originator.Certificate.SubjectKeyIdentifier.IsEmpty)
        {
            throw new ArgumentException($"{originator.Certificate} has no subjectKeyIdentifier.", nameof(recipient));
        }

        if (options.UserKeyingMaterialSize == 0) // R3370-4.1.2-b
        {
            throw new ArgumentException("A key agreement with a certificate of the sender needs user keying material.", nameof(options));
        }
    }
}
