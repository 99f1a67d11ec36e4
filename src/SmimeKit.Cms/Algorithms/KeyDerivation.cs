using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>How a key agreement makes a key-encryption key of its secret: X9.63 and HKDF over one structure, X9.42 over another.</summary>
/// <remarks><code>
/// ECC-CMS-SharedInfo ::= SEQUENCE {                  -- RFC 5753 §7.2, RFC 8418 §2
///     keyInfo      AlgorithmIdentifier,
///     entityUInfo  [0] EXPLICIT OCTET STRING OPTIONAL,
///     suppPubInfo  [2] EXPLICIT OCTET STRING }
/// OtherInfo ::= SEQUENCE {                           -- RFC 2631 §2.1.2
///     keyInfo      SEQUENCE { algorithm OBJECT IDENTIFIER, counter OCTET STRING SIZE (4..4) },
///     partyAInfo   [0] EXPLICIT OCTET STRING OPTIONAL,
///     suppPubInfo  [2] EXPLICIT OCTET STRING }
/// </code></remarks>
/// <param name="digest">The digest of the function.</param>
/// <param name="secret">The agreed secret.</param>
/// <param name="keyInfo">The key wrap, with its parameters as they are to be hashed.</param>
/// <param name="keySize">The size of the key-encryption key in bytes.</param>
/// <param name="userKeyingMaterial">The ukm of the message; null when it has none.</param>
/// <returns>The key-encryption key, which the caller wipes.</returns>
internal delegate byte[] KeyDerivation(
    DigestAlgorithm digest, byte[] secret, AlgorithmIdentifier keyInfo, int keySize, byte[]? userKeyingMaterial);

/// <summary>The functions of <see cref="KeyDerivation"/>.</summary>
internal static class KeyDerivations
{
    /// <summary>RFC 5753 §7.2: Hash(secret, counter, shared information).</summary>
    internal static byte[] X963(DigestAlgorithm digest, byte[] secret, AlgorithmIdentifier keyInfo, int keySize, byte[]? ukm) =>
        ConcatenationKdf.X963(digest, secret, EncodeSharedInfo(keyInfo, keySize, ukm), keySize);

    /// <summary>RFC 8418 §2.2: HKDF with the ukm as its salt, too; without one the salt is of zeros.</summary>
    internal static byte[] Hkdf(DigestAlgorithm digest, byte[] secret, AlgorithmIdentifier keyInfo, int keySize, byte[]? ukm) =>
        HKDF.DeriveKey(digest.HashName, secret, keySize, ukm ?? [], EncodeSharedInfo(keyInfo, keySize, ukm));

    /// <summary>RFC 2631 §2.1.2: Hash(secret, OtherInfo), whose counter goes up with every block.</summary>
    internal static byte[] X942(DigestAlgorithm digest, byte[] secret, AlgorithmIdentifier keyInfo, int keySize, byte[]? ukm)
    {
        byte[] key = new byte[keySize];
        using IncrementalDigest hash = digest.CreateIncremental();
        for (int at = 0; at < keySize; at += digest.Size)
        {
            using IncrementalDigest next = hash.Clone();
            next.Append(secret);
            next.Append(EncodeOtherInfo(keyInfo.Oid, (uint)(at / digest.Size) + 1, keySize, ukm));
            byte[] block = next.GetDigest();
            block.AsSpan(0, Math.Min(block.Length, keySize - at)).CopyTo(key.AsSpan(at));
            CryptographicOperations.ZeroMemory(block);
        }

        return key;
    }

    internal static byte[] EncodeSharedInfo(AlgorithmIdentifier keyInfo, int keySize, byte[]? userKeyingMaterial)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteAlgorithmIdentifier(keyInfo);
            WriteSuffix(writer, keySize, userKeyingMaterial);
        }

        return writer.Encode();
    }

    internal static byte[] EncodeOtherInfo(string wrap, uint counter, int keySize, byte[]? userKeyingMaterial)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, counter);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(wrap); // R2631-2.1.2-c: the identifier alone
                writer.WriteOctetString(number);
            }

            WriteSuffix(writer, keySize, userKeyingMaterial);
        }

        return writer.Encode();
    }

    private static void WriteSuffix(AsnWriter writer, int keySize, byte[]? userKeyingMaterial)
    {
        Span<byte> bits = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bits, (uint)keySize * 8);
        if (userKeyingMaterial is { } ukm)
        {
            using (writer.PushSequence(Der.Context(0)))
            {
                writer.WriteOctetString(ukm);
            }
        }

        using (writer.PushSequence(Der.Context(2)))
        {
            writer.WriteOctetString(bits);
        }
    }
}
