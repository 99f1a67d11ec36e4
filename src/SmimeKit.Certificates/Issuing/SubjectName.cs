using System.Formats.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The parts of a distinguished name to be issued, RFC 5280 A.1. Mail addresses do not belong here (RFC 8550 §3).</summary>
public sealed record SubjectName
{
    private const int MaxNameLength = 64;      // ub-common-name, ub-organization-name, ub-organizational-unit-name
    private const int MaxPlaceLength = 128;    // ub-locality-name, ub-state-name
    private const int MaxPersonLength = 32768; // ub-name

    /// <summary>Gets the country, two letters of ISO 3166; or null.</summary>
    public string? Country { get; init; }

    /// <summary>Gets the state or province; or null.</summary>
    public string? StateOrProvince { get; init; }

    /// <summary>Gets the locality; or null.</summary>
    public string? Locality { get; init; }

    /// <summary>Gets the organization; or null.</summary>
    public string? Organization { get; init; }

    /// <summary>Gets the organizational unit; or null.</summary>
    public string? OrganizationalUnit { get; init; }

    /// <summary>Gets the surname; or null.</summary>
    public string? Surname { get; init; }

    /// <summary>Gets the given name; or null.</summary>
    public string? GivenName { get; init; }

    /// <summary>Gets the common name; or null.</summary>
    public string? CommonName { get; init; }

    /// <summary>Encodes the name, from the country down to the common name.</summary>
    /// <returns>The name; empty when nothing is set.</returns>
    /// <exception cref="ArgumentException">A part is empty, too long, has control characters, or is no country.</exception>
    public DistinguishedName ToDistinguishedName()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteCountry(writer);
            Write(writer, "2.5.4.8", StateOrProvince, MaxPlaceLength);
            Write(writer, "2.5.4.7", Locality, MaxPlaceLength);
            Write(writer, "2.5.4.10", Organization, MaxNameLength);
            Write(writer, "2.5.4.11", OrganizationalUnit, MaxNameLength);
            Write(writer, "2.5.4.4", Surname, MaxPersonLength);
            Write(writer, "2.5.4.42", GivenName, MaxPersonLength);
            Write(writer, "2.5.4.3", CommonName, MaxNameLength);
        }

        return new DistinguishedName(writer.Encode());
    }

    private void WriteCountry(AsnWriter writer)
    {
        if (Country is not null && (Country.Length != 2 || !Country.All(char.IsAsciiLetterUpper)))
        {
            throw new ArgumentException("A country has two capital letters.");
        }

        Write(writer, "2.5.4.6", Country, 2, UniversalTagNumber.PrintableString);
    }

    private static void Write(
        AsnWriter writer, string oid, string? value, int maxLength, UniversalTagNumber type = UniversalTagNumber.UTF8String)
    {
        if (value is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(value) || value.Length > maxLength || value.Any(char.IsControl))
        {
            throw new ArgumentException($"A part of the name is empty, longer than {maxLength} characters, or has control characters.");
        }

        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteCharacterString(type, value);
        }
    }
}
