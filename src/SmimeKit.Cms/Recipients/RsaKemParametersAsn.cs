using System.Formats.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>RsaKemParameters</c>, RFC 9690 appendix C.</summary>
/// <remarks><code>
/// RsaKemParameters ::= SEQUENCE {
///     keyDerivationFunction  KeyDerivationFunction,
///     keyLength              KeyLength }            -- INTEGER (1..MAX)
/// </code></remarks>
internal sealed class RsaKemParametersAsn
{
    internal required AlgorithmIdentifier KeyDerivationFunction { get; init; }

    internal required int KeyLength { get; init; }

    internal static RsaKemParametersAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var value = new RsaKemParametersAsn
        {
            KeyDerivationFunction = fields.ReadAlgorithmIdentifier(),
            KeyLength = fields.TryReadInt32(out int length) ? length : throw new AsnContentException(),
        };
        fields.ThrowIfNotEmpty();
        return value;
    }
}
