using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Recipients;

/// <summary>Recovers a key from KeyAgreeRecipientInfo, RFC 5652 §6.2.2, RFC 5753 §3.1, RFC 8418 §3, RFC 3370 §4.1.</summary>
internal sealed class AgreedKey : KeyRecovery
{
    private readonly IDecryptionKey _key;
    private readonly KeyAgreementScheme _scheme;
    private readonly ReceivedKeyWrap _wrap;
    private readonly Originator _originator;
    private readonly bool _toleratesDeviations;

    private AgreedKey(
        RecipientInfo recipient, PrivateKeySource source, KeyAgreementScheme scheme, ReceivedKeyWrap wrap, Originator originator, CmsPolicy policy)
        : base(recipient, source)
    {
        _key = source.Key;
        _scheme = scheme;
        _wrap = wrap;
        _originator = originator;
        _toleratesDeviations = policy.ToleratesDeviations;
        _wrap.Describe(this, policy);
        if (policy.WeakKeyAgreements.Contains(scheme.Oid))
        {
            Weaknesses.Add("weak-key-agreement");
        }
    }

    /// <inheritdoc/>
    internal override bool ShowsFailure => true;

    /// <inheritdoc/>
    internal override Certificate? OriginatorCertificate => _originator.Certificate;

    /// <summary>Prepares the recovery, or says why it is refused.</summary>
    internal static (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(RecipientInfo recipient, PrivateKeySource source, RecoveryContext context)
    {
        AlgorithmIdentifier identifier = recipient.Agreement!.KeyEncryptionAlgorithm;
        SubjectPublicKeyInfo own = source.Certificate.PublicKey;
        if (KeyAgreementScheme.Find(identifier.Oid) is not { } scheme || !scheme.Fits(own) || DecodeWrap(identifier) is not { } wrapIdentifier)
        {
            return (null, new UnsupportedAlgorithmException(identifier.Oid, "The key agreement is not supported with this key, or names no key wrap."));
        }

        if (FindObjection(scheme, own, context) is { } rule)
        {
            return (null, new PolicyViolationException(rule, $"The policy refuses {scheme.Name} with this key."));
        }

        (ReceivedKeyWrap? wrap, SmimeKitException? objection) = ReceivedKeyWrap.Accept(wrapIdentifier, context);
        if (wrap is null)
        {
            return (null, objection);
        }

        (Originator? originator, objection) = Originator.Find(recipient.Agreement, scheme, own, context);
        return originator is null
            ? (null, objection)
            : (new AgreedKey(recipient, source, scheme, wrap, originator, context.Policy), null);
    }

    /// <inheritdoc/>
    internal override async ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken)
    {
        byte[]? secret = await _key.AgreeAsync(_originator.PublicKey, cancellationToken).ConfigureAwait(false);
        if (secret is null)
        {
            return null;
        }

        try
        {
            byte[]? key = Unwrap(secret, _wrap.Algorithm.Identifier, keySize);
            if (key is null && _toleratesDeviations)
            {
                // R5753-7.2-c: some writers hash NULL parameters, or leave them out with Triple-DES. Every failure comes this way.
                key = Unwrap(secret, OtherForm(), keySize);
                Deviations.Add("shared-info-parameters-null");
            }

            _wrap.Compare(this, keySize);
            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <inheritdoc/>
    private protected override bool HasSameInput(KeyRecovery other) => Recipient.RawData.Span.SequenceEqual(other.Recipient.RawData.Span);

    private byte[]? Unwrap(byte[] secret, AlgorithmIdentifier keyInfo, int keySize)
    {
        byte[] keyEncryptionKey = _scheme.DeriveKey(secret, keyInfo, _wrap.Algorithm.KeySize, Recipient.Agreement!.UserKeyingMaterial);
        try
        {
            return _wrap.Algorithm.Unwrap(keyEncryptionKey, Recipient.EncryptedKey.Span, keySize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keyEncryptionKey);
        }
    }

    private AlgorithmIdentifier OtherForm() =>
        _wrap.Algorithm.Identifier.Parameters.IsEmpty ? AlgorithmIdentifier.WithNull(_wrap.Algorithm.Oid) : new AlgorithmIdentifier(_wrap.Algorithm.Oid);

    private static string? FindObjection(KeyAgreementScheme scheme, SubjectPublicKeyInfo key, RecoveryContext context) =>
        context.Policy.FindKeyAgreementObjection(scheme.Oid, context.At)
        ?? (scheme.IsDiffieHellman ? context.Policy.FindDiffieHellmanObjection(key.KeySize) : null);

    internal static AlgorithmIdentifier? DecodeWrap(AlgorithmIdentifier scheme) =>
        Der.TryDecode(scheme.Parameters, r => r.ReadAlgorithmIdentifier(), out AlgorithmIdentifier? wrap, AsnEncodingRules.BER) ? wrap : null;
}
