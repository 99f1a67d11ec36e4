using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Cms.Recipients;

/// <summary>Recovers a key from PasswordRecipientInfo, RFC 5652 §6.2.4, RFC 3370 §4.4, RFC 3211.</summary>
internal sealed class PasswordKey : KeyRecovery
{
    private readonly RecipientPassword _password;
    private readonly Pbkdf2Parameters? _derivation;
    private readonly PasswordKeyWrap _wrap;

    private PasswordKey(RecipientInfo recipient, PasswordSource source, Pbkdf2Parameters? derivation, PasswordKeyWrap wrap)
        : base(recipient, source)
    {
        _password = source.Password;
        _derivation = derivation;
        _wrap = wrap;
    }

    /// <inheritdoc/>
    internal override bool ShowsFailure => true;

    /// <summary>Prepares the recovery and pays for it, or says why it is refused.</summary>
    internal static (KeyRecovery? Recovery, SmimeKitException? Objection) Prepare(RecipientInfo recipient, PasswordSource source, RecoveryContext context)
    {
        AlgorithmIdentifier identifier = recipient.KeyEncryptionAlgorithm!;
        if (PasswordKeyWrap.Resolve(identifier, context.Policy.ToleratesDeviations) is not { } wrap)
        {
            return (null, new UnsupportedAlgorithmException(identifier.Oid, "The key wrap, its cipher or its parameters are not supported."));
        }

        if (wrap.FindObjection(context.Policy, context.At) is { } rule)
        {
            return (null, new PolicyViolationException(rule, "The policy refuses the key wrap of the password recipient."));
        }

        try
        {
            Pbkdf2Parameters? derivation = ReadDerivation(recipient, wrap, source);
            var recovery = new PasswordKey(recipient, source, derivation, wrap);
            if (wrap.IsWeak(context.Policy))
            {
                recovery.Weaknesses.Add("weak-key-wrap");
            }

            return (recovery, null);
        }
        catch (SmimeKitException e) when (e is UnsupportedAlgorithmException or MalformedDataException or LimitExceededException)
        {
            return (null, e);
        }
    }

    /// <inheritdoc/>
    internal override ValueTask<byte[]?> RecoverAsync(int keySize, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!KeyWrapAlgorithm.IsStrongEnough(_wrap.KeySize, keySize) && Weaknesses.Count == 0) // R3211-2.2-a
        {
            Weaknesses.Add("weak-key-wrap");
        }

        if (_derivation is null)
        {
            return new ValueTask<byte[]?>(_wrap.Unwrap(_password.Octets, Recipient.EncryptedKey.Span, keySize));
        }

        byte[] keyEncryptionKey = _derivation.Derive(_password.Octets, _wrap.KeySize);
        try
        {
            return new ValueTask<byte[]?>(_wrap.Unwrap(keyEncryptionKey, Recipient.EncryptedKey.Span, keySize));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keyEncryptionKey);
        }
    }

    /// <inheritdoc/>
    private protected override bool HasSameInput(KeyRecovery other) => Recipient.RawData.Span.SequenceEqual(other.Recipient.RawData.Span);

    // Null when there is nothing to derive: the key-encryption key itself is at hand.
    private static Pbkdf2Parameters? ReadDerivation(RecipientInfo recipient, PasswordKeyWrap wrap, PasswordSource source)
    {
        if (recipient.KeyDerivationAlgorithm is not { } identifier)
        {
            return source.Password.Octets.Length == wrap.KeySize
                ? null
                : throw new UnsupportedAlgorithmException(wrap.Identifier.Oid, "The key-encryption key is not for this key wrap.");
        }

        Pbkdf2Parameters derivation = Pbkdf2Parameters.Decode(identifier, source.Budget);
        if (derivation.KeyLength is { } length && length != wrap.KeySize) // R3370-4.4.1-d
        {
            throw new MalformedDataException("pbkdf2-key-length", "The key length does not fit the key wrap", -1, "keyDerivationAlgorithm");
        }

        source.Budget.Spend(derivation.Cost(wrap.KeySize));
        return derivation;
    }
}
