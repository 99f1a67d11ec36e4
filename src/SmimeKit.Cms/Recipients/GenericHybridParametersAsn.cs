using System.Formats.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>GenericHybridParameters</c>, RFC 9690 §2.4: parameters of a key or of a capability.</summary>
/// <remarks><code>
/// GenericHybridParameters ::= SEQUENCE {
///     kem  KeyEncapsulationMechanism,   -- id-kem-rsa with RsaKemParameters
///     dem  DataEncapsulationMechanism } -- a key wrap
/// </code></remarks>
internal sealed class GenericHybridParametersAsn
{
    internal required AlgorithmIdentifier Kem { get; init; }

    internal required AlgorithmIdentifier Dem { get; init; }

    internal static GenericHybridParametersAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var value = new GenericHybridParametersAsn { Kem = fields.ReadAlgorithmIdentifier(), Dem = fields.ReadAlgorithmIdentifier() };
        fields.ThrowIfNotEmpty();
        return value;
    }
}
