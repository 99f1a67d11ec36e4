using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms;

/// <summary>One cipher that wraps keys by <see cref="PwriKek"/>: identifier, size of its key in bytes, form of its parameters.</summary>
/// <remarks>
/// References: RFC 3211 §2.3 and RFC 3370 §4.4; AES, RFC 3565 §4.1; RC2, RFC 3370 §5.2, with keys of 128 bits only. The weak ones are used
/// where the policy lists them. No stream ciphers, no ECB: <c>R3211-2.2-a</c>.
/// </remarks>
internal sealed record PasswordKeyCipher(string Oid, int KeySize, int BlockSize, Func<byte[], CbcBlocks> Create)
{
    private const int Rc2VersionOf128Bits = 58; // R3370-4.3-a

    private static readonly ImmutableArray<PasswordKeyCipher> _builtIn =
    [
        new(Oids.Aes256Cbc, 32, 16, key => CbcBlocks.Create(Aes.Create(), key)),
        new(Oids.Aes192Cbc, 24, 16, key => CbcBlocks.Create(Aes.Create(), key)),
        new(Oids.Aes128Cbc, 16, 16, key => CbcBlocks.Create(Aes.Create(), key)),
        new(Oids.TripleDesCbc, 24, 8, key => CbcBlocks.Create(CreateTripleDes(), key)),
        new(Oids.Rc2Cbc, 16, 8, key => CbcBlocks.Create(() => new RC2Engine(), new RC2Parameters(key, 128))),
    ];

    /// <summary>Finds a cipher by its identifier; null when it is not implemented for this purpose.</summary>
    internal static PasswordKeyCipher? Find(string oid) => _builtIn.FirstOrDefault(c => c.Oid == oid);

    /// <summary>Gets AES with keys of a size in bytes.</summary>
    internal static PasswordKeyCipher ForAes(int keySize) => _builtIn.First(c => c.BlockSize == 16 && c.KeySize == keySize);

    /// <summary>Decodes the initialization vector; null when the parameters are malformed or not those of this row.</summary>
    internal byte[]? DecodeIv(ReadOnlyMemory<byte> parameters)
    {
        bool read = Oid == Oids.Rc2Cbc
            ? Der.TryDecode(parameters, ReadRc2, out byte[]? iv, AsnEncodingRules.BER)
            : Der.TryDecode(parameters, r => r.ReadOctetString(), out iv, AsnEncodingRules.BER);
        return read && iv!.Length == BlockSize ? iv : null;
    }

    /// <summary>Makes the identifier with an initialization vector.</summary>
    internal AlgorithmIdentifier ToIdentifier(ReadOnlySpan<byte> iv)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        if (Oid != Oids.Rc2Cbc)
        {
            writer.WriteOctetString(iv);
            return new AlgorithmIdentifier(Oid, writer.Encode());
        }

        using (writer.PushSequence())
        {
            writer.WriteInteger(Rc2VersionOf128Bits);
            writer.WriteOctetString(iv);
        }

        return new AlgorithmIdentifier(Oid, writer.Encode());
    }

    // RC2CBCParameter ::= SEQUENCE { rc2ParameterVersion INTEGER, iv OCTET STRING }
    private static byte[] ReadRc2(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        bool isStrong = fields.TryReadInt32(out int version) && version == Rc2VersionOf128Bits;
        byte[] iv = fields.ReadOctetString();
        fields.ThrowIfNotEmpty();
        return isStrong ? iv : throw new AsnContentException();
    }

    [SuppressMessage("Security", "CA5350", Justification = "R3211-2.3.1-a; used only where the policy lists it.")]
    private static TripleDES CreateTripleDes() => TripleDES.Create();
}
