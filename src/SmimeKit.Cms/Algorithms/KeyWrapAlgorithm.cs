using System.Collections.Immutable;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>A symmetric algorithm that encrypts a content-encryption key under a key-encryption key.</summary>
/// <remarks>
/// References: AES, RFC 3565 §2.3.2; AES with padding, RFC 5649; Camellia, RFC 3657 §3; Triple-DES and RC2, RFC 3370 §4.3 and RFC 3217.
/// Key agreement, symmetric recipients and key encapsulation use the same ones. Each is an object of its own; equality is identity.
/// </remarks>
public abstract class KeyWrapAlgorithm
{
    private const int StrongestKeySize = 32;

    private protected KeyWrapAlgorithm(string oid, string name, int keySize)
    {
        Oid = oid;
        Name = name;
        KeySize = keySize;
    }

    /// <summary>Gets AES Key Wrap with a key of 128 bits.</summary>
    public static KeyWrapAlgorithm Aes128 { get; } = new AesKeyWrap(Oids.Aes128Wrap, 16);

    /// <summary>Gets AES Key Wrap with a key of 192 bits.</summary>
    public static KeyWrapAlgorithm Aes192 { get; } = new AesKeyWrap(Oids.Aes192Wrap, 24);

    /// <summary>Gets AES Key Wrap with a key of 256 bits.</summary>
    public static KeyWrapAlgorithm Aes256 { get; } = new AesKeyWrap(Oids.Aes256Wrap, 32);

    /// <summary>Gets AES Key Wrap with Padding and a key of 128 bits.</summary>
    public static KeyWrapAlgorithm Aes128Padded { get; } = new PaddedAesKeyWrap(Oids.Aes128WrapPad, 16);

    /// <summary>Gets AES Key Wrap with Padding and a key of 192 bits.</summary>
    public static KeyWrapAlgorithm Aes192Padded { get; } = new PaddedAesKeyWrap(Oids.Aes192WrapPad, 24);

    /// <summary>Gets AES Key Wrap with Padding and a key of 256 bits.</summary>
    public static KeyWrapAlgorithm Aes256Padded { get; } = new PaddedAesKeyWrap(Oids.Aes256WrapPad, 32);

    /// <summary>Gets Camellia Key Wrap with a key of 128 bits.</summary>
    public static KeyWrapAlgorithm Camellia128 { get; } = new CamelliaKeyWrap(Oids.Camellia128Wrap, 16);

    /// <summary>Gets Camellia Key Wrap with a key of 192 bits.</summary>
    public static KeyWrapAlgorithm Camellia192 { get; } = new CamelliaKeyWrap(Oids.Camellia192Wrap, 24);

    /// <summary>Gets Camellia Key Wrap with a key of 256 bits.</summary>
    public static KeyWrapAlgorithm Camellia256 { get; } = new CamelliaKeyWrap(Oids.Camellia256Wrap, 32);

    /// <summary>Gets Triple-DES Key Wrap, for Triple-DES keys only. Weak: read under the legacy policy, written by explicit choice.</summary>
    public static KeyWrapAlgorithm TripleDes { get; } = new TripleDesKeyWrap();

    /// <summary>Gets RC2 Key Wrap with 128 effective bits. Weak: read under the legacy policy, written by explicit choice.</summary>
    public static KeyWrapAlgorithm Rc2 { get; } = new Rc2KeyWrap(128);

    /// <summary>Gets the built-in algorithms, preferred first.</summary>
    public static ImmutableArray<KeyWrapAlgorithm> BuiltIn { get; } =
    [
        Aes256, Aes128, Aes192, Aes256Padded, Aes128Padded, Aes192Padded, Camellia256, Camellia128, Camellia192, TripleDes, Rc2,
    ];

    /// <summary>Gets the object identifier in dotted form.</summary>
    public string Oid { get; }

    /// <summary>Gets the name for people: <c>AES-256-wrap</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the size of the key-encryption key in bytes.</summary>
    public int KeySize { get; }

