using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace SmimeKit.TestKit.Keys;

/// <summary>A key of a kind that the base library does not have, in its encodings: for certificates and for files.</summary>
public sealed class RawKey : AsymmetricAlgorithm
{
    private readonly byte[] _pkcs8;
    private readonly byte[] _publicKey;

    private RawKey(byte[] pkcs8, byte[] publicKey)
    {
        _pkcs8 = pkcs8;
        _publicKey = publicKey;
    }

    /// <summary>Makes a key of X25519, RFC 8410.</summary>
    public static RawKey X25519()
    {
        var key = new X25519PrivateKeyParameters(new SecureRandom());
        return Montgomery("1.3.101.110", key.GetEncoded(), key.GeneratePublicKey().GetEncoded());
    }

    /// <summary>Makes a key of X448, RFC 8410.</summary>
    public static RawKey X448()
    {
        var key = new X448PrivateKeyParameters(new SecureRandom());
        return Montgomery("1.3.101.111", key.GetEncoded(), key.GeneratePublicKey().GetEncoded());
    }

    /// <summary>Makes a key of X9.42 Diffie-Hellman in the group of 2048 bits with a subgroup of 256, RFC 5114 §2.3.</summary>
    public static RawKey DiffieHellman() => DiffieHellman(DiffieHellmanNumbers.Rfc5114);

    /// <summary>Makes a key of X9.42 Diffie-Hellman in a group.</summary>
    public static RawKey DiffieHellman(DiffieHellmanNumbers group)
    {
        BigInteger x = new BigInteger(RandomNumberGenerator.GetBytes(group.Q.GetByteCount(isUnsigned: true) - 1), isUnsigned: true) + 2;
        return DiffieHellman(group, x, BigInteger.ModPow(group.G, x, group.P));
    }

    /// <summary>Puts a key of X9.42 Diffie-Hellman together, sound or not.</summary>
    public static RawKey DiffieHellman(DiffieHellmanNumbers group, BigInteger x, BigInteger y)
    {
        byte[] algorithm = group.EncodeAlgorithm();
        return new RawKey(PrivateKeyInfo(algorithm, Encode(w => w.WriteInteger(x))), PublicKeyInfo(algorithm, Encode(w => w.WriteInteger(y))));
    }

    /// <summary>Puts a key of X25519 or X448 together.</summary>
    public static RawKey Montgomery(string oid, byte[] privateKey, byte[] publicKey)
    {
        byte[] algorithm = Encode(w => w.WriteObjectIdentifier(oid));
        return new RawKey(PrivateKeyInfo(algorithm, Encode(w => w.WriteOctetString(privateKey))), PublicKeyInfo(algorithm, publicKey));
    }

    public override bool TryExportPkcs8PrivateKey(Span<byte> destination, out int bytesWritten) => TryCopy(_pkcs8, destination, out bytesWritten);

    public override bool TryExportSubjectPublicKeyInfo(Span<byte> destination, out int bytesWritten) =>
        TryCopy(_publicKey, destination, out bytesWritten);

    private static bool TryCopy(byte[] value, Span<byte> destination, out int bytesWritten)
    {
        bool fits = value.AsSpan().TryCopyTo(destination);
        bytesWritten = fits ? value.Length : 0;
        return fits;
    }

    private static byte[] PrivateKeyInfo(byte[] algorithm, byte[] privateKey) => Encode(w =>
    {
        using (w.PushSequence())
        {
            w.WriteInteger(0);
            using (w.PushSequence())
            {
                Write(w, algorithm);
            }

            w.WriteOctetString(privateKey);
        }
    });

    private static byte[] PublicKeyInfo(byte[] algorithm, byte[] publicKey) => Encode(w =>
    {
        using (w.PushSequence())
        {
            using (w.PushSequence())
            {
                Write(w, algorithm);
            }

            w.WriteBitString(publicKey);
        }
    });

    // One value after the other.
    private static void Write(AsnWriter writer, ReadOnlyMemory<byte> values)
    {
        var reader = new AsnReader(values, AsnEncodingRules.DER);
        while (reader.HasData)
        {
            writer.WriteEncodedValue(reader.ReadEncodedValue().Span);
        }
    }

    internal static byte[] Encode(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }
}
