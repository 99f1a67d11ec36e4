using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>RSA encryption of a content-encryption key to a recipient, RFC 8017 §7.</summary>
/// <remarks>The base library encrypts; Bouncy Castle where it has no form: OAEP with two digests, with a label, or with a digest that the base library lacks.</remarks>
internal static class RsaKeyEncryption
{
    private const int Pkcs1Overhead = 11; // R3370-4.2.1-f

    /// <summary>Gets the size in bytes of the largest key that fits; it may be negative.</summary>
    internal static int Capacity(SubjectPublicKeyInfo publicKey, KeyTransportScheme scheme) =>
        ((publicKey.KeySize + 7) / 8) - (scheme is KeyTransportScheme.Oaep oaep ? (2 * oaep.Digest.Size) + 2 : Pkcs1Overhead);

    /// <summary>Encrypts a key that fits.</summary>
    internal static byte[] Encrypt(SubjectPublicKeyInfo publicKey, KeyTransportScheme scheme, ReadOnlySpan<byte> key)
    {
        byte[]? encrypted = scheme switch
        {
            KeyTransportScheme.Oaep oaep when oaep.ToEncryptionPadding() is { } padding => publicKey.TryEncryptRsa(key, padding),
            KeyTransportScheme.Oaep oaep => EncryptWithBouncyCastle(publicKey, oaep, key),
            _ => publicKey.TryEncryptRsa(key, RSAEncryptionPadding.Pkcs1),
        };
        return encrypted ?? throw new ArgumentException("The recipient's RSA key is not usable.", nameof(publicKey));
    }

    private static byte[]? EncryptWithBouncyCastle(SubjectPublicKeyInfo recipient, KeyTransportScheme.Oaep oaep, ReadOnlySpan<byte> key)
    {
        using RSA? rsa = recipient.TryCreateRsa();
        if (rsa is null)
        {
            return null;
        }

        RSAParameters publicKey = rsa.ExportParameters(includePrivateParameters: false);
        var encoding = new OaepEncoding(
            new RsaBlindedEngine(),
            BouncyCastleDigests.Create(oaep.Digest),
            BouncyCastleDigests.Create(oaep.MgfDigest),
            oaep.Label.ToArray());
        encoding.Init(forEncryption: true, new RsaKeyParameters(
            isPrivate: false,
            new Org.BouncyCastle.Math.BigInteger(1, publicKey.Modulus),
            new Org.BouncyCastle.Math.BigInteger(1, publicKey.Exponent)));
        byte[] copy = key.ToArray();
        try
        {
            return encoding.ProcessBlock(copy, 0, copy.Length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }
    }
}
