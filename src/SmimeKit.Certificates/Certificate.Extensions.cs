using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <content>The extensions of RFC 5280 §4.2 that S/MIME reads, decoded when first asked for and then kept.</content>
public sealed partial class Certificate
{
    private DecodedExtensions? _decoded;
    private IReadOnlyList<GeneralName>? _subjectAlternativeNames;

    /// <summary>Gets the keyUsage bits, or null when the extension is absent: then every usage is presumed (RFC 8550 §4.4.2).</summary>
    public KeyUsages? KeyUsage => DecodedWith(KnownExtensions.KeyUsage, "keyUsage").KeyUsage;

    /// <summary>Gets the purposes of extKeyUsage as object identifiers, or null when the extension is absent.</summary>
    public IReadOnlyList<string>? ExtendedKeyUsages => DecodedWith(KnownExtensions.ExtendedKeyUsage, "extKeyUsage").ExtendedKeyUsages;

    /// <summary>Gets whether basicConstraints says CA; false when the extension is absent.</summary>
    public bool IsCertificateAuthority => DecodedWith(KnownExtensions.BasicConstraints, "basicConstraints").IsCertificateAuthority;

    /// <summary>Gets the limit on the number of intermediate certificates below this CA, or null when there is none.</summary>
    public int? PathLengthConstraint => DecodedWith(KnownExtensions.BasicConstraints, "basicConstraints").PathLengthConstraint;

    /// <summary>Gets the octets of the subjectKeyIdentifier extension; empty when absent.</summary>
    public ReadOnlyMemory<byte> SubjectKeyIdentifier =>
        DecodedWith(KnownExtensions.SubjectKeyIdentifier, "subjectKeyIdentifier").SubjectKeyIdentifier;

    /// <summary>Gets the keyIdentifier of the authorityKeyIdentifier extension; empty when absent.</summary>
    public ReadOnlyMemory<byte> AuthorityKeyIdentifier =>
        DecodedWith(KnownExtensions.AuthorityKeyIdentifier, "authorityKeyIdentifier").AuthorityKeyIdentifier;

    /// <summary>Gets the names of subjectAltName; empty when the extension is absent.</summary>
    public IReadOnlyList<GeneralName> SubjectAlternativeNames => _subjectAlternativeNames ??= DecodeSubjectAlternativeNames();

    /// <summary>
    /// Gets the mail addresses: rfc822Name and SmtpUTF8Mailbox of subjectAltName, then the subject's emailAddress attributes
    /// (RFC 8550 §3). Addresses with control characters or blanks are left out: they match nobody. So is an SmtpUTF8Mailbox whose
    /// local part is ASCII, which RFC 9598 §3 forbids.
    /// </summary>
    public IReadOnlyList<string> EmailAddresses
    {
        get
        {
            IEnumerable<string> alternatives = SubjectAlternativeNames
                .Where(n => n.Tag == 1 || (n.OtherNameType == Oids.SmtpUtf8Mailbox && !HasAsciiLocalPart(n.Text)))
                .Select(n => n.Text ?? "");
            IEnumerable<string> attributes = Subject.Attributes.Where(a => a.Oid == Oids.EmailAddress).Select(a => a.Value);
            return [.. alternatives.Concat(attributes).Where(EmailAddressComparison.IsWellFormed).Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>Gets everything that path validation asks of the extensions, without exceptions.</summary>
    internal DecodedExtensions Decoded => _decoded ??= new DecodedExtensions(Extensions);

    /// <summary>Finds an extension.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <returns>The first extension with this identifier, or null.</returns>
    public CertificateExtension? FindExtension(string oid) => Extensions.FirstOrDefault(e => e.Oid == oid);

    /// <summary>Tells whether a keyUsage bit is set, or the extension absent (RFC 8550 §4.4.2).</summary>
    /// <param name="anyOf">One or more bits, any of which suffices.</param>
    /// <returns>
    /// True when the key may be used so; false also when the extension has a bit that its RFC forbids for the kind of key (RFC 8410 §5 and
    /// RFC 9295, RFC 9881, RFC 9814, RFC 9708, RFC 9935): who issues such a certificate does not know what it is for.
    /// </returns>
    public bool AllowsKeyUsage(KeyUsages anyOf) =>
        KeyUsage is not { } usage || ((usage & anyOf) != 0 && KeyPurposes.HasAdmissibleUsages(this));

    private static bool HasAsciiLocalPart(string? mailbox) =>
        mailbox is not null && System.Text.Ascii.IsValid(mailbox.AsSpan(0, Math.Max(mailbox.LastIndexOf('@'), 0)));

    private DecodedExtensions DecodedWith(KnownExtensions kind, string field) =>
        (Decoded.Malformed & kind) == 0
            ? Decoded
            : throw new MalformedDataException("asn1-malformed", "The ASN.1 value is malformed", fieldPath: field);

    private IReadOnlyList<GeneralName> DecodeSubjectAlternativeNames() =>
        FindExtension(Oids.SubjectAltName) is { } extension
            ? Der.Decode(extension.Value, "subjectAltName", ExtensionValues.ReadGeneralNames, AsnEncodingRules.BER)
            : [];
}
