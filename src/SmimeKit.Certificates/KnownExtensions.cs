using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>The extensions of RFC 5280 §4.2 that this library has an opinion on.</summary>
[Flags]
internal enum KnownExtensions
{
    None = 0,
    SubjectKeyIdentifier = 1 << 0,
    KeyUsage = 1 << 1,
    SubjectAltName = 1 << 2,
    BasicConstraints = 1 << 3,
    NameConstraints = 1 << 4,
    CertificatePolicies = 1 << 5,
    PolicyMappings = 1 << 6,
    AuthorityKeyIdentifier = 1 << 7,
    PolicyConstraints = 1 << 8,
    ExtendedKeyUsage = 1 << 9,
    InhibitAnyPolicy = 1 << 10,
}

/// <summary>From object identifiers to <see cref="KnownExtensions"/>.</summary>
internal static class KnownExtension
{
    internal static KnownExtensions Of(string oid) => oid switch
    {
        Oids.SubjectKeyIdentifier => KnownExtensions.SubjectKeyIdentifier,
        Oids.KeyUsage => KnownExtensions.KeyUsage,
        Oids.SubjectAltName => KnownExtensions.SubjectAltName,
        Oids.BasicConstraints => KnownExtensions.BasicConstraints,
        Oids.NameConstraints => KnownExtensions.NameConstraints,
        Oids.CertificatePolicies => KnownExtensions.CertificatePolicies,
        Oids.PolicyMappings => KnownExtensions.PolicyMappings,
        Oids.AuthorityKeyIdentifier => KnownExtensions.AuthorityKeyIdentifier,
        Oids.PolicyConstraints => KnownExtensions.PolicyConstraints,
        Oids.ExtendedKeyUsage => KnownExtensions.ExtendedKeyUsage,
        Oids.InhibitAnyPolicy => KnownExtensions.InhibitAnyPolicy,
        _ => KnownExtensions.None,
    };
}
