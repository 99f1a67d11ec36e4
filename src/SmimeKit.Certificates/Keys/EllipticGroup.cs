using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>ECDH on one named curve, RFC 5753 §3.1. The base library computes it, Bouncy Castle on curves that the platform lacks.</summary>
internal sealed class EllipticGroup(NamedCurve curve, AlgorithmIdentifier algorithm) : AgreementGroup
{
    private const byte Uncompressed = 0x04; // RFC 5480 §2.2

    /// <inheritdoc/>
    internal override AlgorithmIdentifier OriginatorAlgorithm { get; } = new(Oids.EcPublicKey); // R5753-3.1.1-b

    /// <summary>Opens a key from a file.</summary>
    internal static AgreementKey Open(PrivateKeyMaterial material) =>
        material.TryCreateEcdh() is { } ecdh ? new NativeEcdhKey(ecdh, ownsKey: true) : ManagedEcdhKey.FromMaterial(material);

    /// <inheritdoc/>
    internal override SubjectPublicKeyInfo? Complete(AlgorithmIdentifier other, ReadOnlySpan<byte> key)
    {
        // R5753-3.1.1-d: uncompressed; the compressed form is optional and nobody sends it, the hybrid form is illegal.
        bool fits = other.Oid == Oids.EcPublicKey && NamesCurve(other)
            && key.Length == 1 + (2 * curve.CoordinateSize) && key[0] == Uncompressed;
        return fits ? SubjectPublicKeyInfo.Create(algorithm, key) : null;
    }

    /// <inheritdoc/>
    internal override AgreementKey Generate()
    {
        try
        {
            return new NativeEcdhKey(ECDiffieHellman.Create(ECCurve.CreateFromValue(curve.Oid)), ownsKey: true);
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException && curve.Domain is not null)
        {
            return ManagedEcdhKey.Generate(curve);
        }
    }

    // R5753-3.1.1-b, -c: absent, NULL or this very curve; explicit parameters are refused (CVE-2022-0778).
    private bool NamesCurve(AlgorithmIdentifier other) =>
        other.HasNullOrAbsentParameters
        || (Der.TryDecode(other.Parameters, r => r.ReadObjectIdentifier(), out string? named, AsnEncodingRules.BER) && named == curve.Oid);
}
