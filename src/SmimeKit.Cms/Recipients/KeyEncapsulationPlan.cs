using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.KeyDerivationFunctions;

namespace SmimeKit.Cms.Recipients;

/// <summary>A KEMRecipientInfo of a new message, RFC 9629 §3.</summary>
internal sealed class KeyEncapsulationPlan : RecipientPlan
{
    private const int Framing = 256;

    private readonly CertificateRecipient _recipient;
    private readonly KeyEncapsulationScheme _scheme;
    private readonly KeyDerivationFunction _derivation;
    private readonly KeyWrapAlgorithm _wrap;

    private KeyEncapsulationPlan(
        CertificateRecipient recipient, KeyEncapsulationScheme scheme, KeyDerivationFunction derivation, KeyWrapAlgorithm wrap)
    {
        _recipient = recipient;
        _scheme = scheme;
        _derivation = derivation;
        _wrap = wrap;
    }

    internal override int Version => KemRecipientInfoAsn.CurrentVersion;

    internal override bool IsOther => true;

    internal override int EstimatedSize =>
        _recipient.Certificate.Issuer.RawData.Length + _recipient.Certificate.PublicKey.RawData.Length + Framing;

    /// <summary>Plans ML-KEM: HKDF or KMAC, and a key wrap as strong as key and content (R9936-2.1-d, R9629-7-b).</summary>
    internal static KeyEncapsulationPlan Create(CertificateRecipient recipient, MLKemParameterSet set, int keySize)
    {
        recipient.RequireUsage(KeyUsages.KeyEncipherment); // R9629-3-e
        DigestAlgorithm digest = recipient.KeyDerivationDigest ?? DigestAlgorithm.Sha256; // R9936-2.1-c
        KeyDerivationFunction derivation = KeyDerivationFunction.Find(digest)
            ?? throw new UnsupportedAlgorithmException(digest.Oid, $"There is no key derivation with {digest.Name}.");
        KeyWrapAlgorithm wrap = KeyWrapAlgorithm.Suitable(keySize);
        bool needsMore = set != MLKemParameterSet.MLKem512 && wrap.KeySize < KeyWrapAlgorithm.Aes256.KeySize;
        return new KeyEncapsulationPlan(recipient, new KeyEncapsulationScheme.MLKem(set), derivation, needsMore ? KeyWrapAlgorithm.Aes256 : wrap);
    }

    /// <summary>Plans RSA-KEM, with KDF3 in both places.</summary>
    internal static KeyEncapsulationPlan CreateRsa(CertificateRecipient recipient, RecipientWriterOptions options, int keySize)
    {
        recipient.RequireUsage(KeyUsages.KeyEncipherment);
        if (options.Policy.FindRsaObjection(recipient.Certificate.PublicKey.KeySize) is { } rule)
        {
            throw new PolicyViolationException(rule, $"The policy refuses the RSA key of {recipient.Certificate}.");
        }

        (KeyDerivationFunction derivation, KeyWrapAlgorithm wrap) = FindConstraint(recipient, options, keySize) is { } fixedByKey
            ? (fixedByKey.Derivation, fixedByKey.Wrap)
            : (new Kdf3Function(recipient.KeyDerivationDigest ?? DigestAlgorithm.Sha256), KeyWrapAlgorithm.Suitable(keySize)); // R9690-2.1-a
        return new KeyEncapsulationPlan(
            recipient, new KeyEncapsulationScheme.Rsa(DigestAlgorithm.Sha256, wrap.KeySize), derivation, wrap);
    }

    internal override ValueTask WriteAsync(AsnWriter writer, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        byte[] secret = _recipient.Certificate.PublicKey.TryEncapsulate(_scheme, out byte[] ciphertext)
            ?? throw new ArgumentException($"The key of {_recipient.Certificate} is not usable.", nameof(writer));
        byte[]? ukm = _recipient.UserKeyingMaterial.IsEmpty ? null : [.. _recipient.UserKeyingMaterial.Span];
        byte[] keyEncryptionKey = [];
        try
        {
            byte[] otherInfo = KemRecipientInfoAsn.EncodeOtherInfo(_wrap.Identifier, _wrap.KeySize, ukm);
            keyEncryptionKey = _derivation.Derive(secret, otherInfo, _wrap.KeySize);
            Describe(ciphertext, ukm, _wrap.Wrap(keyEncryptionKey, key.Span)).Encode(writer);
            return ValueTask.CompletedTask;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret); // R9629-7-a
            CryptographicOperations.ZeroMemory(keyEncryptionKey);
        }
    }

    // R9690-2.3-c: what the key fixes is used, or nothing is sent.
    private static RsaKemConstraint? FindConstraint(CertificateRecipient recipient, RecipientWriterOptions options, int keySize)
    {
        SubjectPublicKeyInfo key = recipient.Certificate.PublicKey;
        if (RsaKemConstraint.Of(key) is not { } constraint)
        {
            return RsaKemConstraint.IsAbsent(key) ? null : throw new UnsupportedAlgorithmException(
                key.Algorithm.Oid, $"The key of {recipient.Certificate} asks for algorithms that are not supported.");
        }

        if (options.Policy.FindKeyWrapObjection(constraint.Wrap.Oid, DateTimeOffset.MinValue) is { } rule)
        {
            throw new PolicyViolationException(rule, $"The policy refuses {constraint.Wrap}, which the key of {recipient.Certificate} asks for.");
        }

        bool isOtherChoice = recipient.KeyDerivationDigest is { } digest && digest != constraint.Derivation.Digest;
        bool fits = constraint.Wrap.Takes(keySize) && KeyWrapAlgorithm.IsStrongEnough(constraint.Wrap.KeySize, keySize);
        return !isOtherChoice && fits ? constraint : throw new ArgumentException(
            $"The key of {recipient.Certificate} is for {constraint.Wrap} and {constraint.Derivation.Digest.Name} alone.", nameof(recipient));
    }

    private KemRecipientInfoAsn Describe(byte[] ciphertext, byte[]? ukm, byte[] encryptedKey) => new()
    {
        Version = Version,
        Rid = _recipient.Identifier,
        Kem = new AlgorithmIdentifier(_scheme is KeyEncapsulationScheme.MLKem mlKem ? mlKem.ParameterSet.Oid : Oids.KemRsa),
        Ciphertext = ciphertext,
        Kdf = _derivation.Identifier,
        KekLength = _wrap.KeySize,
        UserKeyingMaterial = ukm,
        Wrap = _wrap.Identifier,
        EncryptedKey = encryptedKey,
    };
}
