using System.Collections.Immutable;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>What a certificate to be issued says.</summary>
public sealed record CertificateTemplate
{
    /// <summary>Gets the subject. May be empty when there are mail addresses.</summary>
    public required DistinguishedName Subject { get; init; }

    /// <summary>Gets the mail addresses of subjectAltName: rfc822Name, or SmtpUTF8Mailbox for local parts beyond ASCII.</summary>
    public IReadOnlyList<string> EmailAddresses { get; init; } = [];

    /// <summary>Gets the first instant of validity; fractions of a second are dropped.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Gets the last instant of validity; fractions of a second are dropped.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Gets the keyUsage bits; at least one.</summary>
    public required KeyUsages KeyUsage { get; init; }

    /// <summary>Gets the purposes of extKeyUsage as object identifiers; none leaves the extension out.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; init; } = [];

    /// <summary>Gets whether the subject may issue certificates.</summary>
    public bool IsCertificateAuthority { get; init; }

    /// <summary>Gets the most intermediate certificates below the subject, or null for no limit. Only for issuers.</summary>
    public int? PathLength { get; init; }

    /// <summary>Gets further extensions, none of those that the other properties make.</summary>
    public IReadOnlyList<CertificateExtension> AdditionalExtensions { get; init; } = [];

    /// <summary>Makes the template of a root, which signs itself.</summary>
    /// <param name="subject">The name.</param>
    /// <param name="notBefore">The first instant of validity.</param>
    /// <param name="notAfter">The last instant of validity.</param>
    /// <returns>The template: keyCertSign and cRLSign, no limit on paths.</returns>
    public static CertificateTemplate ForRoot(DistinguishedName subject, DateTimeOffset notBefore, DateTimeOffset notAfter) => new()
    {
        Subject = subject,
        NotBefore = notBefore,
        NotAfter = notAfter,
        KeyUsage = KeyUsages.KeyCertSign | KeyUsages.CrlSign,
        IsCertificateAuthority = true,
    };

    /// <summary>Makes the template of an intermediate issuer for mail.</summary>
    /// <param name="subject">The name.</param>
    /// <param name="notBefore">The first instant of validity.</param>
    /// <param name="notAfter">The last instant of validity.</param>
    /// <param name="pathLength">The most intermediate certificates below it.</param>
    /// <returns>The template: keyCertSign and cRLSign, and emailProtection as the only purpose below it.</returns>
    public static CertificateTemplate ForIntermediate(
        DistinguishedName subject, DateTimeOffset notBefore, DateTimeOffset notAfter, int pathLength = 0) =>
        ForRoot(subject, notBefore, notAfter) with { PathLength = pathLength, ExtendedKeyUsages = [Oids.EmailProtection] };

    /// <summary>Makes the template of a person's certificate for signing mail.</summary>
    /// <param name="subject">The name.</param>
    /// <param name="emailAddresses">The mail addresses.</param>
    /// <param name="notBefore">The first instant of validity.</param>
    /// <param name="notAfter">The last instant of validity.</param>
    /// <returns>The template: digitalSignature and emailProtection.</returns>
    public static CertificateTemplate ForSigning(
        DistinguishedName subject, IEnumerable<string> emailAddresses, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        ForMail(subject, emailAddresses, notBefore, notAfter, KeyUsages.DigitalSignature);

    /// <summary>Makes the template of a person's certificate for receiving encrypted mail.</summary>
    /// <param name="subject">The name.</param>
    /// <param name="emailAddresses">The mail addresses.</param>
    /// <param name="notBefore">The first instant of validity.</param>
    /// <param name="notAfter">The last instant of validity.</param>
    /// <param name="key">The public key, whose kind decides between keyEncipherment and keyAgreement (RFC 8550 §4.4.2).</param>
    /// <returns>The template: keyEncipherment or keyAgreement, and emailProtection.</returns>
    public static CertificateTemplate ForEncryption(
        DistinguishedName subject,
        IEnumerable<string> emailAddresses,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        KeyUsages usage = key.IsRsa || KeyPurposes.OnlyEncapsulates(key) ? KeyUsages.KeyEncipherment : KeyUsages.KeyAgreement;
        return ForMail(subject, emailAddresses, notBefore, notAfter, usage);
    }

    private static CertificateTemplate ForMail(
        DistinguishedName subject, IEnumerable<string> addresses, DateTimeOffset notBefore, DateTimeOffset notAfter, KeyUsages usage) => new()
        {
            Subject = subject,
            EmailAddresses = addresses.ToImmutableArray(),
            NotBefore = notBefore,
            NotAfter = notAfter,
            KeyUsage = usage,
            ExtendedKeyUsages = [Oids.EmailProtection],
        };
}
