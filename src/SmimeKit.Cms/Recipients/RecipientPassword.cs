using System.Security.Cryptography;
using System.Text;

namespace SmimeKit.Cms.Recipients;

/// <summary>A password that messages are encrypted with, in memory. Wiped when disposed.</summary>
/// <remarks>
/// Whoever has the message can try passwords for as long as he likes: take a passphrase of many words, better a random one
/// (RFC 3211 §4).
/// </remarks>
public sealed class RecipientPassword : IDisposable
{
    private readonly byte[] _octets;
    private bool _disposed;

    /// <summary>Initializes a password from text, whose octets are those of UTF-8 without terminator (RFC 8018 §3).</summary>
    /// <param name="password">The password.</param>
    public RecipientPassword(string password)
        : this(Encoding.UTF8.GetByteCount(password ?? throw new ArgumentNullException(nameof(password))), isKey: false) =>
        Encoding.UTF8.GetBytes(password, _octets);

    private RecipientPassword(int size, bool isKey)
    {
        _octets = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        IsKey = isKey;
    }

    /// <summary>Makes a password of octets, for what was not UTF-8 when the message was made.</summary>
    /// <param name="octets">The octets that the key is derived from; copied: the caller wipes them.</param>
    /// <returns>The password, which the caller disposes.</returns>
    public static RecipientPassword FromOctets(ReadOnlySpan<byte> octets) => Copy(octets, isKey: false);

    /// <summary>
    /// Makes a key-encryption key that comes from elsewhere, a token for instance: for recipients whose entry names no key derivation
    /// (RFC 5652 §6.2.4).
    /// </summary>
    /// <param name="key">The key; copied: the caller wipes it.</param>
    /// <returns>The key, which the caller disposes.</returns>
    public static RecipientPassword FromKeyEncryptionKey(ReadOnlySpan<byte> key) => Copy(key, isKey: true);

    /// <summary>Gets whether this is the key itself, and nothing is derived.</summary>
    internal bool IsKey { get; }

    internal byte[] Octets
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _octets;
        }
    }

    /// <summary>Wipes the password.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_octets);
    }

    private static RecipientPassword Copy(ReadOnlySpan<byte> octets, bool isKey)
    {
        var password = new RecipientPassword(octets.Length, isKey);
        octets.CopyTo(password._octets);
        return password;
    }
}
