using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>AES-GMAC, RFC 9044: the tag of AES-GCM over no plaintext, with the data as additional data.</summary>
/// <remarks>
/// Keys of 16, 24 or 32 octets; a nonce of 12 octets, which is random and meets each key once, since every message has a key of its own; a
/// code of 16 octets when written, 12 to 16 when read.
/// <code>
/// GMACParameters ::= SEQUENCE {
///     nonce   OCTET STRING,
///     length  INTEGER DEFAULT 12 }
/// </code></remarks>
internal sealed class GmacAlgorithm : MacAlgorithm
{
    private const int WrittenSize = 16;
    private const int DefaultSize = 12;
    private const int NonceSize = 12;
    private const int MaxNonceSize = 64;

    private GmacAlgorithm(string oid, string name, int keySize)
        : base(oid, name, keySize, WrittenSize)
    {
    }

    internal static GmacAlgorithm Aes128 { get; } = new(Oids.Aes128Gmac, "AES-128-GMAC", 16);

    internal static GmacAlgorithm Aes192 { get; } = new(Oids.Aes192Gmac, "AES-192-GMAC", 24);

    internal static GmacAlgorithm Aes256 { get; } = new(Oids.Aes256Gmac, "AES-256-GMAC", 32);

    /// <inheritdoc/>
    internal override AlgorithmIdentifier CreateIdentifier()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(RandomNumberGenerator.GetBytes(NonceSize));
            writer.WriteInteger(WrittenSize);
        }

        return new AlgorithmIdentifier(Oid, writer.Encode());
    }

    /// <inheritdoc/>
    internal override int ReadSize(AlgorithmIdentifier identifier) => Read(identifier).Size;

    /// <inheritdoc/>
    internal override IncrementalMac Create(byte[] key, AlgorithmIdentifier identifier)
    {
        (byte[] nonce, int size) = Read(identifier);
        var mac = new GMac(new GcmBlockCipher(Org.BouncyCastle.Crypto.AesUtilities.CreateEngine()), size * 8);
        mac.Init(new ParametersWithIV(new KeyParameter(key), nonce));
        return new IncrementalMac.Managed(mac);
    }

    private static (byte[] Nonce, int Size) Read(AlgorithmIdentifier identifier) =>
        Der.TryDecode(identifier.Parameters, Read, out (byte[] Nonce, int Size) parameters, AsnEncodingRules.BER)
        && parameters.Nonce.Length is > 0 and <= MaxNonceSize
        && parameters.Size is >= DefaultSize and <= WrittenSize
            ? parameters
            : throw WrongParameters(); // R9044-3.1-a

    private static (byte[] Nonce, int Size) Read(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        byte[] nonce = fields.ReadOctetString();
        int size = !fields.HasData ? DefaultSize : fields.TryReadInt32(out int length) ? length : 0;
        fields.ThrowIfNotEmpty();
        return (nonce, size);
    }
}
