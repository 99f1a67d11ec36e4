using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Paddings;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Password-based encryption of key files.</summary>
/// <remarks>
/// Read: PBES2 with PBKDF2 and AES or 3DES in CBC mode (RFC 8018 §6.2), the schemes of RFC 7292 C with 3DES, RC2 and RC4. Written: PBES2
/// with PBKDF2, HMAC-SHA-256 and AES-256 only.
/// </remarks>
internal static class PasswordEncryption
{
    private const int AesBlockSize = 16;
    private const int AesKeySize = 32;
    private const int SaltSize = 16;

    /// <summary>Decrypts; null when the padding says that the password is wrong. The caller wipes the result.</summary>
    internal static byte[]? Decrypt(AlgorithmIdentifier scheme, ReadOnlyMemory<byte> encrypted, FilePassword password, KdfBudget budget)
    {
        try
        {
            return scheme.Oid == Oids.Pbes2
                ? DecryptPbes2(scheme, encrypted, password, budget)
                : DecryptPkcs12(scheme, encrypted, password, budget);
        }
        catch (Exception e) when (e is CryptographicException or CryptoException)
        {
            return null; // wrong padding, or no whole number of blocks
        }
    }

    /// <summary>Names a scheme that no longer protects, or null.</summary>
    internal static string? FindWeakness(AlgorithmIdentifier scheme) => scheme.Oid switch
    {
        Oids.PbeSha1Rc4With128 or Oids.PbeSha1Rc4With40 => "RC4",
        Oids.PbeSha1Rc2With128 or Oids.PbeSha1Rc2With40 => "RC2",
        Oids.PbeSha1TripleDes3Key or Oids.PbeSha1TripleDes2Key => "3DES",
        _ => null,
    };

    /// <summary>Encrypts with a fresh salt and writes the scheme's identifier.</summary>
    /// <returns>The encrypted octets.</returns>
    internal static byte[] Encrypt(ReadOnlySpan<byte> secret, FilePassword password, int iterations, AsnWriter identifier)
    {
        var kdf = new Pbkdf2Parameters(RandomNumberGenerator.GetBytes(SaltSize), iterations, KeyLength: null, DigestAlgorithm.Sha256);
        byte[] vector = RandomNumberGenerator.GetBytes(AesBlockSize);
        using (identifier.PushSequence())
        {
            identifier.WriteObjectIdentifier(Oids.Pbes2);
            using (identifier.PushSequence())
            {
                kdf.Encode(identifier);
                using (identifier.PushSequence())
                {
                    identifier.WriteObjectIdentifier(Oids.Aes256Cbc);
                    identifier.WriteOctetString(vector);
                }
            }
        }

        byte[] key = kdf.Derive(password.Utf8, AesKeySize, new KdfBudget(iterations));
        try
        {
            using Aes aes = Aes.Create();
            aes.Key = key;
            return aes.EncryptCbc(secret, vector);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "Files of the past are encrypted with it; reading them is warned of.")]
    internal static TripleDES CreateTripleDes() => TripleDES.Create();

    // PBES2-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, encryptionScheme AlgorithmIdentifier }
    private static byte[] DecryptPbes2(
        AlgorithmIdentifier scheme, ReadOnlyMemory<byte> encrypted, FilePassword password, KdfBudget budget)
    {
        (AlgorithmIdentifier derivation, AlgorithmIdentifier cipher) = Der.Decode(
            scheme.Parameters, "encryptionAlgorithm", ReadPair, AsnEncodingRules.BER);
        Pbkdf2Parameters kdf = Pbkdf2Parameters.Decode(derivation, budget);
        int keySize = cipher.Oid switch
        {
            Oids.Aes128Cbc => 16,
            Oids.Aes192Cbc or Oids.TripleDesCbc => 24,
            Oids.Aes256Cbc => AesKeySize,
            _ => throw new UnsupportedAlgorithmException(cipher.Oid, "The cipher is not supported in key files."),
        };
        byte[] vector = Der.Decode(cipher.Parameters, "encryptionScheme", r => r.ReadOctetString(), AsnEncodingRules.BER);
        if (kdf.KeyLength is { } named && named != keySize)
        {
            throw new MalformedDataException("pbes2-key-length", "The key length does not fit the cipher");
        }

        byte[] key = kdf.Derive(password.Utf8, keySize, budget);
        return DecryptCbc(cipher.Oid == Oids.TripleDesCbc ? CreateTripleDes() : Aes.Create(), key, vector, encrypted.Span);
    }

