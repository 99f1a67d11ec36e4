using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>
/// Key objects of the base library for one public key, kept between uses: importing a key costs the platform several times what
/// verifying or encrypting with it does, and the keys of CAs and of correspondents are used over and over. Each object has one user at a time.
/// </summary>
internal sealed class NativeKeyPool<T>(Func<T?> create)
    where T : AsymmetricAlgorithm
{
    private const int MaxIdle = 4; // threads that verify with one key at the same moment; others import for themselves

    private readonly T?[] _idle = new T?[MaxIdle];

    /// <summary>Takes a key object, which the caller returns; null when the key is unusable.</summary>
    internal T? Rent()
    {
        for (int i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is not null && Interlocked.Exchange(ref _idle[i], null) is { } key)
            {
                return key;
            }
        }

        return create();
    }

    internal void Return(T key)
    {
        for (int i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is null && Interlocked.CompareExchange(ref _idle[i], key, null) is null)
            {
                return; // freed with the pool, by the finalizer of its handle
            }
        }

        key.Dispose();
    }
}
