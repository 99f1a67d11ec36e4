using System.Formats.Asn1;
using SmimeKit.Certificates;

namespace SmimeKit.Cms.Types;

/// <summary>A certificate by issuer and serial number, RFC 5652 §10.2.4.</summary>
public sealed class IssuerAndSerialNumber : CertificateIdentifier
{
    /// <summary>Initializes an identifier.</summary>
    /// <param name="issuer">The issuer's name.</param>
    /// <param name="serialNumber">The content octets of the serial number; kept, not copied.</param>
    public IssuerAndSerialNumber(DistinguishedName issuer, ReadOnlyMemory<byte> serialNumber)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        Issuer = issuer;
        SerialNumber = serialNumber;
    }

    /// <summary>Gets the issuer's name.</summary>
    public DistinguishedName Issuer { get; }

    /// <summary>Gets the content octets of the serial number, big-endian.</summary>
    public ReadOnlyMemory<byte> SerialNumber { get; }

    /// <summary>Creates the identifier of a certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>The identifier.</returns>
    public static IssuerAndSerialNumber Of(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new IssuerAndSerialNumber(certificate.Issuer, certificate.SerialNumber);
    }

    /// <inheritdoc/>
    public override bool Matches(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.SerialNumber.Span.SequenceEqual(SerialNumber.Span) && certificate.Issuer.Equals(Issuer);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Issuer}, serial {Convert.ToHexString(SerialNumber.Span)}";

    internal static IssuerAndSerialNumber DecodeFields(AsnReader reader, Asn1Tag? tag = null)
    {
        AsnReader fields = reader.ReadSequence(tag);
        ReadOnlyMemory<byte> issuer = fields.PeekEncodedValue();
        fields.ReadSequence();
        ReadOnlyMemory<byte> serialNumber = fields.ReadIntegerBytes();
        fields.ThrowIfNotEmpty();
        return new IssuerAndSerialNumber(new DistinguishedName(issuer), serialNumber);
    }

    internal override void Encode(AsnWriter writer) => Encode(writer, null);

    internal void Encode(AsnWriter writer, Asn1Tag? tag)
    {
        using (writer.PushSequence(tag))
        {
            writer.WriteEncodedValue(Issuer.RawData.Span);
            writer.WriteInteger(SerialNumber.Span);
        }
    }
}
