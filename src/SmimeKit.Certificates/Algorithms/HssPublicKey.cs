using System.Buffers.Binary;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The public key of a hierarchy of trees, RFC 8554 §6.1: the number of levels, and the key of the topmost tree.</summary>
internal readonly record struct HssPublicKey(ReadOnlyMemory<byte> Octets, int Levels, LmsPublicKey Top)
{
    private const int MaxLevels = 8; // RFC 8554 §6
    private const byte OctetStringTag = 0x04;

    /// <summary>Decodes a key: raw octets (RFC 9708 §4, RFC 9802), or in an OCTET STRING (RFC 8708). Null when it is none, or one of unknown types.</summary>
    internal static HssPublicKey? TryDecode(SubjectPublicKeyInfo key)
    {
        if (key.Algorithm.Oid != Oids.HssLms || !key.Algorithm.Parameters.IsEmpty) // R9708-3-a
        {
            return null;
        }

        // R9708-5-b: the number of levels is small, so raw octets begin with zero and never like an OCTET STRING.
        ReadOnlyMemory<byte> octets = key.Key;
        if (octets.Span is [OctetStringTag, ..])
        {
            octets = Der.TryDecode(octets, r => r.ReadOctetString(), out byte[]? inner) ? inner : default;
        }

        return octets.Length > sizeof(uint)
            && BinaryPrimitives.ReadUInt32BigEndian(octets.Span) is >= 1 and <= MaxLevels and var levels
            && LmsPublicKey.TryRead(octets.Span[sizeof(uint)..]) is { } top && octets.Length == sizeof(uint) + top.Size
            ? new HssPublicKey(octets, (int)levels, top)
            : null;
    }

    /// <summary>
    /// Whether a signature consists of what RFC 8554 §6.2 wants, to the octet, with trees of one hash function on all levels (SP 800-208 §4.3).
    /// What passes here makes no library stumble, and costs no more than its levels.
    /// </summary>
    internal bool FitsSignature(ReadOnlySpan<byte> signature)
    {
        if (signature.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32BigEndian(signature) != (uint)Levels - 1)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = signature[sizeof(uint)..];
        LmsPublicKey tree = Top;
        for (int level = 1; level < Levels; level++)
        {
            if (!tree.FitsSignature(rest) || LmsPublicKey.TryRead(rest[tree.Parameters.SignatureSize..]) is not { } next
                || next.Parameters.Digest != tree.Parameters.Digest || next.Parameters.Size != tree.Parameters.Size)
            {
                return false;
            }

            rest = rest[(tree.Parameters.SignatureSize + next.Size)..];
            tree = next;
        }

        return tree.FitsSignature(rest) && rest.Length == tree.Parameters.SignatureSize;
    }
}
