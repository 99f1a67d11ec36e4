using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The form that private keys of ML-DSA (RFC 9881 §6) and ML-KEM (RFC 9935 §6) have in common inside PKCS #8.</summary>
/// <remarks><code>
/// CHOICE {
///     seed         [0] OCTET STRING,
///     expandedKey  OCTET STRING,
///     both         SEQUENCE { seed OCTET STRING, expandedKey OCTET STRING } }
/// </code></remarks>
internal static class SeededPrivateKey
{
    /// <summary>Decodes to the seed, or to the expanded key where there is no seed, in pinned memory that the caller wipes.</summary>
    /// <param name="privateKey">The privateKey of PKCS #8.</param>
    /// <param name="seedSize">The size of a seed in bytes.</param>
    /// <param name="expand">Makes the expanded key of a seed.</param>
    /// <exception cref="MalformedDataException">The key is malformed, or its two forms disagree.</exception>
    internal static byte[] Decode(ReadOnlyMemory<byte> privateKey, int seedSize, Func<byte[], byte[]> expand) =>
        Der.Decode(privateKey, "privateKey", r => Read(r, seedSize, expand), AsnEncodingRules.BER);

    private static byte[] Read(AsnReader reader, int seedSize, Func<byte[], byte[]> expand)
    {
        if (reader.HasTag(Der.Context(0, constructed: false)))
        {
            return ReadOctets(reader, seedSize, Der.Context(0, constructed: false));
        }

        if (!reader.HasTag(Asn1Tag.Sequence))
        {
            return ReadOctets(reader, null);
        }

        AsnReader both = reader.ReadSequence();
        byte[] seed = ReadOctets(both, seedSize);
        byte[] expanded = ReadOctets(both, null);
        both.ThrowIfNotEmpty();
        byte[] derived = expand(seed);
        bool same = CryptographicOperations.FixedTimeEquals(derived, expanded); // R9881-6-a, R9935-6-a
        CryptographicOperations.ZeroMemory(derived);
        CryptographicOperations.ZeroMemory(expanded);
        return same ? seed : throw KeyFailure.Malformed();
    }

    private static byte[] ReadOctets(AsnReader reader, int? size, Asn1Tag? tag = null)
    {
        ReadOnlyMemory<byte> octets = reader.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> value, tag) ? value : throw new AsnContentException();
        return octets.Length == (size ?? octets.Length) ? PrivateKeyMaterial.CopyPinned(octets.Span) : throw KeyFailure.Malformed();
    }
}
