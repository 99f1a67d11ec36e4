using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>OtherRecipientInfo</c>, RFC 5652 §6.2.5.</summary>
/// <remarks><code>
/// OtherRecipientInfo ::= [4] IMPLICIT SEQUENCE {
///     oriType   OBJECT IDENTIFIER,
///     oriValue  ANY DEFINED BY oriType }
/// </code></remarks>
internal readonly struct OtherRecipientInfoAsn
{
    internal required string Type { get; init; }

    internal required ReadOnlyMemory<byte> Value { get; init; }

    internal static OtherRecipientInfoAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence(Der.Context(4));
        var value = new OtherRecipientInfoAsn { Type = fields.ReadObjectIdentifier(), Value = fields.ReadEncodedValue() };
        fields.ThrowIfNotEmpty();
        return value;
    }
}
