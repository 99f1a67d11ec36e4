using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>The content encryption of one message: the algorithm with its parameters, as its AlgorithmIdentifier states it.</summary>
internal sealed class ContentEncryption
{
    private readonly ContentCipherParameters _parameters;

    private ContentEncryption(ContentEncryptionAlgorithm algorithm, ContentCipherParameters parameters, AlgorithmIdentifier identifier)
    {
        Algorithm = algorithm;
        _parameters = parameters;
        Identifier = identifier;
    }

    internal ContentEncryptionAlgorithm Algorithm { get; }

    internal AlgorithmIdentifier Identifier { get; }

    /// <summary>Gets the size of the tag in bytes; 0 without authentication.</summary>
    internal int TagSize => _parameters.TagSize;

    /// <summary>Chooses parameters for a new message: the initialization vector is random (R3370-5.1-c, R5084-4-a).</summary>
    internal static ContentEncryption Create(ContentEncryptionAlgorithm algorithm, long? contentLength)
    {
        var parameters = new ContentCipherParameters
        {
            Iv = RandomNumberGenerator.GetBytes(algorithm.Family.ChooseIvSize(contentLength)),
            TagSize = algorithm.TagSize,
        };
        var writer = new AsnWriter(AsnEncodingRules.DER);
        algorithm.Family.Encode(algorithm, parameters, writer);
        return new ContentEncryption(algorithm, parameters, new AlgorithmIdentifier(algorithm.Oid, writer.Encode()));
    }

    /// <summary>Decodes the parameters of an algorithm that was found.</summary>
    /// <exception cref="MalformedDataException">They are absent, or have another form or size than the algorithm's.</exception>
    /// <exception cref="UnsupportedAlgorithmException">They are legal but not implemented.</exception>
    internal static ContentEncryption Decode(ContentEncryptionAlgorithm algorithm, AlgorithmIdentifier identifier)
    {
        ContentCipherParameters parameters = Der.Decode(
            identifier.Parameters,
            "contentEncryptionAlgorithm.parameters",
            reader => algorithm.Family.Decode(algorithm, reader),
            AsnEncodingRules.BER);
        return new ContentEncryption(algorithm, parameters, identifier);
    }

    /// <summary>Makes a random key (R3369-6-a); the caller wipes it.</summary>
    internal byte[] GenerateKey()
    {
        byte[] key = new byte[Algorithm.KeySize];
        do
        {
            RandomNumberGenerator.Fill(key);
            Algorithm.Family.ShapeKey(key);
        }
        while (!IsUsable(key));

        return key;
    }

    /// <summary>Tells whether octets can serve as the key.</summary>
    internal bool IsUsable(byte[] key) => Algorithm.Family.IsUsable(Algorithm, key);

    /// <summary>Creates the cipher that encrypts with a usable key.</summary>
    internal ContentCipher CreateEncryptor(byte[] key) => Algorithm.Family.CreateEncryptor(key, _parameters);

    /// <summary>Creates the cipher that decrypts with a usable key.</summary>
    internal ContentCipher CreateDecryptor(byte[] key) => Algorithm.Family.CreateDecryptor(key, _parameters);
}
