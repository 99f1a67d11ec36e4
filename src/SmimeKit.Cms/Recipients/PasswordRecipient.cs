using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>Those who know a password: the content-encryption key is wrapped under a key derived from it, RFC 5652 §6.2.4.</summary>
/// <param name="Password">The password, or the key-encryption key itself. Used until the message has begun, and not disposed.</param>
/// <remarks>Take a passphrase: whoever has the message can try passwords for as long as he likes (RFC 3211 §4).</remarks>
public sealed record PasswordRecipient(RecipientPassword Password) : EnvelopeRecipient
{
    /// <summary>Gets the iterations of PBKDF2: what each guess of an attacker costs, and each reader once.</summary>
    public int Iterations { get; init; } = 600_000;

    /// <summary>Gets the digest of the HMAC in PBKDF2: SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512.</summary>
    public DigestAlgorithm DerivationDigest { get; init; } = DigestAlgorithm.Sha256;

    /// <summary>
    /// Gets the cipher in CBC mode that wraps the key by RFC 3211; null for AES with a key as long as the content's, or as the key-encryption key given. Others are for old
    /// software, and taken where the policy lists them.
    /// </summary>
    public ContentEncryptionAlgorithm? WrapCipher { get; init; }

    /// <summary>Gets the key wrap to use instead of RFC 3211, as some software expects; null for RFC 3211.</summary>
    public KeyWrapAlgorithm? KeyWrap { get; init; }

    /// <inheritdoc/>
    internal override RecipientPlan Plan(RecipientWriterOptions options, int keySize)
    {
        ArgumentNullException.ThrowIfNull(Password);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Iterations);
        PasswordKeyWrap wrap = ChooseWrap(options, keySize);
        if (Password.IsKey ? Password.Octets.Length != wrap.KeySize : Password.Octets.Length == 0)
        {
            throw new ArgumentException("The password is empty, or the key-encryption key not of the size of the key wrap.", nameof(options));
        }

        if (!Password.IsKey && Pbkdf2Parameters.FindHmac(DerivationDigest) is null)
        {
            throw new UnsupportedAlgorithmException(DerivationDigest.Oid, $"There is no PBKDF2 with {DerivationDigest.Name}.");
        }

        return new PasswordPlan(this, wrap);
    }

    private PasswordKeyWrap ChooseWrap(RecipientWriterOptions options, int keySize)
    {
        if (KeyWrap is not null)
        {
            return WrapCipher is null && KeyWrap.Takes(keySize) && KeyWrap.KeySize >= keySize // R3370-4.3-c
                ? PasswordKeyWrap.Create(KeyWrap)
                : throw new ArgumentException($"{KeyWrap} has no cipher to choose, or cannot wrap a key of {keySize} octets.", nameof(options));
        }

        if (WrapCipher is null)
        {
            int size = Password.IsKey ? Password.Octets.Length : AtLeast(keySize);
            return size is 16 or 24 or 32 && KeyWrapAlgorithm.IsStrongEnough(size, keySize)
                ? PasswordKeyWrap.Create(PasswordKeyCipher.ForAes(size))
                : throw new ArgumentException($"A key-encryption key of {size} octets is not for AES, or too weak.", nameof(options));
        }

        // R3211-2.2-a: a block cipher in CBC mode, as strong as the content's.
        PasswordKeyCipher? cipher = PasswordKeyCipher.Find(WrapCipher.Oid);
        if (cipher is null || !KeyWrapAlgorithm.IsStrongEnough(cipher.KeySize, keySize))
        {
            throw new ArgumentException($"{WrapCipher.Name} cannot wrap a key of {keySize} octets.", nameof(options));
        }

        return options.Policy.FindContentEncryptionObjection(cipher.Oid, DateTimeOffset.MinValue) is { } rule
            ? throw new PolicyViolationException(rule, $"The policy refuses {WrapCipher.Name} for wrapping the key.")
            : PasswordKeyWrap.Create(cipher);
    }

    private static int AtLeast(int keySize) => keySize <= 16 ? 16 : keySize <= 24 ? 24 : 32;
}
