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
    private readonly ReceivedKeyWrap _wrap;
    private readonly SubjectPublicKeyInfo _originator;
    private readonly bool _toleratesDeviations;

    private AgreedKey(
        RecipientInfo recipient, PrivateKeySource source, DigestAlgorithm digest, ReceivedKeyWrap wrap, SubjectPublicKeyInfo originator, bool tolerates)
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
    internal static (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(RecipientInfo recipient, PrivateKeySource source, RecoveryContext context)
    {
        KeyAgreeRecipientInfoAsn agreement = recipient.Agreement!;
        AlgorithmIdentifier identifier = agreement.KeyEncryptionAlgorithm;
        DigestAlgorithm? digest = KeyAgreement.FindDigest(identifier.Oid);
        AlgorithmIdentifier? wrapIdentifier = DecodeWrap(identifier);
        SubjectPublicKeyInfo? originator = agreement.OriginatorKeyAlgorithm is { } algorithm
            ? KeyAgreement.CompletePublicKey(algorithm, agreement.OriginatorKey, source.Certificate.PublicKey)
            : null;
        if (digest is null || wrapIdentifier is null || originator is null)
        {
            return (null, new UnsupportedAlgorithmException(identifier.Oid, "The key agreement, its key wrap or the originator's key is not supported."));
        }

        (ReceivedKeyWrap? wrap, SmimeKitException? objection) = ReceivedKeyWrap.Accept(wrapIdentifier, context);
        if (wrap is null)
        {
            return (null, objection);
        }

        var recovery = new AgreedKey(recipient, source, digest, wrap, originator, context.Policy.ToleratesDeviations);
        wrap.Describe(recovery, context.Policy);
        return (recovery, null);
    }

    /// <inheritdoc/>
    internal override async ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken)
    {
        byte[]? secret = await _key.AgreeAsync(_originator, cancellationToken).ConfigureAwait(false);
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
        byte[] keyEncryptionKey = KeyAgreement.DeriveKey(_digest, secret, keyInfo, _wrap.Algorithm.KeySize, Recipient.Agreement!.UserKeyingMaterial);
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

    private static AlgorithmIdentifier? DecodeWrap(AlgorithmIdentifier scheme) =>
        Der.TryDecode(scheme.Parameters, r => r.ReadAlgorithmIdentifier(), out AlgorithmIdentifier? wrap, AsnEncodingRules.BER) ? wrap : null;
}
