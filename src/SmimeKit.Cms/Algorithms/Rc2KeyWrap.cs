using System.Security.Cryptography;
using System.Formats.Asn1;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>RC2 Key Wrap, RFC 3217 §4, id-alg-CMSRC2wrap: under keys of 16 octets, whose effective bits are a parameter.</summary>
/// <remarks><code>
/// RC2wrapParameter ::= RC2ParameterVersion
/// RC2ParameterVersion ::= INTEGER
/// </code>
/// The base library's RC2 needs what OpenSSL 3 ships apart, so Bouncy Castle computes it.
/// </remarks>
internal sealed class Rc2KeyWrap(int effectiveBits) : TwoPassKeyWrap(Oids.Rc2Wrap, "RC2-wrap", Size)
{
    private const int Size = 16; // R3370-4.3-a
    private const int MaxKeySize = byte.MaxValue;

    /// <summary>Gets the effective key bits: 128 when written.</summary>
    internal int EffectiveBits => effectiveBits;

    /// <inheritdoc/>
    internal override AlgorithmIdentifier Identifier
    {
        get
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            writer.WriteInteger(ToVersion(effectiveBits));
            return new AlgorithmIdentifier(Oid, writer.Encode());
        }
    }

    /// <summary>Resolves the parameters; null when they are malformed or name bits that are not in use (R3370-5.2-b).</summary>
    internal static Rc2KeyWrap? Decode(AlgorithmIdentifier identifier) =>
        Der.TryDecode(identifier.Parameters, r => r.TryReadInt32(out int version) ? FromVersion(version) : 0, out int bits, AsnEncodingRules.BER)
            && bits > 0
            ? new Rc2KeyWrap(bits)
            : null;

    /// <inheritdoc/>
    internal override bool Takes(int keySize) => keySize is >= 1 and <= MaxKeySize;

    /// <inheritdoc/>
    internal override int WrappedSize(int keySize) => PaddedSize(keySize) + Overhead;

    /// <inheritdoc/>
    private protected override byte[] WrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> key)
    {
        byte[] padded = RandomNumberGenerator.GetBytes(PaddedSize(key.Length));
        padded[0] = (byte)key.Length; // R3217-4.1-a
        key.CopyTo(padded.AsSpan(1));
        try
        {
            return Seal(keyEncryptionKey, padded);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    /// <inheritdoc/>
    private protected override byte[]? UnwrapCore(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length < Overhead + Block || wrapped.Length % Block != 0)
        {
            return null;
        }

        (byte[] padded, bool isIntact) = Open(keyEncryptionKey, wrapped);
        try
        {
            // R3217-4.2-a: the length fits, and the padding is the shortest.
            bool fits = PaddedSize(padded[0]) == padded.Length & padded[0] > 0;
            return isIntact & fits ? padded.AsSpan(1, padded[0]).ToArray() : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    /// <inheritdoc/>
    private protected override byte[] TransformCbc(
        ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> input, ReadOnlySpan<byte> iv, bool forEncryption)
    {
        var cipher = new CbcBlockCipher(new RC2Engine());
        byte[] copy = keyEncryptionKey.ToArray();
        cipher.Init(forEncryption, new ParametersWithIV(new RC2Parameters(copy, effectiveBits), iv));
        CryptographicOperations.ZeroMemory(copy); // Bouncy Castle has one of its own
        byte[] output = new byte[input.Length];
        for (int at = 0; at < output.Length; at += Block)
        {
            cipher.ProcessBlock(input.Slice(at, Block), output.AsSpan(at));
        }

        return output;
    }

    // A length octet and the key, up to the next block.
    private static int PaddedSize(int keySize) => (1 + keySize + Block - 1) / Block * Block;

    private static int FromVersion(int version) => version switch { 160 => 40, 120 => 64, 58 => 128, _ => 0 };

    private static int ToVersion(int bits) => bits switch { 40 => 160, 64 => 120, _ => 58 };
}
