using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Recipients;

/// <summary>Recovers a key from KeyAgreeRecipientInfo, RFC 5652 §6.2.2, RFC 5753 §3.1.</summary>
internal sealed class AgreedKey : KeyRecovery
{
    private readonly IDecryptionKey _key;
    private readonly DigestAlgorithm _digest;
    private readonly AlgorithmIdentifier _wrap;
    private readonly SubjectPublicKeyInfo _originator;
    private readonly bool _toleratesDeviations;

    private AgreedKey(
        RecipientInfo recipient, PrivateKeySource source, DigestAlgorithm digest, AlgorithmIdentifier wrap, SubjectPublicKeyInfo originator, bool tolerates)
        : base(recipient, source)
    {
        _key = source.Key;
        _digest = digest;
        _wrap = wrap;
        _originator = originator;
        _toleratesDeviations = tolerates;
    }

    /// <inheritdoc/>
    internal override bool ShowsFailure => true;

    /// <summary>Prepares the recovery, or says why it is refused.</summary>
    internal static (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(RecipientInfo recipient, PrivateKeySource source, CmsPolicy policy)
    {
        KeyAgreeRecipientInfoAsn agreement = recipient.Agreement!;
        AlgorithmIdentifier identifier = agreement.KeyEncryptionAlgorithm;
        DigestAlgorithm? digest = KeyAgreement.FindDigest(identifier.Oid);
        AlgorithmIdentifier? wrap = DecodeWrap(identifier);
        bool wrapIsSound = wrap is not null && AesKeyWrap.KeySize(wrap.Oid) > 0
            && (wrap.Parameters.IsEmpty || (policy.ToleratesDeviations && wrap.HasNullOrAbsentParameters)); // R3565-2.3.2-a
        SubjectPublicKeyInfo? originator = agreement.OriginatorKeyAlgorithm is { } algorithm
            ? KeyAgreement.CompletePublicKey(algorithm, agreement.OriginatorKey, source.Certificate.PublicKey)
            : null;
        if (digest is null || !wrapIsSound || originator is null)
        {
            return (null, new UnsupportedAlgorithmException(identifier.Oid, "The key agreement, its key wrap or the originator's key is not supported."));
        }

        var recovery = new AgreedKey(recipient, source, digest, wrap!, originator, policy.ToleratesDeviations);
        if (!wrap!.Parameters.IsEmpty)
        {
            recovery.Deviations.Add("key-wrap-parameters-null");
        }

        return (recovery, null);
    }

    /// <inheritdoc/>
    internal override async ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken)
    {
        if (Recipient.EncryptedKey.Length != keySize + AesKeyWrap.Overhead) // lengths are fixed before anything is copied (CVE-2026-63072)
        {
            return null;
        }

        byte[]? secret = await _key.AgreeAsync(_originator, cancellationToken).ConfigureAwait(false);
        if (secret is null)
        {
            return null;
        }

        try
        {
            byte[]? key = Unwrap(secret, new AlgorithmIdentifier(_wrap.Oid));
            if (key is null && _toleratesDeviations)
            {
                // R5753-7.2-c: some writers hash NULL parameters. Every failure comes this way.
                key = Unwrap(secret, AlgorithmIdentifier.WithNull(_wrap.Oid));
                Deviations.Add("shared-info-parameters-null");
            }

            if (AesKeyWrap.KeySize(_wrap.Oid) < keySize) // R5652-14-a
            {
                Weaknesses.Add("weak-key-wrap");
            }

            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <inheritdoc/>
    private protected override bool HasSameInput(KeyRecovery other) => Recipient.RawData.Span.SequenceEqual(other.Recipient.RawData.Span);

    private byte[]? Unwrap(byte[] secret, AlgorithmIdentifier keyInfo)
    {
        byte[] keyEncryptionKey = KeyAgreement.DeriveKey(_digest, secret, keyInfo, Recipient.Agreement!.UserKeyingMaterial);
        try
        {
            return AesKeyWrap.Unwrap(keyEncryptionKey, Recipient.EncryptedKey.Span);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keyEncryptionKey);
        }
    }

    private static AlgorithmIdentifier? DecodeWrap(AlgorithmIdentifier scheme) =>
        Der.TryDecode(scheme.Parameters, r => r.ReadAlgorithmIdentifier(), out AlgorithmIdentifier? wrap, AsnEncodingRules.BER) ? wrap : null;
}
