using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Ephemeral-static ECDH on the NIST curves, RFC 5753 §3.1.</summary>
internal static class EcdhAgreement
{
    private const byte Uncompressed = 0x04; // RFC 5480 §2.2

    /// <summary>The x coordinate of the shared point, as long as the field; null when the other key cannot be used.</summary>
    internal static byte[]? Agree(ECDiffieHellman key, SubjectPublicKeyInfo own, SubjectPublicKeyInfo other)
    {
        // RFC 5753 §3.1.1: the other's curve may be left out, and is then that of the recipient.
        SubjectPublicKeyInfo complete = other.IsEc && other.Algorithm.HasNullOrAbsentParameters
            ? SubjectPublicKeyInfo.Create(own.Algorithm, other.Key.Span)
            : other;
        if (complete.CurveOid is not { } curve || curve != own.CurveOid || complete.Key.IsEmpty || complete.Key.Span[0] != Uncompressed)
        {
            return null;
        }

        // The platform refuses points off the curve and the point at infinity (invalid-curve attack).
        using ECDiffieHellman? peer = complete.TryCreateEcdh();
        if (peer is null)
        {
            return null;
        }

        try
        {
            using ECDiffieHellmanPublicKey point = peer.PublicKey;
            return LeftPad(key.DeriveRawSecretAgreement(point), (own.KeySize + 7) / 8);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] LeftPad(byte[] secret, int size)
    {
        if (secret.Length >= size)
        {
            return secret;
        }

        byte[] padded = new byte[size];
        secret.CopyTo(padded, size - secret.Length);
        CryptographicOperations.ZeroMemory(secret);
        return padded;
    }
}
