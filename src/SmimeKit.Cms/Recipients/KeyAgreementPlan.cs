using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>A KeyAgreeRecipientInfo of a new message, RFC 5652 §6.2.2: for one recipient, or for several that share an ephemeral key.</summary>
internal sealed class KeyAgreementPlan : RecipientPlan
{
    private const int Framing = 128;

    private readonly IReadOnlyList<CertificateRecipient> _recipients;
    private readonly DigestAlgorithm _digest;
    private readonly RecipientWriterOptions _options;

    private KeyAgreementPlan(IReadOnlyList<CertificateRecipient> recipients, DigestAlgorithm digest, RecipientWriterOptions options)
    {
        _recipients = recipients;
        _digest = digest;
        _options = options;
    }

    internal override int Version => KeyAgreeRecipientInfoAsn.CurrentVersion;

    internal override int EstimatedSize =>
        _recipients.Sum(r => r.Certificate.Issuer.RawData.Length + r.Certificate.PublicKey.RawData.Length + Framing);

    internal static KeyAgreementPlan Create(CertificateRecipient recipient, DigestAlgorithm digest, RecipientWriterOptions options)
    {
        recipient.RequireUsage(KeyUsages.KeyAgreement); // R3369-6.2.2-g, R5753-5-a
        return KeyAgreement.FindScheme(digest) is null
            ? throw new UnsupportedAlgorithmException(digest.Oid, $"There is no key agreement with {digest.Name}.")
            : new KeyAgreementPlan([recipient], digest, options);
    }

    /// <summary>Makes one of those that can share an ephemeral key; the first keeps its place.</summary>
    internal static IReadOnlyList<RecipientPlan> Group(IReadOnlyList<RecipientPlan> plans) =>
    [
        .. plans
            .GroupBy(p => p is KeyAgreementPlan agreement ? agreement.SharedKey : (object)p)
            .Select(group => group.First() is KeyAgreementPlan first
                ? new KeyAgreementPlan([.. group.Cast<KeyAgreementPlan>().SelectMany(p => p._recipients)], first._digest, first._options)
                : group.First()),
    ];

    internal override ValueTask WriteAsync(AsnWriter writer, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        // R8551-2.3-b: a key wrap as strong as the content's cipher.
        KeyWrapAlgorithm wrap = KeyWrapAlgorithm.Suitable(key.Length);
        byte[]? ukm = _options.UserKeyingMaterialSize == 0
            ? null
            : RandomNumberGenerator.GetBytes(_options.UserKeyingMaterialSize);
        using var ephemeral = new EphemeralEcdhKey(_recipients[0].Certificate.PublicKey.CurveOid!);
        var keys = new List<RecipientEncryptedKeyAsn>(_recipients.Count);
        foreach (CertificateRecipient recipient in _recipients)
        {
            keys.Add(new RecipientEncryptedKeyAsn
            {
                Rid = recipient.Identifier,
                EncryptedKey = WrapKey(ephemeral, recipient.Certificate.PublicKey, wrap, ukm, key.Span),
            });
        }

        new KeyAgreeRecipientInfoAsn
        {
            Version = Version,
            OriginatorKeyAlgorithm = new AlgorithmIdentifier(Oids.EcPublicKey), // the curve is the recipient's (R5753-3.1.1-b)
            OriginatorKey = ephemeral.PublicPoint,
            UserKeyingMaterial = ukm,
            KeyEncryptionAlgorithm = new AlgorithmIdentifier(KeyAgreement.FindScheme(_digest)!, wrap.Identifier.Encode()),
            RecipientEncryptedKeys = keys,
        }.Encode(writer);
        return ValueTask.CompletedTask;
    }

    private object SharedKey => (_recipients[0].Certificate.PublicKey.CurveOid, _digest);

    private byte[] WrapKey(
        EphemeralEcdhKey ephemeral, SubjectPublicKeyInfo recipient, KeyWrapAlgorithm wrap, byte[]? ukm, ReadOnlySpan<byte> key)
    {
        byte[] secret = ephemeral.Agree(recipient);
        byte[] keyEncryptionKey = KeyAgreement.DeriveKey(_digest, secret, wrap.Identifier, wrap.KeySize, ukm);
        try
        {
            return wrap.Wrap(keyEncryptionKey, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(keyEncryptionKey);
        }
    }
}
