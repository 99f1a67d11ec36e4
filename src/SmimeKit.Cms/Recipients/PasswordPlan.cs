using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Recipients;

/// <summary>A PasswordRecipientInfo of a new message, RFC 5652 §6.2.4.</summary>
internal sealed class PasswordPlan(PasswordRecipient recipient, PasswordKeyWrap wrap) : RecipientPlan
{
    private const int SaltSize = 16; // R3370-4.4.1-e
    private const int Size = 256;

    internal override int Version => PasswordRecipientInfoAsn.CurrentVersion;

    internal override bool IsOther => true;

    internal override int EstimatedSize => Size;

    internal override ValueTask WriteAsync(AsnWriter writer, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        if (recipient.Password.IsKey)
        {
            Write(writer, null, wrap.Wrap(recipient.Password.Octets, key.Span));
            return ValueTask.CompletedTask;
        }

        var derivation = new Pbkdf2Parameters(
            RandomNumberGenerator.GetBytes(SaltSize), recipient.Iterations, KeyLength: null, recipient.DerivationDigest);
        byte[] keyEncryptionKey = derivation.Derive(recipient.Password.Octets, wrap.KeySize);
        try
        {
            Write(writer, derivation.ToIdentifier(), wrap.Wrap(keyEncryptionKey, key.Span));
            return ValueTask.CompletedTask;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keyEncryptionKey);
        }
    }

    private void Write(AsnWriter writer, AlgorithmIdentifier? derivation, byte[] encryptedKey) => new PasswordRecipientInfoAsn
    {
        Version = Version,
        KeyDerivationAlgorithm = derivation,
        KeyEncryptionAlgorithm = wrap.Identifier,
        EncryptedKey = encryptedKey,
    }.Encode(writer);
}
