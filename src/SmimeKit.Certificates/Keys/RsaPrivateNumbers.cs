using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The numbers of an RSA key that came from a file, kept for what the base library cannot do with them. Wiped when disposed.</summary>
internal sealed class RsaPrivateNumbers(byte[] rsaPrivateKey, int modulusSize) : IDisposable
{
    private bool _disposed;

    internal int ModulusSize { get; } = modulusSize;

    /// <summary>Makes Bouncy Castle's form of the key for one operation.</summary>
    internal RsaPrivateCrtKeyParameters ToBouncyCastle()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Der.Decode(rsaPrivateKey, "", ReadNumbers);
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(rsaPrivateKey);
    }

    // RSAPrivateKey ::= SEQUENCE { version, modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient }
    private static RsaPrivateCrtKeyParameters ReadNumbers(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        fields.ReadIntegerBytes();
        BigInteger[] n = [.. Enumerable.Range(0, 8).Select(_ => new BigInteger(1, fields.ReadIntegerBytes().Span))];
        return new RsaPrivateCrtKeyParameters(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
    }
}
