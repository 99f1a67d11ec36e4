using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>RSASSA-PKCS1-v1_5 with digests that the base library lacks: EMSA-PKCS1-v1_5 (RFC 8017 §9.2) around Bouncy Castle's RSA.</summary>
internal static class RsaEncodedBlock
{
    private const int MinimumPadding = 8;

    internal static SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> digest, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        if (key.TryGetRsaKey() is not { } rsa)
        {
            return SignatureCheck.UnusableKey;
        }

        int size = (rsa.Modulus.BitLength + 7) / 8;
        if (digest.Length != hash.Size || signature.Length != size || Encode(digest, hash, size) is not { } expected)
        {
            return SignatureCheck.Mismatch;
        }

        try
        {
            return Transform(rsa, signature, size).AsSpan().SequenceEqual(expected) ? SignatureCheck.Match : SignatureCheck.Mismatch;
        }
        catch (Exception e) when (e is CryptoException or ArgumentException)
        {
            return SignatureCheck.Mismatch; // among others: not below the modulus
        }
    }

    internal static byte[] Sign(RsaPrivateNumbers numbers, ReadOnlySpan<byte> digest, DigestAlgorithm hash)
    {
        RsaPrivateCrtKeyParameters key = numbers.ToBouncyCastle();
        byte[] block = Encode(digest, hash, numbers.ModulusSize) ?? throw KeyFailure.Unusable();
        return Transform(key, block, numbers.ModulusSize);
    }

    // The engine leaves out leading zeros.
    private static byte[] Transform(RsaKeyParameters key, ReadOnlySpan<byte> block, int size)
    {
        var engine = new RsaBlindedEngine();
        engine.Init(forEncryption: key.IsPrivate, key);
        byte[] result = engine.ProcessBlock(block.ToArray(), 0, block.Length);
        byte[] padded = new byte[size];
        result.CopyTo(padded.AsSpan(size - result.Length));
        return padded;
    }

    // EM = 0x00 || 0x01 || PS || 0x00 || DigestInfo; null when the modulus is too short.
    private static byte[]? Encode(ReadOnlySpan<byte> digest, DigestAlgorithm hash, int size)
    {
        byte[] info = EncodeDigestInfo(digest, hash);
        int padding = size - 3 - info.Length;
        if (padding < MinimumPadding)
        {
            return null;
        }

        byte[] block = new byte[size];
        block[1] = 1;
        block.AsSpan(2, padding).Fill(0xFF);
        info.CopyTo(block.AsSpan(size - info.Length));
        return block;
    }

    private static byte[] EncodeDigestInfo(ReadOnlySpan<byte> digest, DigestAlgorithm hash)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            AlgorithmIdentifier.WithNull(hash.Oid).Encode(writer); // R5754-2-c; RFC 8017 B.1 likewise
            writer.WriteOctetString(digest);
        }

        return writer.Encode();
    }
}
