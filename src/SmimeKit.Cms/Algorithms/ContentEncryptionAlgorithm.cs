using System.Collections.Immutable;
using SmimeKit.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>One content-encryption algorithm: identifier, sizes in bytes, whether it authenticates.</summary>
/// <remarks>
/// References: AES-CBC, RFC 3565 §4.1; AES-GCM, RFC 5084 §3.2; Triple-DES, RFC 3370 §5.1. Equality is by identifier and sizes.
/// </remarks>
public sealed record ContentEncryptionAlgorithm
{
    private ContentEncryptionAlgorithm(string oid, string name, int keySize, int ivSize, int tagSize)
    {
        Oid = oid;
        Name = name;
        KeySize = keySize;
        IvSize = ivSize;
        TagSize = tagSize;
    }

    /// <summary>Gets AES-128 in CBC mode: for EnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes128Cbc { get; } = new(Oids.Aes128Cbc, "AES-128-CBC", 16, 16, 0);

    /// <summary>Gets AES-192 in CBC mode: for EnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes192Cbc { get; } = new(Oids.Aes192Cbc, "AES-192-CBC", 24, 16, 0);

    /// <summary>Gets AES-256 in CBC mode: for EnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes256Cbc { get; } = new(Oids.Aes256Cbc, "AES-256-CBC", 32, 16, 0);

    /// <summary>Gets AES-128 in GCM: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes128Gcm { get; } = new(Oids.Aes128Gcm, "AES-128-GCM", 16, 12, 16);

    /// <summary>Gets AES-192 in GCM: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes192Gcm { get; } = new(Oids.Aes192Gcm, "AES-192-GCM", 24, 12, 16);

    /// <summary>Gets AES-256 in GCM: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes256Gcm { get; } = new(Oids.Aes256Gcm, "AES-256-GCM", 32, 12, 16);

    /// <summary>Gets Triple-DES in CBC mode. Weak: read under the legacy policy only, never written.</summary>
    public static ContentEncryptionAlgorithm TripleDesCbc { get; } = new(Oids.TripleDesCbc, "3DES-CBC", 24, 8, 0);

    /// <summary>Gets the built-in algorithms, preferred first.</summary>
    public static ImmutableArray<ContentEncryptionAlgorithm> BuiltIn { get; } =
        [Aes256Gcm, Aes128Gcm, Aes192Gcm, Aes256Cbc, Aes128Cbc, Aes192Cbc, TripleDesCbc];

    /// <summary>Gets the object identifier in dotted form.</summary>
    public string Oid { get; }

    /// <summary>Gets the name for people: <c>AES-256-GCM</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the size of the content-encryption key in bytes.</summary>
    public int KeySize { get; }

    /// <summary>Gets the size of the initialization vector (CBC: the block) or of the nonce (GCM) in bytes.</summary>
    public int IvSize { get; }

    /// <summary>Gets the size of the tag that is written, in bytes; 0 without authentication.</summary>
    public int TagSize { get; }

    /// <summary>Gets whether a tag protects the content: then the place is AuthEnvelopedData, otherwise EnvelopedData.</summary>
    public bool IsAuthenticated => TagSize > 0;

    /// <summary>Gets whether the algorithm is written; the weak ones are only read.</summary>
    internal bool IsForWriting => Oid != Oids.TripleDesCbc;

    /// <summary>Finds an algorithm by its identifier.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <returns>The algorithm, or null when it is not implemented.</returns>
    public static ContentEncryptionAlgorithm? Find(string oid)
    {
        foreach (ContentEncryptionAlgorithm algorithm in BuiltIn)
        {
            if (algorithm.Oid == oid)
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Gets the size of the ciphertext for content of a size: CBC pads up to the next block (RFC 5652 §6.3).</summary>
    internal long CiphertextSize(long contentSize) =>
        IsAuthenticated ? contentSize : contentSize - (contentSize % IvSize) + IvSize;
}
