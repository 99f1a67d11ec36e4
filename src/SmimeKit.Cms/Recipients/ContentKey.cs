using System.Security.Cryptography;

namespace SmimeKit.Cms.Recipients;

/// <summary>A content-encryption key that may be the right one. Only the content tells.</summary>
internal sealed class ContentKey(byte[] key, KeyRecovery recovery, bool isLost) : IDisposable
{
    internal byte[] Key => key;

    internal KeyRecovery Recovery => recovery;

    /// <summary>
    /// Gets whether this is a substitute for a key that could not be recovered: decryption runs its whole course with it, so that
    /// no step of a failure shows, and then fails whatever comes out.
    /// </summary>
    internal bool IsLost => isLost;

    public void Dispose() => CryptographicOperations.ZeroMemory(key);
}
