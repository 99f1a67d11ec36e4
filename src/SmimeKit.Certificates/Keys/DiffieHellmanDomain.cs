using System.Formats.Asn1;
using Org.BouncyCastle.Math;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The domain parameters of X9.42 Diffie-Hellman, RFC 3279 §2.3.3, with those refused that are traps.</summary>
/// <remarks><code>
/// DomainParameters ::= SEQUENCE {
///     p                INTEGER,           -- odd prime, p = jq + 1
///     g                INTEGER,           -- generator of the subgroup of order q
///     q                INTEGER,           -- factor of p - 1
///     j                INTEGER OPTIONAL,
///     validationParms  ValidationParms OPTIONAL }
/// </code></remarks>
internal sealed class DiffieHellmanDomain
{
    private const int MinPrimeBits = 512;  // R2631-2.2-a
    private const int MaxPrimeBits = 8192; // larger ones only burn time
    private const int MinOrderBits = 160;  // R2631-2.2-a

    private DiffieHellmanDomain(BigInteger p, BigInteger g, BigInteger q)
    {
        P = p;
        G = g;
        Q = q;
    }

    internal BigInteger P { get; }

    internal BigInteger G { get; }

    internal BigInteger Q { get; }

    /// <summary>Gets the size of the prime, and of a secret, in bytes.</summary>
    internal int Size => (P.BitLength + 7) / 8;

    /// <summary>Decodes parameters; null when they are malformed, or cannot be those of a group.</summary>
    internal static DiffieHellmanDomain? TryDecode(ReadOnlyMemory<byte> encoded) =>
        Der.TryDecode(encoded, Read, out DiffieHellmanDomain? value) ? value : null;

    /// <summary>Decodes a public key: 2..p-2. Membership in the subgroup is for <see cref="HasOrderQ"/>.</summary>
    internal BigInteger? TryDecodePublicKey(ReadOnlyMemory<byte> key) =>
        Der.TryDecode(key, ReadNumber, out BigInteger? y) && IsInRange(y!) ? y : null;

    /// <summary>Tells whether a number of the group is in its subgroup: others leak the private key, piece by piece (R2631-2.1.5-a).</summary>
    internal bool HasOrderQ(BigInteger value) => value.ModPow(Q, P).Equals(BigInteger.One);

    internal bool IsSameAs(DiffieHellmanDomain other) => P.Equals(other.P) && G.Equals(other.G) && Q.Equals(other.Q);

    /// <summary>Encodes the three numbers that make the group.</summary>
    internal byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(P.ToByteArray());
            writer.WriteInteger(G.ToByteArray());
            writer.WriteInteger(Q.ToByteArray());
        }

        return writer.Encode();
    }

    internal static BigInteger ReadNumber(AsnReader reader) => new(reader.ReadIntegerBytes().ToArray());

    private static DiffieHellmanDomain? Read(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        BigInteger p = ReadNumber(fields);
        BigInteger g = ReadNumber(fields);
        BigInteger q = ReadNumber(fields);
        while (fields.HasData)
        {
            fields.ReadEncodedValue(); // j and validationParms follow from the others, or tell how they were found
        }

        var domain = new DiffieHellmanDomain(p, g, q);
        return domain.IsPlausible() ? domain : null;
    }

    private bool IsPlausible() =>
        P.SignValue > 0 && P.BitLength is >= MinPrimeBits and <= MaxPrimeBits && P.TestBit(0)
        && Q.SignValue > 0 && Q.BitLength >= MinOrderBits && Q.TestBit(0) && Q.CompareTo(P) < 0
        && P.Subtract(BigInteger.One).Mod(Q).SignValue == 0
        && IsInRange(G);

    // 2..p-2: the rest of the group has no secrets.
    private bool IsInRange(BigInteger value) =>
        value.CompareTo(BigInteger.Two) >= 0 && value.CompareTo(P.Subtract(BigInteger.Two)) <= 0;
}
