using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>PBKDF2 with its parameters, RFC 8018 A.2.</summary>
/// <remarks><code>
/// PBKDF2-params ::= SEQUENCE {
///     salt            CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
///     iterationCount  INTEGER,
///     keyLength       INTEGER OPTIONAL,
///     prf             AlgorithmIdentifier DEFAULT hmacWithSHA1 }
/// </code></remarks>
internal sealed record Pbkdf2Parameters(byte[] Salt, int Iterations, int? KeyLength, HashAlgorithmName Prf)
{
    internal const int MaxSaltSize = 1024;

    internal static Pbkdf2Parameters Decode(AlgorithmIdentifier kdf, KdfBudget budget)
    {
        if (kdf.Oid != Oids.Pbkdf2)
        {
            throw new UnsupportedAlgorithmException(kdf.Oid, "The key derivation is not supported.");
        }

        return Der.Decode(kdf.Parameters, "keyDerivationFunc", r => Decode(r, budget), AsnEncodingRules.BER);
    }

    /// <summary>Derives a key, which the caller wipes; pays for it first.</summary>
    internal byte[] Derive(byte[] password, int keySize, KdfBudget budget)
    {
        budget.Spend((long)Iterations * CountBlocks(keySize)); // RFC 8018 §5.2: each block of the key costs all iterations
        return Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, Prf, keySize);
    }

    private int CountBlocks(int keySize)
    {
        int size = Prf.Name switch
        {
            nameof(HashAlgorithmName.SHA1) => SHA1.HashSizeInBytes,
            nameof(HashAlgorithmName.SHA256) => SHA256.HashSizeInBytes,
            nameof(HashAlgorithmName.SHA384) => SHA384.HashSizeInBytes,
            _ => SHA512.HashSizeInBytes,
        };
        return (keySize + size - 1) / size;
    }

    internal void Encode(AsnWriter writer)
    {
        var parameters = new AsnWriter(AsnEncodingRules.DER);
        using (parameters.PushSequence())
        {
            parameters.WriteOctetString(Salt);
            parameters.WriteInteger(Iterations);
            if (KeyLength is { } keyLength)
            {
                parameters.WriteInteger(keyLength);
            }

            AlgorithmIdentifier.WithNull(Oids.HmacWithSha256).Encode(parameters);
        }

        new AlgorithmIdentifier(Oids.Pbkdf2, parameters.Encode()).Encode(writer);
    }

    /// <summary>The digest of an HMAC identifier of RFC 8018 B.1.</summary>
    internal static HashAlgorithmName FindHmac(AlgorithmIdentifier mac) => mac.Oid switch
    {
        Oids.HmacWithSha1 => HashAlgorithmName.SHA1,
        Oids.HmacWithSha256 => HashAlgorithmName.SHA256,
        Oids.HmacWithSha384 => HashAlgorithmName.SHA384,
        Oids.HmacWithSha512 => HashAlgorithmName.SHA512,
        _ => throw new UnsupportedAlgorithmException(mac.Oid, "The pseudo-random function is not supported."),
    };

    private static Pbkdf2Parameters Decode(AsnReader reader, KdfBudget budget)
    {
        AsnReader fields = reader.ReadSequence();
        byte[] salt = fields.ReadOctetString();
        int iterations = budget.ReadIterations(fields);
        int? keyLength = null;
        if (fields.HasTag(Asn1Tag.Integer))
        {
            keyLength = fields.TryReadInt32(out int value) && value > 0 ? value : throw new AsnContentException();
        }

        HashAlgorithmName prf = fields.HasData ? FindHmac(AlgorithmIdentifier.Decode(fields)) : HashAlgorithmName.SHA1;
        fields.ThrowIfNotEmpty();
        return salt.Length <= MaxSaltSize
            ? new Pbkdf2Parameters(salt, iterations, keyLength, prf)
            : throw new LimitExceededException(nameof(MaxSaltSize), MaxSaltSize);
    }
}
