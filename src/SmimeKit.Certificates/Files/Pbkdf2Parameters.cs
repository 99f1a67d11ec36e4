using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
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
internal sealed record Pbkdf2Parameters(byte[] Salt, int Iterations, int? KeyLength, DigestAlgorithm Prf)
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
        budget.Spend(Cost(keySize));
        return Derive(password, keySize);
    }

    /// <summary>Derives a key, which the caller wipes and has paid for.</summary>
    internal byte[] Derive(byte[] password, int keySize) => Prf.HashName.Name is not null
        ? Rfc2898DeriveBytes.Pbkdf2(password, Salt, Iterations, Prf.HashName, keySize)
        : DeriveManaged(password, keySize);

    /// <summary>Gets the iterations that a key costs: each block of it costs all (RFC 8018 §5.2).</summary>
    internal long Cost(int keySize) => (long)Iterations * ((keySize + Prf.Size - 1) / Prf.Size);

    internal AlgorithmIdentifier ToIdentifier()
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

            if (Prf != DigestAlgorithm.Sha1) // the default is left out
            {
                parameters.WriteEncodedValue(AlgorithmIdentifier.WithNull(FindHmac(Prf)!).Encode());
            }
        }

        return new AlgorithmIdentifier(Oids.Pbkdf2, parameters.Encode());
    }

    internal void Encode(AsnWriter writer) => writer.WriteEncodedValue(ToIdentifier().Encode());

    /// <summary>The digest of an HMAC identifier of RFC 8018 B.1, or of RFC 3370 §3.1 (R3370-4.4.1-c).</summary>
    internal static DigestAlgorithm FindHmac(AlgorithmIdentifier mac) => mac.Oid switch
    {
        Oids.HmacWithSha1 or Oids.HmacWithSha1OfRfc3370 => DigestAlgorithm.Sha1,
        Oids.HmacWithSha224 => DigestAlgorithm.Sha224,
        Oids.HmacWithSha256 => DigestAlgorithm.Sha256,
        Oids.HmacWithSha384 => DigestAlgorithm.Sha384,
        Oids.HmacWithSha512 => DigestAlgorithm.Sha512,
        _ => throw new UnsupportedAlgorithmException(mac.Oid, "The pseudo-random function is not supported."),
    };

    /// <summary>The HMAC identifier with a digest; null when there is none.</summary>
    internal static string? FindHmac(DigestAlgorithm digest) => digest.Oid switch
    {
        Oids.Sha1 => Oids.HmacWithSha1,
        Oids.Sha224 => Oids.HmacWithSha224,
        Oids.Sha256 => Oids.HmacWithSha256,
        Oids.Sha384 => Oids.HmacWithSha384,
        Oids.Sha512 => Oids.HmacWithSha512,
        _ => null,
    };

    private byte[] DeriveManaged(byte[] password, int keySize)
    {
        var generator = new Pkcs5S2ParametersGenerator(BouncyCastleDigests.Create(Prf));
        generator.Init(password, Salt, Iterations);
        return ((KeyParameter)generator.GenerateDerivedMacParameters(keySize * 8)).GetKey();
    }

    private static Pbkdf2Parameters Decode(AsnReader reader, KdfBudget budget)
    {
        AsnReader fields = reader.ReadSequence();
        if (fields.PeekTag() == Asn1Tag.Sequence) // R3370-4.4.1-b
        {
            throw new UnsupportedAlgorithmException(Oids.Pbkdf2, "A salt from another source is not supported.");
        }

        byte[] salt = fields.ReadOctetString();
        int iterations = budget.ReadIterations(fields);
        int? keyLength = null;
        if (fields.HasTag(Asn1Tag.Integer))
        {
            keyLength = fields.TryReadInt32(out int value) && value > 0 ? value : throw new AsnContentException();
        }

        DigestAlgorithm prf = fields.HasData ? ReadPrf(fields) : DigestAlgorithm.Sha1;
        fields.ThrowIfNotEmpty();
        return salt.Length <= MaxSaltSize
            ? new Pbkdf2Parameters(salt, iterations, keyLength, prf)
            : throw new LimitExceededException(nameof(MaxSaltSize), MaxSaltSize);
    }

    private static DigestAlgorithm ReadPrf(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var identifier = new AlgorithmIdentifier(fields.ReadObjectIdentifier(), fields.HasData ? fields.ReadEncodedValue() : default);
        fields.ThrowIfNotEmpty();
        return identifier.HasNullOrAbsentParameters ? FindHmac(identifier) : throw new AsnContentException();
    }
}
