using System.Collections.Immutable;
using System.Globalization;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms.ContentCiphers;

namespace SmimeKit.Cms.Algorithms;

/// <summary>One content-encryption algorithm: identifier, sizes in bytes, whether it authenticates.</summary>
/// <remarks>The families in ContentCiphers name references and limits. Equality is by identifier and sizes.</remarks>
public sealed record ContentEncryptionAlgorithm
{
    private ContentEncryptionAlgorithm(ContentCipherFamily family, string oid, string name, int keySize)
    {
        Family = family;
        Oid = oid;
        Name = name;
        KeySize = keySize;
    }

    /// <summary>Gets AES-128 in CBC mode: for EnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes128Cbc { get; } = new(AesCbcFamily.Instance, Oids.Aes128Cbc, "AES-128-CBC", 16);

    /// <summary>Gets AES-192 in CBC mode: for EnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes192Cbc { get; } = new(AesCbcFamily.Instance, Oids.Aes192Cbc, "AES-192-CBC", 24);

    /// <summary>Gets AES-256 in CBC mode: for EnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes256Cbc { get; } = new(AesCbcFamily.Instance, Oids.Aes256Cbc, "AES-256-CBC", 32);

    /// <summary>Gets AES-128 in GCM: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes128Gcm { get; } = new(AesGcmFamily.Instance, Oids.Aes128Gcm, "AES-128-GCM", 16);

    /// <summary>Gets AES-192 in GCM: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes192Gcm { get; } = new(AesGcmFamily.Instance, Oids.Aes192Gcm, "AES-192-GCM", 24);

    /// <summary>Gets AES-256 in GCM: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes256Gcm { get; } = new(AesGcmFamily.Instance, Oids.Aes256Gcm, "AES-256-GCM", 32);

    /// <summary>Gets AES-128 in CCM: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes128Ccm { get; } = new(AesCcmFamily.Instance, Oids.Aes128Ccm, "AES-128-CCM", 16);

    /// <summary>Gets AES-192 in CCM: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes192Ccm { get; } = new(AesCcmFamily.Instance, Oids.Aes192Ccm, "AES-192-CCM", 24);

    /// <summary>Gets AES-256 in CCM: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm Aes256Ccm { get; } = new(AesCcmFamily.Instance, Oids.Aes256Ccm, "AES-256-CCM", 32);

    /// <summary>Gets ChaCha20-Poly1305: for AuthEnvelopedData.</summary>
    public static ContentEncryptionAlgorithm ChaCha20Poly1305 { get; } =
        new(ChaCha20Poly1305Family.Instance, Oids.ChaCha20Poly1305, "ChaCha20-Poly1305", 32);

    /// <summary>Gets Triple-DES in CBC mode. Weak: under the legacy policy only.</summary>
    public static ContentEncryptionAlgorithm TripleDesCbc { get; } = new(TripleDesCbcFamily.Instance, Oids.TripleDesCbc, "3DES-CBC", 24);

    /// <summary>Gets Camellia-128 in CBC mode: for EnvelopedData, under the legacy policy only.</summary>
    public static ContentEncryptionAlgorithm Camellia128Cbc { get; } = new(CamelliaCbcFamily.Instance, Oids.Camellia128Cbc, "Camellia-128-CBC", 16);

    /// <summary>Gets Camellia-192 in CBC mode: for EnvelopedData, under the legacy policy only.</summary>
    public static ContentEncryptionAlgorithm Camellia192Cbc { get; } = new(CamelliaCbcFamily.Instance, Oids.Camellia192Cbc, "Camellia-192-CBC", 24);

    /// <summary>Gets Camellia-256 in CBC mode: for EnvelopedData, under the legacy policy only.</summary>
    public static ContentEncryptionAlgorithm Camellia256Cbc { get; } = new(CamelliaCbcFamily.Instance, Oids.Camellia256Cbc, "Camellia-256-CBC", 32);

    /// <summary>Gets RC2 in CBC mode with 128 effective bits. Weak: under the legacy policy only.</summary>
    public static ContentEncryptionAlgorithm Rc2Cbc128 { get; } = Rc2(128);

