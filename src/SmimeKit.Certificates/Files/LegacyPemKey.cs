using System.Security.Cryptography;
using System.Text;

namespace SmimeKit.Certificates;

/// <summary>Private keys in the old encrypted PEM form of OpenSSL: RFC 1421 headers, a key derived by one round of MD5.</summary>
internal static class LegacyPemKey
{
    private const int SaltSize = 8;

    internal static bool IsEncrypted(string headers) => headers.Contains("ENCRYPTED", StringComparison.Ordinal);

    /// <summary>Decrypts; null when the padding says that the password is wrong. The caller wipes the result.</summary>
    internal static byte[]? Decrypt(string headers, ReadOnlySpan<byte> encrypted, FilePassword password)
    {
        (string cipher, byte[] vector) = ReadInfo(headers);
        (SymmetricAlgorithm algorithm, int keySize) = cipher switch
        {
            "AES-128-CBC" => ((SymmetricAlgorithm)Aes.Create(), 16),
            "AES-192-CBC" => (Aes.Create(), 24),
            "AES-256-CBC" => (Aes.Create(), 32),
            "DES-EDE3-CBC" => (PasswordEncryption.CreateTripleDes(), 24),
            _ => throw new UnsupportedAlgorithmException(cipher, "The encryption of the PEM key is not supported."),
        };
        using (algorithm)
        {
            if (vector.Length != algorithm.BlockSize / 8)
            {
                throw Malformed();
            }

            byte[] key = Derive(password.Utf8, vector.AsSpan(0, SaltSize), keySize);
            try
            {
                algorithm.Key = key;
                return algorithm.DecryptCbc(encrypted, vector);
            }
            catch (CryptographicException)
            {
                return null;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
            }
        }
    }

    // DEK-Info: AES-256-CBC,0123456789ABCDEF0123456789ABCDEF
    private static (string Cipher, byte[] Vector) ReadInfo(string headers)
    {
        string? info = headers.Split('\n', '\r').FirstOrDefault(line => line.StartsWith("DEK-Info:", StringComparison.Ordinal));
        string[] parts = info?["DEK-Info:".Length..].Split(',') ?? [];
        if (parts.Length != 2)
        {
            throw Malformed();
        }

        try
        {
            return (parts[0].Trim(), Convert.FromHexString(parts[1].Trim()));
        }
        catch (FormatException)
        {
            throw Malformed();
        }
    }

    private static byte[] Derive(byte[] password, ReadOnlySpan<byte> salt, int size)
    {
        byte[] key = new byte[size];
        byte[] block = [];
        for (int offset = 0; offset < size; offset += block.Length)
        {
            byte[] input = [.. block, .. password, .. salt];
            block = CryptographicOperations.HashData(HashAlgorithmName.MD5, input);
            CryptographicOperations.ZeroMemory(input);
            block.AsSpan(0, Math.Min(block.Length, size - offset)).CopyTo(key.AsSpan(offset));
        }

        CryptographicOperations.ZeroMemory(block);
        return key;
    }

    private static MalformedDataException Malformed() => new("pem-malformed", "The headers of a PEM key are malformed");
}
