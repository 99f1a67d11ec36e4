using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The private keys of EdDSA (RFC 8410 §7), ML-DSA (RFC 9881 §6) and SLH-DSA (RFC 9909 §6) inside PKCS #8.</summary>
/// <remarks><code>
/// CurvePrivateKey ::= OCTET STRING
/// ML-DSA-PrivateKey ::= CHOICE {
///     seed         [0] OCTET STRING (SIZE (32)),
///     expandedKey  OCTET STRING,
///     both         SEQUENCE { seed OCTET STRING (SIZE (32)), expandedKey OCTET STRING } }
/// SLH-DSA-PrivateKey ::= -- the raw octets
/// </code></remarks>
internal static class MessageKeys
{
    internal const int SeedSize = 32;

    /// <summary>Decodes to raw octets in pinned memory, which the caller wipes.</summary>
    /// <exception cref="MalformedDataException">The key is malformed, or its two forms disagree.</exception>
    internal static byte[] Decode(MessageSignature scheme, ReadOnlyMemory<byte> privateKey) => scheme switch
    {
        MLDsaSignature mlDsa => Der.Decode(privateKey, "privateKey", r => ReadMLDsa(mlDsa, r), AsnEncodingRules.BER),
        SlhDsaSignature slhDsa => OfSize(privateKey.Span, slhDsa.PrivateKeySize),
        _ => Der.Decode(privateKey, "privateKey", r => ReadOctets(r, scheme.PublicKeySize), AsnEncodingRules.BER),
    };

    /// <summary>Makes Bouncy Castle's form of an ML-DSA key, from its seed or its expanded form.</summary>
    internal static MLDsaPrivateKeyParameters Open(MLDsaSignature scheme, byte[] secret) => secret.Length == SeedSize
        ? MLDsaPrivateKeyParameters.FromSeed(scheme.Parameters, secret)
        : MLDsaPrivateKeyParameters.FromEncoding(scheme.Parameters, secret);

    private static byte[] ReadMLDsa(MLDsaSignature scheme, AsnReader reader)
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
        byte[] derived = Open(scheme, seed).WithPreferredFormat(MLDsaPrivateKeyParameters.Format.EncodingOnly).GetEncoded();
        bool same = CryptographicOperations.FixedTimeEquals(derived, expanded); // R9881-6-a
        CryptographicOperations.ZeroMemory(derived);
        CryptographicOperations.ZeroMemory(expanded);
        return same ? seed : throw KeyFailure.Malformed();
    }

    private static byte[] ReadOctets(AsnReader reader, int? size, Asn1Tag? tag = null)
    {
        ReadOnlyMemory<byte> octets = reader.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> value, tag) ? value : throw new AsnContentException();
        return OfSize(octets.Span, size ?? octets.Length);
    }

    private static byte[] OfSize(ReadOnlySpan<byte> octets, int size) =>
        octets.Length == size ? PrivateKeyMaterial.CopyPinned(octets) : throw KeyFailure.Malformed();
}