    /// <summary>Gets the identifier as it is written: parameters absent, but for Triple-DES (NULL) and RC2 (the version).</summary>
    internal virtual AlgorithmIdentifier Identifier => new(Oid);

    /// <summary>Finds an algorithm by its identifier.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <returns>The algorithm, or null when it is not implemented.</returns>
    public static KeyWrapAlgorithm? Find(string oid) => BuiltIn.FirstOrDefault(a => a.Oid == oid);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Gets AES Key Wrap with keys of the size of the content's, R8551-2.3-b, or the next larger one.</summary>
    internal static KeyWrapAlgorithm Suitable(int keySize) => keySize switch
    {
        _ when !Aes128.Takes(keySize) => Aes256Padded,
        <= 16 => Aes128,
        <= 24 => Aes192,
        _ => Aes256,
    };

    /// <summary>Resolves an identifier.</summary>
    /// <param name="identifier">The identifier as read.</param>
    /// <param name="toleratesDeviations">Whether NULL passes for absent parameters, and the reverse (R3565-2.3.2-a).</param>
    /// <returns>The algorithm, or null when it is not implemented or has other parameters.</returns>
    internal static KeyWrapAlgorithm? Resolve(AlgorithmIdentifier identifier, bool toleratesDeviations)
    {
        if (identifier.Oid == Oids.Rc2Wrap)
        {
            return Rc2KeyWrap.Decode(identifier);
        }

        KeyWrapAlgorithm? found = Find(identifier.Oid);
        return found is not null && (found.HasProperParameters(identifier) || (toleratesDeviations && identifier.HasNullOrAbsentParameters))
            ? found
            : null;
    }

    /// <summary>Tells whether a key-encryption key is as strong as the key under it; keys of MACs are longer than any, and ask for the strongest.</summary>
    internal static bool IsStrongEnough(int keyEncryptionKeySize, int keySize) => keyEncryptionKeySize >= Math.Min(keySize, StrongestKeySize); // R3370-4.3-c, R3369-14-c

    /// <summary>Tells whether the parameters of an identifier of this algorithm are those of its RFC.</summary>
    internal bool HasProperParameters(AlgorithmIdentifier identifier) => identifier.Parameters.Span.SequenceEqual(Identifier.Parameters.Span);

    /// <summary>Tells whether keys of a size in bytes can be wrapped.</summary>
    internal abstract bool Takes(int keySize);

    /// <summary>Gets the size in bytes of a wrapped key.</summary>
    internal abstract int WrappedSize(int keySize);

    /// <summary>Wraps a key.</summary>
    internal byte[] Wrap(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(keyEncryptionKey.Length, KeySize);
        return Takes(key.Length)
            ? WrapCore(keyEncryptionKey, key)
            : throw new ArgumentOutOfRangeException(nameof(key), key.Length, $"{Name} takes no keys of this size.");
    }

    /// <summary>Unwraps a key. Takes the same time for every outcome, as far as the sizes are the same.</summary>
    /// <returns>The key, of a size that only its wrapping tells, which the caller wipes; null when anything is wrong.</returns>
    internal byte[]? Unwrap(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(keyEncryptionKey.Length, KeySize);
        return UnwrapCore(keyEncryptionKey, wrapped);
    }

    /// <summary>Unwraps a key of a known size.</summary>
    /// <returns>The key, which the caller wipes; null when anything is wrong, the size included.</returns>
    internal byte[]? Unwrap(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped, int keySize)
    {
        if (!Takes(keySize) || wrapped.Length != WrappedSize(keySize)) // lengths are fixed before anything is copied (CVE-2026-63072)
        {
            return null;
        }

        byte[]? key = Unwrap(keyEncryptionKey, wrapped);
        return key is null ? null : Release(key, key.Length == keySize);
    }

    private protected abstract byte[] WrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key);

    private protected abstract byte[]? UnwrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped);

    /// <summary>Hands a key out, or wipes it.</summary>
    private protected static byte[]? Release(byte[] key, bool isGood)
    {
        if (isGood)
        {
            return key;
        }

        CryptographicOperations.ZeroMemory(key);
        return null;
    }
}
