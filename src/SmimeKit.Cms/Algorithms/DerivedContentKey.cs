using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>A content-encryption key that is bound to its algorithm, RFC 9709: nobody makes a message of another kind from the same key.</summary>
/// <remarks><code>
/// id-alg-cek-hkdf-sha256: the parameters are the ContentEncryptionAlgorithmIdentifier that is used with the derived key
/// </code></remarks>
internal static class DerivedContentKey
{
    private static ReadOnlySpan<byte> Salt => "The Cryptographic Message Syntax"u8;

    /// <summary>Gets the identifier inside one that says that the key is derived; null for any other.</summary>
    /// <exception cref="MalformedDataException">The parameters are not an AlgorithmIdentifier.</exception>
    internal static AlgorithmIdentifier? Unwrap(AlgorithmIdentifier identifier) => identifier.Oid == Oids.CekHkdfSha256
        ? Der.Decode(
            identifier.Parameters, "contentEncryptionAlgorithm.parameters", r => r.ReadAlgorithmIdentifier(), System.Formats.Asn1.AsnEncodingRules.BER)
        : null;

    /// <summary>Puts an identifier into one that says that the key is derived.</summary>
    internal static AlgorithmIdentifier Wrap(AlgorithmIdentifier identifier) => new(Oids.CekHkdfSha256, identifier.Encode());

    /// <summary>Derives the key, as long as the one that the recipients get (R9709-2-a). The caller wipes it.</summary>
    /// <exception cref="ArgumentException">The key is longer than 8160 octets (R9709-2-b).</exception>
    internal static byte[] Derive(ReadOnlySpan<byte> key, AlgorithmIdentifier identifier)
    {
        byte[] derived = new byte[key.Length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, Salt, identifier.Encode());
        return derived;
    }
}