    private static (AlgorithmIdentifier, AlgorithmIdentifier) ReadPair(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        AlgorithmIdentifier first = AlgorithmIdentifier.Decode(fields);
        AlgorithmIdentifier second = AlgorithmIdentifier.Decode(fields);
        fields.ThrowIfNotEmpty();
        return (first, second);
    }

    // RFC 7292 C: pkcs-12PbeParams ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }
    private static byte[] DecryptPkcs12(
        AlgorithmIdentifier scheme, ReadOnlyMemory<byte> encrypted, FilePassword password, KdfBudget budget)
    {
        (int keySize, int vectorSize) = scheme.Oid switch
        {
            Oids.PbeSha1Rc4With128 => (16, 0),
            Oids.PbeSha1Rc4With40 => (5, 0),
            Oids.PbeSha1TripleDes3Key => (24, 8),
            Oids.PbeSha1TripleDes2Key => (16, 8),
            Oids.PbeSha1Rc2With128 => (16, 8),
            Oids.PbeSha1Rc2With40 => (5, 8),
            _ => throw new UnsupportedAlgorithmException(scheme.Oid, "The encryption of the key file is not supported."),
        };
        (byte[] salt, int iterations) = Der.Decode(
            scheme.Parameters, "encryptionAlgorithm", r => ReadSalt(r, budget), AsnEncodingRules.BER);
        budget.Spend((long)iterations * ((keySize > SHA1.HashSizeInBytes ? 2 : 1) + (vectorSize > 0 ? 1 : 0)));
        byte[] key = Pkcs12Kdf.Derive(Pkcs12Digest.Sha1, password.Bmp, salt, iterations, Pkcs12KdfPurpose.Key, keySize);
        byte[] vector = vectorSize == 0 ? [] : Pkcs12Kdf.Derive(
            Pkcs12Digest.Sha1, password.Bmp, salt, iterations, Pkcs12KdfPurpose.InitializationVector, vectorSize);
        try
        {
            return scheme.Oid switch
            {
                Oids.PbeSha1TripleDes3Key => DecryptCbc(CreateTripleDes(), [.. key], vector, encrypted.Span),
                Oids.PbeSha1TripleDes2Key => DecryptCbc(CreateTripleDes(), [.. key, .. key[..8]], vector, encrypted.Span),
                Oids.PbeSha1Rc2With128 or Oids.PbeSha1Rc2With40 => DecryptRc2(key, vector, encrypted.Span),
                _ => DecryptRc4(key, encrypted.Span),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static (byte[] Salt, int Iterations) ReadSalt(AsnReader reader, KdfBudget budget)
    {
        AsnReader fields = reader.ReadSequence();
        byte[] salt = fields.ReadOctetString();
        int iterations = budget.ReadIterations(fields);
        fields.ThrowIfNotEmpty();
        return salt.Length is > 0 and <= Pbkdf2Parameters.MaxSaltSize ? (salt, iterations) : throw new AsnContentException();
    }

    // Disposes the algorithm and wipes the key.
    private static byte[] DecryptCbc(SymmetricAlgorithm algorithm, byte[] key, byte[] vector, ReadOnlySpan<byte> encrypted)
    {
        try
        {
            algorithm.Key = key;
            return vector.Length == algorithm.BlockSize / 8
                ? algorithm.DecryptCbc(encrypted, vector)
                : throw new MalformedDataException("iv-length", "The initialization vector has the wrong length");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            algorithm.Dispose();
        }
    }

    // The base library has no RC2 where OpenSSL's legacy provider is missing.
    private static byte[] DecryptRc2(byte[] key, byte[] vector, ReadOnlySpan<byte> encrypted)
    {
        var cipher = new PaddedBufferedBlockCipher(new CbcBlockCipher(new RC2Engine()), new Pkcs7Padding());
        cipher.Init(forEncryption: false, new ParametersWithIV(new RC2Parameters(key, key.Length * 8), vector));
        byte[] padded = new byte[cipher.GetOutputSize(encrypted.Length)];
        try
        {
            int count = cipher.ProcessBytes(encrypted, padded);
            count += cipher.DoFinal(padded.AsSpan(count));
            return padded[..count];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    private static byte[] DecryptRc4(byte[] key, ReadOnlySpan<byte> encrypted)
    {
        var cipher = new RC4Engine();
        cipher.Init(forEncryption: false, new KeyParameter(key));
        byte[] decrypted = new byte[encrypted.Length];
        cipher.ProcessBytes(encrypted, decrypted);
        return decrypted;
    }
}
