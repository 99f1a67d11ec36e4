using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>
/// A small throw-away key that is made to end the other way: whatever the outcome of the real decryption, the platform succeeds once
/// and fails once, so that neither its exception nor the lack of one takes time that tells.
/// </summary>
internal sealed class RsaDecoy
{
    private static readonly Lazy<RsaDecoy> _instance = new(() => new RsaDecoy());

    private readonly RSA _key;
    private readonly byte[] _good;
    private readonly byte[] _bad;

    private RsaDecoy()
    {
        _key = Generate();
        _good = _key.Encrypt(new byte[16], RSAEncryptionPadding.Pkcs1);
        _bad = new byte[_key.KeySize / 8];
        _bad[^1] = 1; // 1 is its own root: the block 00 … 01 has no padding.
    }

    /// <summary>Gets the key of this process, made once and never changed.</summary>
    internal static RsaDecoy Instance => _instance.Value;

    /// <summary>Succeeds where the real decryption failed, and fails where it succeeded.</summary>
    internal void DecryptTheOther(bool failed)
    {
        Span<byte> block = stackalloc byte[_bad.Length];
        try
        {
            _key.TryDecrypt(failed ? _good : _bad, block, RSAEncryptionPadding.Pkcs1, out _);
        }
        catch (CryptographicException)
        {
            // Wanted: see above.
        }
    }

    // It protects nothing, so it is small; platforms in FIPS mode refuse the smaller size.
    private static RSA Generate()
    {
        try
        {
            return RSA.Create(512);
        }
        catch (CryptographicException)
        {
            return RSA.Create(2048);
        }
    }
}
