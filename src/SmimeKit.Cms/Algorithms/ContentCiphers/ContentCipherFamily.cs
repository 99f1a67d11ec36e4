using System.Formats.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>What the rows of one kind of cipher have in common: how parameters are coded, which keys serve, what the cipher does.</summary>
internal abstract class ContentCipherFamily
{
    /// <summary>The place of the parameters in a message, for errors.</summary>
    protected const string Field = "contentEncryptionAlgorithm.parameters";

    /// <summary>Gets the size of the initialization vector or nonce that is written, in bytes.</summary>
    internal abstract int IvSize { get; }

    /// <summary>Gets the size of the tag that is written, in bytes; 0 without authentication.</summary>
    internal virtual int TagSize => 0;

    /// <summary>Gets whether encryption and decryption need the length of the content beforehand.</summary>
    internal virtual bool NeedsContentLength => false;

    /// <summary>Gets whether messages may be written with it, be it only under a policy for archives.</summary>
    internal virtual bool IsForWriting => true;

    /// <summary>Chooses the size of the initialization vector or nonce for content of a length, null when unknown.</summary>
    internal virtual int ChooseIvSize(long? contentLength) => IvSize;

    /// <summary>Decodes parameters that are present.</summary>
    /// <exception cref="AsnContentException">They have another form than the algorithm's.</exception>
    /// <exception cref="MalformedDataException">They have another size.</exception>
    /// <exception cref="UnsupportedAlgorithmException">They are legal but not implemented.</exception>
    internal abstract ContentCipherParameters Decode(ContentEncryptionAlgorithm algorithm, AsnReader reader);

    /// <summary>Finds the row that an identifier means, where parameters tell it from others of one object identifier.</summary>
    internal virtual ContentEncryptionAlgorithm Resolve(ContentEncryptionAlgorithm algorithm, AlgorithmIdentifier identifier) => algorithm;

    /// <summary>Names the rule that refuses parameters, or null.</summary>
    internal virtual string? FindObjection(CmsPolicy policy, ContentCipherParameters parameters) =>
        parameters.TagSize > 0 && parameters.TagSize < policy.MinimumTagSize ? "tag-too-short" : null;

    /// <summary>Writes parameters.</summary>
    internal abstract void Encode(ContentEncryptionAlgorithm algorithm, ContentCipherParameters parameters, AsnWriter writer);

    /// <summary>Tells whether octets can serve as the key.</summary>
    internal virtual bool IsUsable(ContentEncryptionAlgorithm algorithm, byte[] key) => key.Length == algorithm.KeySize;

    /// <summary>Gets the sizes in bytes that the key of a message can have, the likeliest first.</summary>
    internal virtual IReadOnlyList<int> KeySizes(ContentEncryptionAlgorithm algorithm) => [algorithm.KeySize];

    /// <summary>Gives random octets of the key's size the form that the algorithm wants.</summary>
    internal virtual void ShapeKey(Span<byte> key)
    {
    }

    /// <summary>Gets the size of the ciphertext for content of a size.</summary>
    internal abstract long CiphertextSize(long contentSize);

    /// <summary>Creates the cipher that encrypts with a usable key.</summary>
    internal abstract ContentCipher CreateEncryptor(byte[] key, ContentCipherParameters parameters);

    /// <summary>Creates the cipher that decrypts with a usable key.</summary>
    internal abstract ContentCipher CreateDecryptor(byte[] key, ContentCipherParameters parameters);
}
