using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>Wire form of <c>RecipientEncryptedKey</c>, RFC 5652 §6.2.2.</summary>
/// <remarks><code>
/// RecipientEncryptedKey ::= SEQUENCE {
///     rid           KeyAgreeRecipientIdentifier,
///     encryptedKey  EncryptedKey }
/// KeyAgreeRecipientIdentifier ::= CHOICE {
///     issuerAndSerialNumber  IssuerAndSerialNumber,
///     rKeyId                 [0] IMPLICIT RecipientKeyIdentifier }
/// RecipientKeyIdentifier ::= SEQUENCE {
///     subjectKeyIdentifier  SubjectKeyIdentifier,
///     date                  GeneralizedTime OPTIONAL,
///     other                 OtherKeyAttribute OPTIONAL }
/// </code></remarks>
internal readonly struct RecipientEncryptedKeyAsn
{
    internal required CertificateIdentifier Rid { get; init; }

    internal DateTimeOffset? Date { get; init; }

    internal required ReadOnlyMemory<byte> EncryptedKey { get; init; }

    internal static RecipientEncryptedKeyAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        (CertificateIdentifier rid, DateTimeOffset? date) = fields.HasTag(Der.Context(0))
            ? ReadKeyIdentifier(fields.ReadSequence(Der.Context(0)))
            : (CertificateIdentifier.Decode(fields), null);
        var value = new RecipientEncryptedKeyAsn { Rid = rid, Date = date, EncryptedKey = fields.ReadOctetString() };
        fields.ThrowIfNotEmpty();
        return value;
    }

    internal void Encode(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            if (Rid is SubjectKeyIdentifier identifier)
            {
                using (writer.PushSequence(Der.Context(0)))
                {
                    writer.WriteOctetString(identifier.Value.Span);
                }
            }
            else
            {
                Rid.Encode(writer);
            }

            writer.WriteOctetString(EncryptedKey.Span);
        }
    }

    private static (CertificateIdentifier Rid, DateTimeOffset? Date) ReadKeyIdentifier(AsnReader fields)
    {
        var identifier = new SubjectKeyIdentifier(fields.ReadOctetString());
        DateTimeOffset? date = fields.HasTag(Asn1Tag.GeneralizedTime) ? fields.ReadGeneralizedTime() : null;
        if (fields.HasData)
        {
            fields.ReadSequence(); // OtherKeyAttribute: further data for a search that is not made here
        }

        fields.ThrowIfNotEmpty();
        return (identifier, date);
    }
}
