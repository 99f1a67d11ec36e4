using System.Formats.Asn1;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Decodes DSA keys, RFC 3279 §2.3.2, and refuses numbers that are traps.</summary>
/// <remarks><code>
/// Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
/// DSAPublicKey ::= INTEGER
/// </code></remarks>
internal static class DsaKeys
{
    private const int MinPrimeSize = 512;  // bits; the smallest ever specified (FIPS 186)
    private const int MaxPrimeSize = 4096; // bits; the largest specified is 3072, larger ones only burn time

    internal static DsaParameters? TryDecodeParameters(ReadOnlyMemory<byte> encoded) =>
        Der.TryDecode(encoded, ReadParameters, out DsaParameters? value) ? value : null;

    internal static DsaPublicKeyParameters? TryDecodePublicKey(ReadOnlyMemory<byte> key, DsaParameters parameters)
    {
        if (!Der.TryDecode(key, ReadNumber, out BigInteger? y) || !IsElement(y!, parameters.P))
        {
            return null;
        }

        try
        {
            return new DsaPublicKeyParameters(y, parameters);
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException)
        {
            return null; // not in the group of order q
        }
    }

    internal static DsaPrivateKeyParameters? TryDecodePrivateKey(ReadOnlyMemory<byte> key, DsaParameters parameters) =>
        Der.TryDecode(key, ReadNumber, out BigInteger? x, AsnEncodingRules.BER) && x!.SignValue > 0 && x.CompareTo(parameters.Q) < 0
            ? new DsaPrivateKeyParameters(x, parameters)
            : null;

    private static DsaParameters? ReadParameters(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        BigInteger p = ReadNumber(fields);
        BigInteger q = ReadNumber(fields);
        BigInteger g = ReadNumber(fields);
        fields.ThrowIfNotEmpty();
        bool usable = p.SignValue > 0 && p.BitLength is >= MinPrimeSize and <= MaxPrimeSize && p.TestBit(0)
            && q.SignValue > 0 && q.BitLength is 160 or 224 or 256 && q.TestBit(0) && IsElement(g, p);
        return usable ? new DsaParameters(p, q, g) : null;
    }

    private static BigInteger ReadNumber(AsnReader reader) => new(reader.ReadIntegerBytes().ToArray());

    // 2..p-2: the rest of the group has no secrets.
    private static bool IsElement(BigInteger value, BigInteger p) =>
        value.CompareTo(BigInteger.Two) >= 0 && value.CompareTo(p.Subtract(BigInteger.Two)) <= 0;
}
