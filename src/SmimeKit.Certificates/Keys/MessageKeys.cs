using System.Formats.Asn1;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The private keys of EdDSA (RFC 8410 §7), ML-DSA (RFC 9881 §6) and SLH-DSA (RFC 9909 §6) inside PKCS #8.</summary>
/// <remarks><code>
/// CurvePrivateKey ::= OCTET STRING
/// ML-DSA-PrivateKey ::= -- see SeededPrivateKey, with a seed of 32 octets
/// SLH-DSA-PrivateKey ::= -- the raw octets
/// </code></remarks>
internal static class MessageKeys
{
    internal const int SeedSize = 32;

    /// <summary>Decodes to raw octets in pinned memory, which the caller wipes.</summary>
    /// <exception cref="MalformedDataException">The key is malformed, or its two forms disagree.</exception>
    internal static byte[] Decode(MessageSignature scheme, ReadOnlyMemory<byte> privateKey) => scheme switch
    {
        MLDsaSignature mlDsa => SeededPrivateKey.Decode(
            privateKey, SeedSize, seed => Open(mlDsa, seed).WithPreferredFormat(MLDsaPrivateKeyParameters.Format.EncodingOnly).GetEncoded()),
        SlhDsaSignature slhDsa => OfSize(privateKey.Span, slhDsa.PrivateKeySize),
        _ => Der.Decode(privateKey, "privateKey", r => ReadOctets(r, scheme.PublicKeySize), AsnEncodingRules.BER),
    };

    /// <summary>Makes Bouncy Castle's form of an ML-DSA key, from its seed or its expanded form.</summary>
    internal static MLDsaPrivateKeyParameters Open(MLDsaSignature scheme, byte[] secret) => secret.Length == SeedSize
        ? MLDsaPrivateKeyParameters.FromSeed(scheme.Parameters, secret)
        : MLDsaPrivateKeyParameters.FromEncoding(scheme.Parameters, secret);

    private static byte[] ReadOctets(AsnReader reader, int size) =>
        OfSize((reader.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> octets) ? octets : throw new AsnContentException()).Span, size);

    private static byte[] OfSize(ReadOnlySpan<byte> octets, int size) =>
        octets.Length == size ? PrivateKeyMaterial.CopyPinned(octets) : throw KeyFailure.Malformed();
}
