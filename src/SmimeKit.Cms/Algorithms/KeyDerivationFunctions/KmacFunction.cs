using System.Formats.Asn1;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms.KeyDerivationFunctions;

/// <summary>KMAC128 and KMAC256 as a key derivation, RFC 9688 §5.2: KMAC(secret, info, size in bits, label), NIST SP 800-185 §4.</summary>
/// <remarks><code>
/// Parameters: absent without a customization label, else
/// Customization ::= OCTET STRING
/// </code></remarks>
internal sealed class KmacFunction : KeyDerivationFunction
{
    private readonly byte[] _label;

    private KmacFunction(AlgorithmIdentifier identifier, byte[] label)
        : base(identifier, identifier.Oid == Oids.Kmac128 ? DigestAlgorithm.Shake128 : DigestAlgorithm.Shake256) => _label = label;

    internal static KmacFunction? TryResolve(AlgorithmIdentifier identifier) =>
        identifier.Oid is not (Oids.Kmac128 or Oids.Kmac256) ? null
        : identifier.Parameters.IsEmpty ? new KmacFunction(identifier, [])
        : Der.TryDecode(identifier.Parameters, r => r.ReadOctetString(), out byte[]? label, AsnEncodingRules.BER)
            ? new KmacFunction(identifier, label!)
            : null;

    internal static new KmacFunction? Find(DigestAlgorithm digest) => digest.Oid switch
    {
        Oids.Shake128 => TryResolve(new AlgorithmIdentifier(Oids.Kmac128)),
        Oids.Shake256 => TryResolve(new AlgorithmIdentifier(Oids.Kmac256)),
        _ => null,
    };

    internal override byte[] Derive(byte[] secret, byte[] info, int size)
    {
        var kmac = new KMac(Identifier.Oid == Oids.Kmac128 ? 128 : 256, _label);
        kmac.Init(new KeyParameter(secret));
        kmac.BlockUpdate(info, 0, info.Length);
        byte[] key = new byte[size];
        kmac.OutputFinal(key, 0, size);
        return key;
    }
}
