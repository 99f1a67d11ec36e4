using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The integrity of a PKCS #12 file by password: the MAC of RFC 7292 §4, or PBMAC1 of RFC 9879.</summary>
/// <remarks><code>
/// MacData ::= SEQUENCE {
///     mac         SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING },
///     macSalt     OCTET STRING,
///     iterations  INTEGER DEFAULT 1 }
/// </code></remarks>
internal sealed class Pkcs12Mac
{
    private const int MinPbmac1KeySize = 20; // RFC 9879 §9

    private readonly AlgorithmIdentifier _algorithm;
    private readonly byte[] _digest;
    private readonly byte[] _salt;
    private readonly int _iterations;
    private readonly KdfBudget _budget;

    private Pkcs12Mac(AlgorithmIdentifier algorithm, byte[] digest, byte[] salt, int iterations, KdfBudget budget)
    {
        _algorithm = algorithm;
        _digest = digest;
        _salt = salt;
        _iterations = iterations;
        _budget = budget;
    }

    /// <summary>Whether the digest is one that nobody should use any more.</summary>
    internal bool IsWeak => _algorithm.Oid == Oids.Sha1;

    internal static Pkcs12Mac Decode(AsnReader reader, KdfBudget budget)
    {
        AsnReader fields = reader.ReadSequence();
        AsnReader digestInfo = fields.ReadSequence();
        AlgorithmIdentifier algorithm = AlgorithmIdentifier.Decode(digestInfo);
        byte[] digest = digestInfo.ReadOctetString();
        digestInfo.ThrowIfNotEmpty();
        byte[] salt = fields.ReadOctetString();
        bool ignored = algorithm.Oid == Oids.Pbmac1; // RFC 9879 §4: salt and iterations are in the parameters
        int iterations = 1;
        if (fields.HasData)
        {
            iterations = ignored ? Skip(fields) : budget.ReadIterations(fields);
        }

        fields.ThrowIfNotEmpty();
        return ignored || salt.Length is > 0 and <= Pbkdf2Parameters.MaxSaltSize
            ? new Pkcs12Mac(algorithm, digest, salt, iterations, budget)
            : throw new AsnContentException();
    }

    /// <summary>Checks the MAC over the content of authSafe.</summary>
    internal bool Verify(ReadOnlySpan<byte> content, FilePassword password)
    {
        byte[] expected = _algorithm.Oid == Oids.Pbmac1 ? ComputePbmac1(content, password) : Compute(content, password);
        return CryptographicOperations.FixedTimeEquals(expected, _digest);
    }

    private byte[] Compute(ReadOnlySpan<byte> content, FilePassword password)
    {
        Pkcs12Digest digest = Pkcs12Digest.Find(_algorithm.Oid)
            ?? throw new UnsupportedAlgorithmException(_algorithm.Oid, "The MAC of the PKCS #12 file is not supported.");
        _budget.Spend(_iterations);
        byte[] key = Pkcs12Kdf.Derive(digest, password.Bmp, _salt, _iterations, Pkcs12KdfPurpose.MacKey, digest.Size);
        try
        {
            return digest.Mac(key, content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    // PBMAC1-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }
    private byte[] ComputePbmac1(ReadOnlySpan<byte> content, FilePassword password)
    {
        (AlgorithmIdentifier derivation, AlgorithmIdentifier scheme) = Der.Decode(
            _algorithm.Parameters, "macData", ReadPair, AsnEncodingRules.BER);
        Pbkdf2Parameters kdf = Pbkdf2Parameters.Decode(derivation, _budget);
        DigestAlgorithm digest = Pbkdf2Parameters.FindHmac(scheme);
        HashAlgorithmName hash = digest.IsNative
            ? digest.HashName
            : throw new UnsupportedAlgorithmException(scheme.Oid, "The message authentication code is not supported.");
        if (kdf.KeyLength is not (>= MinPbmac1KeySize and <= Pbkdf2Parameters.MaxSaltSize)) // RFC 9879 §5: never left out
        {
            throw new MalformedDataException("pbmac1-key-length", "The key length of PBMAC1 is missing or out of range");
        }

        byte[] key = kdf.Derive(password.Utf8, kdf.KeyLength.Value, _budget);
        try
        {
            return CryptographicOperations.HmacData(hash, key, content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static int Skip(AsnReader reader)
    {
        reader.ReadIntegerBytes();
        return 1;
    }

    private static (AlgorithmIdentifier, AlgorithmIdentifier) ReadPair(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        AlgorithmIdentifier first = AlgorithmIdentifier.Decode(fields);
        AlgorithmIdentifier second = AlgorithmIdentifier.Decode(fields);
        fields.ThrowIfNotEmpty();
        return (first, second);
    }
}
