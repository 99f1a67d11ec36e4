using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Algorithms;

/// <summary>The content encryption of one message: the algorithm with its parameters, and whether the key is derived (RFC 9709).</summary>
internal sealed class ContentEncryption
{
    private readonly ContentCipherParameters _parameters;
    private readonly AlgorithmIdentifier _own; // without the derivation

    private ContentEncryption(
        ContentEncryptionAlgorithm algorithm, ContentCipherParameters parameters, AlgorithmIdentifier own, bool derivesKey)
    {
        Algorithm = algorithm;
        _parameters = parameters;
        _own = own;
        DerivesKey = derivesKey;
    }

    internal ContentEncryptionAlgorithm Algorithm { get; }

    /// <summary>Gets whether the key of the cipher is derived from the one that the recipients get.</summary>
    internal bool DerivesKey { get; }

    /// <summary>Gets the identifier for the message.</summary>
    internal AlgorithmIdentifier Identifier => DerivesKey ? DerivedContentKey.Wrap(_own) : _own;

    /// <summary>Gets the size of the tag in bytes; 0 without authentication.</summary>
    internal int TagSize => _parameters.TagSize;

    /// <summary>Chooses parameters for a new message: the initialization vector is random (R3370-5.1-c, R5084-4-a).</summary>
    internal static ContentEncryption Create(ContentEncryptionAlgorithm algorithm, long? contentLength, bool derivesKey = false)
    {
        var parameters = new ContentCipherParameters
        {
            Iv = RandomNumberGenerator.GetBytes(algorithm.Family.ChooseIvSize(contentLength)),
            TagSize = algorithm.TagSize,
            EffectiveKeyBits = algorithm.KeySize * 8,
        };
        var writer = new AsnWriter(AsnEncodingRules.DER);
        algorithm.Family.Encode(algorithm, parameters, writer);
        return new ContentEncryption(algorithm, parameters, new AlgorithmIdentifier(algorithm.Oid, writer.Encode()), derivesKey);
    }

    /// <summary>Decodes an identifier, if the algorithm is in its place and the policy accepts it.</summary>
    /// <param name="identifier">The identifier of the message.</param>
    /// <param name="checkPlace">Refuses an algorithm that does not belong into the type of the message.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="at">The instant of the judgement.</param>
    /// <exception cref="MalformedDataException">The parameters are absent, or have another form or size than the algorithm's.</exception>
    /// <exception cref="PolicyViolationException">The policy refuses the algorithm or its parameters.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The algorithm is unknown, or its parameters are legal but not implemented.</exception>
    internal static ContentEncryption Accept(
        AlgorithmIdentifier identifier, Action<ContentEncryptionAlgorithm> checkPlace, CmsPolicy policy, DateTimeOffset at)
    {
        AlgorithmIdentifier? inner = DerivedContentKey.Unwrap(identifier);
        AlgorithmIdentifier own = inner ?? identifier;
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.Find(own.Oid)
            ?? throw new UnsupportedAlgorithmException(own.Oid, "The content-encryption algorithm is not supported.");
        algorithm = algorithm.Family.Resolve(algorithm, own);
        checkPlace(algorithm); // R9709-5-b: the inner one decides
        Refuse(policy.FindContentEncryptionObjection(algorithm.Oid, at), algorithm);
        Refuse(algorithm.IsAuthenticated || policy.AllowsUnauthenticatedContent ? null : "unauthenticated-content", algorithm);
        ContentCipherParameters parameters = Der.Decode(
            own.Parameters, "contentEncryptionAlgorithm.parameters", reader => algorithm.Family.Decode(algorithm, reader), AsnEncodingRules.BER);
        Refuse(algorithm.Family.FindObjection(policy, parameters), algorithm);
        return new ContentEncryption(algorithm, parameters, own, derivesKey: inner is not null);
    }

    /// <summary>Gets the sizes in bytes that the key of a message can have, the likeliest first.</summary>
    internal IReadOnlyList<int> KeySizes => Algorithm.Family.KeySizes(Algorithm);

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
    internal ContentCipher CreateEncryptor(byte[] key) => Create(key, Algorithm.Family.CreateEncryptor);

    /// <summary>Creates the cipher that decrypts with a usable key.</summary>
    internal ContentCipher CreateDecryptor(byte[] key) => Create(key, Algorithm.Family.CreateDecryptor);

    private ContentCipher Create(byte[] key, Func<byte[], ContentCipherParameters, ContentCipher> create)
    {
        if (!DerivesKey)
        {
            return create(key, _parameters);
        }

        byte[] derived = DerivedContentKey.Derive(key, _own);
        try
        {
            return create(derived, _parameters);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static void Refuse(string? rule, ContentEncryptionAlgorithm algorithm)
    {
        if (rule is not null)
        {
            throw new PolicyViolationException(rule, $"The policy refuses {algorithm.Name} in this message.");
        }
    }
}
