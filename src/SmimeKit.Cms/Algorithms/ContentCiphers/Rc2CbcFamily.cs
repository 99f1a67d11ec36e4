using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>RC2 in CBC mode. Weak; with 40 effective bits it hides nothing.</summary>
/// <remarks>
/// References: RFC 3370 §5.2, RFC 2268. Sizes: key 1 to 128, written with as many octets as there are effective bits; block and
/// initialization vector 8. Implemented by Bouncy Castle. <code>
/// RC2CBCParameter ::= SEQUENCE {
///     rc2ParameterVersion  INTEGER,
///     iv                   OCTET STRING }  -- exactly 8 octets
/// </code></remarks>
internal sealed class Rc2CbcFamily() : CbcFamily(blockSize: 8)
{
    private const int BitsWithoutVersion = 32; // RFC 2268 §6
    private const int MaxKeySize = 128;
    private const int UsualKeySize = 16; // of writers that limit the strength by the effective bits alone

    internal static Rc2CbcFamily Instance { get; } = new();

    /// <inheritdoc/>
    internal override ContentCipherParameters Decode(ContentEncryptionAlgorithm algorithm, AsnReader reader)
    {
        if (reader.HasTag(Asn1Tag.PrimitiveOctetString)) // R3370-5.2-c
        {
            return new ContentCipherParameters { Iv = ReadIv(reader), EffectiveKeyBits = BitsWithoutVersion };
        }

        AsnReader fields = reader.ReadSequence();
        int bits = fields.TryReadInt32(out int version) ? Rc2ParameterVersion.ToBits(version) : 0;
        if (bits == 0)
        {
            throw new AsnContentException();
        }

        var parameters = new ContentCipherParameters { Iv = ReadIv(fields), EffectiveKeyBits = bits };
        fields.ThrowIfNotEmpty();
        return parameters;
    }

    /// <inheritdoc/>
    internal override void Encode(ContentEncryptionAlgorithm algorithm, ContentCipherParameters parameters, AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(Rc2ParameterVersion.FromBits(parameters.EffectiveKeyBits));
            writer.WriteOctetString(parameters.Iv);
        }
    }

    /// <inheritdoc/>
    internal override bool IsUsable(ContentEncryptionAlgorithm algorithm, byte[] key) => key.Length is >= 1 and <= MaxKeySize; // R2268-6-b

    /// <inheritdoc/>
    internal override IReadOnlyList<int> KeySizes(ContentEncryptionAlgorithm algorithm) =>
        algorithm.KeySize == UsualKeySize ? [UsualKeySize] : [algorithm.KeySize, UsualKeySize];

    /// <inheritdoc/>
    internal override ContentEncryptionAlgorithm Resolve(ContentEncryptionAlgorithm algorithm, AlgorithmIdentifier identifier)
    {
        int bits = Der.TryDecode(
            identifier.Parameters, r => Decode(algorithm, r), out ContentCipherParameters parameters, AsnEncodingRules.BER)
            ? parameters.EffectiveKeyBits
            : algorithm.KeySize * 8;
        return ContentEncryptionAlgorithm.Rc2Of(bits);
    }

    /// <inheritdoc/>
    internal override string? FindObjection(CmsPolicy policy, ContentCipherParameters parameters) =>
        parameters.EffectiveKeyBits < policy.MinimumRc2Bits ? "rc2-key-too-small" : null;

    /// <inheritdoc/>
    private protected override ICryptoTransform CreateTransform(byte[] key, ContentCipherParameters parameters, bool encrypt) =>
        new BouncyCastleCbcTransform(new RC2Engine(), new RC2Parameters(key, parameters.EffectiveKeyBits), parameters.Iv, encrypt);
}
