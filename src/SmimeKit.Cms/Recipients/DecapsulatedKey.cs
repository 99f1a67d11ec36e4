using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>Recovers a key from KEMRecipientInfo, RFC 9629 §4, RFC 9690, RFC 9936.</summary>
internal sealed class DecapsulatedKey : KeyRecovery
{
    private readonly IDecryptionKey _key;
    private readonly KemRecipientInfoAsn _info;
    private readonly KeyEncapsulationScheme _scheme;
    private readonly KeyDerivationFunction _derivation;
    private readonly ReceivedKeyWrap _wrap;

    private DecapsulatedKey(
        RecipientInfo recipient, PrivateKeySource source, KeyEncapsulationScheme scheme, KeyDerivationFunction derivation, ReceivedKeyWrap wrap)
        : base(recipient, source)
    {
        _key = source.Key;
        _info = recipient.Encapsulation!;
        _scheme = scheme;
        _derivation = derivation;
        _wrap = wrap;
    }

    /// <inheritdoc/>
    internal override bool ShowsFailure => true; // a wrong ciphertext gives another secret, and the key wrap tells (R9629-7-c)

    /// <summary>Prepares the recovery, or says why it is refused.</summary>
    internal static (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(
        RecipientInfo recipient, PrivateKeySource source, RecoveryContext context)
    {
        KemRecipientInfoAsn info = recipient.Encapsulation!;
        SubjectPublicKeyInfo publicKey = source.Certificate.PublicKey;
        if (KeyEncapsulation.Resolve(info.Kem, publicKey, info.KekLength) is not { } scheme)
        {
            return (null, new UnsupportedAlgorithmException(info.Kem.Oid, "The key encapsulation is not supported with this key."));
        }

        if (KeyDerivationFunction.Resolve(info.Kdf) is not { } derivation)
        {
            return (null, new UnsupportedAlgorithmException(info.Kdf.Oid, "The key derivation is not supported."));
        }

        if (scheme is KeyEncapsulationScheme.Rsa && context.Policy.FindRsaObjection(publicKey.KeySize) is { } rule)
        {
            return (null, new PolicyViolationException(rule, $"The policy refuses RSA keys of {publicKey.KeySize} bits."));
        }

        (ReceivedKeyWrap? wrap, SmimeKitException? objection) = ReceivedKeyWrap.Accept(info.Wrap, context);
        if (wrap is null)
        {
            return (null, objection);
        }

        if (info.KekLength != wrap.Algorithm.KeySize) // R9629-3-f
        {
            return (null, new MalformedDataException("kek-length", "The length of the key-encryption key does not fit the key wrap", -1, "ori.kekLength"));
        }

        if (!RsaKemConstraint.IsAbsent(publicKey) && RsaKemConstraint.Of(publicKey)?.Admits(derivation, wrap.Algorithm) != true)
        {
            return (null, new UnsupportedAlgorithmException(info.Kem.Oid, "The recipient's key is for other algorithms.")); // R9690-2.3-c
        }

        var recovery = new DecapsulatedKey(recipient, source, scheme, derivation, wrap);
        recovery.Describe(publicKey, context);
        return (recovery, null);
    }

    /// <inheritdoc/>
    internal override async ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken)
    {
        _wrap.Compare(this, keySize);
        byte[]? secret = await _key.DecapsulateAsync(_scheme, _info.Ciphertext, cancellationToken).ConfigureAwait(false);
        if (secret is null)
        {
            return null;
        }

        byte[] keyEncryptionKey = [];
        try
        {
            byte[] otherInfo = KemRecipientInfoAsn.EncodeOtherInfo(_info.Wrap, _info.KekLength, _info.UserKeyingMaterial);
            keyEncryptionKey = _derivation.Derive(secret, otherInfo, _info.KekLength);
            return _wrap.Algorithm.Unwrap(keyEncryptionKey, Recipient.EncryptedKey.Span, keySize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret); // R9936-4-a
            CryptographicOperations.ZeroMemory(keyEncryptionKey);
        }
    }

    /// <inheritdoc/>
    private protected override bool HasSameInput(KeyRecovery other) => Recipient.RawData.Span.SequenceEqual(other.Recipient.RawData.Span);

    private void Describe(SubjectPublicKeyInfo publicKey, RecoveryContext context)
    {
        _wrap.Describe(this, context.Policy);
        if (publicKey.IsRsa && publicKey.KeySize < context.Policy.MinimumStrongRsaBits)
        {
            Weaknesses.Add("weak-rsa-key");
        }
    }
}