    /// <summary>Gets RC2 in CBC mode with 64 effective bits. Weak: under the legacy policy only.</summary>
    public static ContentEncryptionAlgorithm Rc2Cbc64 { get; } = Rc2(64);

    /// <summary>Gets RC2 in CBC mode with 40 effective bits, which hides nothing: under the legacy policy only.</summary>
    public static ContentEncryptionAlgorithm Rc2Cbc40 { get; } = Rc2(40);

    /// <summary>Gets DES in CBC mode. Broken: read under the legacy policy only, never written.</summary>
    public static ContentEncryptionAlgorithm DesCbc { get; } = new(DesCbcFamily.Instance, Oids.DesCbc, "DES-CBC", 8);

    /// <summary>Gets the built-in algorithms, preferred first.</summary>
    public static ImmutableArray<ContentEncryptionAlgorithm> BuiltIn { get; } =
    [
        Aes256Gcm, Aes128Gcm, Aes192Gcm,
        ChaCha20Poly1305,
        Aes256Ccm, Aes128Ccm, Aes192Ccm,
        Aes256Cbc, Aes128Cbc, Aes192Cbc,
        Camellia256Cbc, Camellia128Cbc, Camellia192Cbc,
        TripleDesCbc,
        Rc2Cbc128, Rc2Cbc64, Rc2Cbc40,
        DesCbc,
    ];

    /// <summary>Gets the object identifier in dotted form.</summary>
    public string Oid { get; }

    /// <summary>Gets the name for people: <c>AES-256-GCM</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the size of the content-encryption key in bytes. Keys of RC2 may have another size when they are read.</summary>
    public int KeySize { get; }

    /// <summary>Gets the size of the initialization vector (CBC: the block) or of the nonce in bytes; of CCM, for content below 16 MiB.</summary>
    public int IvSize => Family.IvSize;

    /// <summary>Gets the size of the tag that is written, in bytes; 0 without authentication.</summary>
    public int TagSize => Family.TagSize;

    /// <summary>Gets whether a tag protects the content: then the place is AuthEnvelopedData, otherwise EnvelopedData.</summary>
    public bool IsAuthenticated => TagSize > 0;

    /// <summary>Gets what the algorithm has in common with others of its kind.</summary>
    internal ContentCipherFamily Family { get; }

    /// <summary>Gets whether encryption and decryption need the length of the content beforehand: content waits in a spool where it is not known.</summary>
    internal bool NeedsContentLength => Family.NeedsContentLength;

    /// <summary>Gets whether messages are written with it, where the policy accepts it.</summary>
    internal bool IsForWriting => Family.IsForWriting;

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

    /// <summary>Finds the algorithm that an identifier means: RC2 by its parameters, and that inside a derivation of the key (RFC 9709).</summary>
    /// <param name="identifier">The identifier of a message.</param>
    /// <returns>The algorithm, or null when it is not implemented. Parameters are not checked.</returns>
    public static ContentEncryptionAlgorithm? Find(AlgorithmIdentifier identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        try
        {
            AlgorithmIdentifier own = DerivedContentKey.Unwrap(identifier) ?? identifier;
            return Find(own.Oid) is { } algorithm ? algorithm.Family.Resolve(algorithm, own) : null;
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Gets RC2 with a number of effective bits.</summary>
    internal static ContentEncryptionAlgorithm Rc2Of(int bits) => bits switch
    {
        128 => Rc2Cbc128,
        64 => Rc2Cbc64,
        40 => Rc2Cbc40,
        _ => Rc2(bits),
    };

    private static ContentEncryptionAlgorithm Rc2(int bits) =>
        new(Rc2CbcFamily.Instance, Oids.Rc2Cbc, $"RC2-{bits.ToString(CultureInfo.InvariantCulture)}-CBC", (bits + 7) / 8);

    /// <summary>Gets the size of the ciphertext for content of a size.</summary>
    internal long CiphertextSize(long contentSize) => Family.CiphertextSize(contentSize);
}
