using System.Buffers.Binary;
using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>Ephemeral-static ECDH with the X9.63 KDF and a key wrap, RFC 5753 §3.1 and §7.</summary>
/// <remarks>
/// The standard and the cofactor schemes agree on the curves in use, whose cofactor is 1. ECMQV is not implemented.
/// <code>
/// ECC-CMS-SharedInfo ::= SEQUENCE {
///     keyInfo      AlgorithmIdentifier,
///     entityUInfo  [0] EXPLICIT OCTET STRING OPTIONAL,
///     suppPubInfo  [2] EXPLICIT OCTET STRING }
/// </code></remarks>
internal static class KeyAgreement
{
    private const byte Uncompressed = 0x04;

    /// <summary>Finds the digest of a scheme's KDF; null when the scheme is not implemented.</summary>
    internal static DigestAlgorithm? FindDigest(string scheme) => scheme switch
    {
        Oids.EcdhStandardSha1 or Oids.EcdhCofactorSha1 => DigestAlgorithm.Sha1,
        Oids.EcdhStandardSha256 or Oids.EcdhCofactorSha256 => DigestAlgorithm.Sha256,
        Oids.EcdhStandardSha384 or Oids.EcdhCofactorSha384 => DigestAlgorithm.Sha384,
        Oids.EcdhStandardSha512 or Oids.EcdhCofactorSha512 => DigestAlgorithm.Sha512,
        _ => null,
    };

    /// <summary>Gets the standard scheme with a digest; null when there is none.</summary>
    internal static string? FindScheme(DigestAlgorithm digest) => digest.Oid switch
    {
        Oids.Sha1 => Oids.EcdhStandardSha1,
        Oids.Sha256 => Oids.EcdhStandardSha256,
        Oids.Sha384 => Oids.EcdhStandardSha384,
        Oids.Sha512 => Oids.EcdhStandardSha512,
        _ => null,
    };

    /// <summary>Gets the digest that suits a curve (RFC 5753 §8); null for a curve that is not implemented.</summary>
    internal static DigestAlgorithm? SuitableDigest(string? curve) => curve switch
    {
        Oids.NistP256 => DigestAlgorithm.Sha256,
        Oids.NistP384 => DigestAlgorithm.Sha384,
        Oids.NistP521 => DigestAlgorithm.Sha512,
        _ => null,
    };

    /// <summary>Derives the key-encryption key from the agreed secret.</summary>
    internal static byte[] DeriveKey(
        DigestAlgorithm digest, ReadOnlySpan<byte> secret, AlgorithmIdentifier keyInfo, int keySize, byte[]? userKeyingMaterial) =>
        X963Kdf.Derive(digest, secret, EncodeSharedInfo(keyInfo, keySize, userKeyingMaterial), keySize);

    internal static byte[] EncodeSharedInfo(AlgorithmIdentifier keyInfo, int keySize, byte[]? userKeyingMaterial)
    {
        Span<byte> bits = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bits, (uint)keySize * 8);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteAlgorithmIdentifier(keyInfo);
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

        return writer.Encode();
    }

    /// <summary>Completes an originator's public key with the recipient's curve, on which it must be.</summary>
    /// <returns>The key, whose point is still to be checked; null when curve or point format are refused.</returns>
    internal static SubjectPublicKeyInfo? CompletePublicKey(AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> point, SubjectPublicKeyInfo recipient)
    {
        if (recipient.CurveOid is not { } curve || algorithm.Oid != Oids.EcPublicKey || !NamesCurve(algorithm, curve))
        {
            return null;
        }

        // R5753-3.1.1-d: uncompressed; the compressed form is optional and nobody sends it, the hybrid form is illegal.
        int coordinate = (recipient.KeySize + 7) / 8;
        if (coordinate == 0 || point.Length != 1 + (2 * coordinate) || point.Span[0] != Uncompressed)
        {
            return null;
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteAlgorithmIdentifier(recipient.Algorithm);
            writer.WriteBitString(point.Span);
        }

        return SubjectPublicKeyInfo.Decode(writer.Encode());
    }

    // R5753-3.1.1-b, -c: absent, NULL or the recipient's own named curve; explicit parameters are refused (CVE-2022-0778).
    private static bool NamesCurve(AlgorithmIdentifier algorithm, string curve) =>
        algorithm.HasNullOrAbsentParameters
        || (Der.TryDecode(algorithm.Parameters, r => r.ReadObjectIdentifier(), out string? named, AsnEncodingRules.BER) && named == curve);
}
