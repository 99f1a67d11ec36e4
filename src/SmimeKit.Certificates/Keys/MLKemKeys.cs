using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The private keys of ML-KEM inside PKCS #8, RFC 9935 §6.</summary>
/// <remarks><code>
/// ML-KEM-PrivateKey ::= CHOICE {
///     seed         [0] OCTET STRING (SIZE (64)),
///     expandedKey  OCTET STRING,
///     both         SEQUENCE { seed OCTET STRING (SIZE (64)), expandedKey OCTET STRING } }
/// </code></remarks>
internal static class MLKemKeys
{
    internal const int SeedSize = 64;

    /// <summary>Decodes to the seed, or to the expanded key where there is no seed, in pinned memory that the caller wipes.</summary>
    /// <exception cref="MalformedDataException">The key is malformed, or its two forms disagree.</exception>
    internal static byte[] Decode(MLKemParameterSet set, ReadOnlyMemory<byte> privateKey) =>
        Der.Decode(privateKey, "privateKey", r => Read(set, r), AsnEncodingRules.BER);

    /// <summary>Makes Bouncy Castle's form of a key from its seed or its expanded form.</summary>
    internal static MLKemPrivateKeyParameters Open(MLKemParameterSet set, byte[] secret) => secret.Length == SeedSize
        ? MLKemPrivateKeyParameters.FromSeed(set.Managed, secret)
        : MLKemPrivateKeyParameters.FromEncoding(set.Managed, secret);

    private static byte[] Read(MLKemParameterSet set, AsnReader reader)
    {
        if (reader.HasTag(Der.Context(0, constructed: false)))
        {
            return ReadOctets(reader, SeedSize, Der.Context(0, constructed: false));
        }

        if (!reader.HasTag(Asn1Tag.Sequence))
        {
            return ReadOctets(reader, null);
        }

        AsnReader both = reader.ReadSequence();
        byte[] seed = ReadOctets(both, SeedSize);
        byte[] expanded = ReadOctets(both, null);
        both.ThrowIfNotEmpty();
        byte[] derived = Open(set, seed).WithPreferredFormat(MLKemPrivateKeyParameters.Format.EncodingOnly).GetEncoded();
        bool same = CryptographicOperations.FixedTimeEquals(derived, expanded); // R9935-6-a
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
