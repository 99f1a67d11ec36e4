using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Recipients;

/// <summary>Recovers a key from KeyTransRecipientInfo, RFC 5652 §6.2.1, RFC 3370 §4.2.1, RFC 3560.</summary>
internal sealed class TransportedKey : KeyRecovery
{
    private readonly IDecryptionKey _key;
    private readonly KeyTransportScheme _scheme;
    private readonly int _modulusSize;

    private TransportedKey(RecipientInfo recipient, PrivateKeySource source, KeyTransportScheme scheme)
        : base(recipient, source)
    {
        _key = source.Key;
        _scheme = scheme;
        _modulusSize = (_key.Certificate.PublicKey.KeySize + 7) / 8;
    }

    /// <inheritdoc/>
    internal override bool ShowsFailure => _scheme is not KeyTransportScheme.Pkcs1;

    /// <summary>Prepares the recovery, or says why policy or implementation refuse it.</summary>
    internal static (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(RecipientInfo recipient, PrivateKeySource source, CmsPolicy policy)
    {
        AlgorithmIdentifier identifier = recipient.KeyEncryptionAlgorithm!;
        SubjectPublicKeyInfo publicKey = source.Certificate.PublicKey;
        KeyTransportScheme? scheme = KeyTransport.Resolve(identifier, policy.ToleratesDeviations);
        if (scheme is null || !publicKey.IsRsa || publicKey.Algorithm.Oid is Oids.RsassaPss or Oids.RsaKemKey)
        {
            return (null, new UnsupportedAlgorithmException(identifier.Oid, "The key transport algorithm is not supported with this key."));
        }

        if (scheme is KeyTransportScheme.Pkcs1 && (!policy.AllowsRsaPkcs1Decryption || publicKey.Algorithm.Oid == Oids.RsaesOaep)) // R3560-4-a
        {
            return (null, new PolicyViolationException("rsa-pkcs1-decryption", "RSA PKCS #1 v1.5 key transport is refused by the policy or the key."));
        }

        if (policy.FindRsaObjection(publicKey.KeySize) is { } rule)
        {
            return (null, new PolicyViolationException(rule, $"The policy refuses RSA keys of {publicKey.KeySize} bits."));
        }

        var recovery = new TransportedKey(recipient, source, scheme);
        recovery.Describe(identifier, publicKey, policy);
        return (recovery, null);
    }

    /// <inheritdoc/>
    internal override async ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> encryptedKey = Recipient.EncryptedKey;
        if (encryptedKey.Length > _modulusSize)
        {
            return ShowsFailure ? null : RandomNumberGenerator.GetBytes(keySize); // nobody's key can have made this
        }

        if (encryptedKey.Length < _modulusSize) // R3370-4.2.1-e: leading zeros left out
        {
            byte[] padded = new byte[_modulusSize];
            encryptedKey.CopyTo(padded.AsMemory(_modulusSize - encryptedKey.Length));
            encryptedKey = padded;
        }

        byte[]? key = await _key.DecryptAsync(_scheme, encryptedKey, keySize, cancellationToken).ConfigureAwait(false);
        if (key is null || key.Length == keySize)
        {
            return key ?? (ShowsFailure ? null : RandomNumberGenerator.GetBytes(keySize));
        }

        CryptographicOperations.ZeroMemory(key);
        return ShowsFailure ? null : RandomNumberGenerator.GetBytes(keySize); // R3218-2.3.2-c
    }

    /// <inheritdoc/>
    private protected override bool HasSameInput(KeyRecovery other) =>
        other is TransportedKey transported
        && (_scheme == transported._scheme
            || Recipient.KeyEncryptionAlgorithm!.IsEquivalentTo(other.Recipient.KeyEncryptionAlgorithm!));

    private void Describe(AlgorithmIdentifier identifier, SubjectPublicKeyInfo publicKey, CmsPolicy policy)
    {
        if (publicKey.KeySize < policy.MinimumStrongRsaBits)
        {
            Weaknesses.Add("weak-rsa-key");
        }

        if (identifier.Oid == Oids.RsaesOaep && identifier.Parameters.IsEmpty)
        {
            Deviations.Add("oaep-parameters-absent");
        }

        if (Recipient.EncryptedKey.Length < _modulusSize)
        {
            Deviations.Add("encrypted-key-short");
        }
    }
}
