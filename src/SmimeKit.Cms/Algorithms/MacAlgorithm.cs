using System.Collections.Immutable;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>One message authentication code of AuthenticatedData: identifier, names and sizes.</summary>
/// <remarks>Each family is a file of its own; a row of <see cref="BuiltIn"/> adds an algorithm.</remarks>
public abstract class MacAlgorithm
{
    private protected MacAlgorithm(string oid, string name, int keySize, int size)
    {
        Oid = oid;
        Name = name;
        KeySize = keySize;
        Size = size;
    }

    /// <summary>Gets HMAC with SHA-256, RFC 4231.</summary>
    public static MacAlgorithm HmacSha256 => HmacAlgorithm.Sha256;

    /// <summary>Gets HMAC with SHA-384, RFC 4231.</summary>
    public static MacAlgorithm HmacSha384 => HmacAlgorithm.Sha384;

    /// <summary>Gets HMAC with SHA-512, RFC 4231.</summary>
    public static MacAlgorithm HmacSha512 => HmacAlgorithm.Sha512;

    /// <summary>Gets HMAC with SHA-224, RFC 4231.</summary>
    public static MacAlgorithm HmacSha224 => HmacAlgorithm.Sha224;

    /// <summary>Gets HMAC with SHA-1, RFC 3370 §6.1. Not broken, but read with a weakness and written by explicit choice only.</summary>
    public static MacAlgorithm HmacSha1 => HmacAlgorithm.Sha1;

    /// <summary>Gets AES-128-GMAC, RFC 9044.</summary>
    public static MacAlgorithm Aes128Gmac => GmacAlgorithm.Aes128;

    /// <summary>Gets AES-192-GMAC, RFC 9044.</summary>
    public static MacAlgorithm Aes192Gmac => GmacAlgorithm.Aes192;

    /// <summary>Gets AES-256-GMAC, RFC 9044.</summary>
    public static MacAlgorithm Aes256Gmac => GmacAlgorithm.Aes256;

    /// <summary>Gets the built-in algorithms, preferred first.</summary>
    public static ImmutableArray<MacAlgorithm> BuiltIn { get; } =
    [
        HmacSha256, HmacSha384, HmacSha512, HmacAlgorithm.Sha3_256, HmacAlgorithm.Sha3_384, HmacAlgorithm.Sha3_512,
        Aes256Gmac, Aes192Gmac, Aes128Gmac, HmacSha224, HmacAlgorithm.Sha3_224, HmacSha1,
    ];

    /// <summary>Gets the object identifier in dotted form, as it is written.</summary>
    public string Oid { get; }

    /// <summary>Gets the name for people: <c>HMAC-SHA-256</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the size of the key in bytes. Of HMAC, which takes any, the one that is made: the size of its digest (RFC 2104 §3).</summary>
    public int KeySize { get; }

    /// <summary>Gets the size of the code that is written, in bytes.</summary>
    public int Size { get; }

    /// <summary>Gets whether keys of other sizes are keys, too.</summary>
    internal virtual bool TakesAnyKeySize => false;

    /// <summary>Gets a second identifier under which the algorithm is read; null as a rule.</summary>
    private protected virtual string? Alias => null;

    /// <summary>Finds an algorithm by its identifier.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <returns>The algorithm, or null when it is not implemented.</returns>
    public static MacAlgorithm? Find(string oid)
    {
        foreach (MacAlgorithm algorithm in BuiltIn)
        {
            if (algorithm.Oid == oid || algorithm.Alias == oid)
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Makes the identifier of a new message, with fresh parameters if the algorithm has some.</summary>
    internal abstract AlgorithmIdentifier CreateIdentifier();

    /// <summary>Gets the size of the code that the parameters of an identifier ask for, in bytes.</summary>
    /// <exception cref="MalformedDataException">The parameters are not those of the algorithm.</exception>
    internal abstract int ReadSize(AlgorithmIdentifier identifier);

    /// <summary>Begins a computation.</summary>
    /// <param name="key">The key; not kept as an array.</param>
    /// <param name="identifier">The identifier, which <see cref="ReadSize"/> has accepted.</param>
    internal abstract IncrementalMac Create(byte[] key, AlgorithmIdentifier identifier);

    private protected static MalformedDataException WrongParameters() =>
        new("mac-parameters", "The parameters of the MAC algorithm are not its own", -1, "macAlgorithm");
}
