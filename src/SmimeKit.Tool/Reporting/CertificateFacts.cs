using SmimeKit.Certificates;

namespace SmimeKit.Tool.Reporting;

/// <summary>Facts of certificates for display. An extension that is malformed gives none.</summary>
internal static class CertificateFacts
{
    /// <summary>Gets the purposes by the names that the command line gives them.</summary>
    internal static string[] PurposeNames => ["any", "email-sign", "email-encrypt"];

    internal static CertificatePurpose Purpose(string name) => name switch
    {
        "email-sign" => CertificatePurpose.EmailSigning,
        "email-encrypt" => CertificatePurpose.EmailEncryption,
        _ => CertificatePurpose.Any,
    };

    internal static IReadOnlyList<string> EmailAddresses(Certificate certificate) => Read(certificate, c => c.EmailAddresses) ?? [];

    internal static IReadOnlyList<string>? ExtendedKeyUsages(Certificate certificate) => Read(certificate, c => c.ExtendedKeyUsages);

    /// <summary>Gets the extensions by name; critical ones are marked.</summary>
    internal static IReadOnlyList<string> Extensions(Certificate certificate) =>
        Read(certificate, c => [.. c.Extensions.Select(e => OidNames.Of(e.Oid) + (e.IsCritical ? " (critical)" : ""))]) ?? [];

    /// <summary>Gets the subject key identifier in hexadecimal; empty when there is none.</summary>
    internal static string SubjectKeyIdentifier(Certificate certificate)
    {
        try
        {
            return JsonLine.Hex(certificate.SubjectKeyIdentifier);
        }
        catch (MalformedDataException)
        {
            return "";
        }
    }

    internal static KeyUsages? KeyUsage(Certificate certificate)
    {
        try
        {
            return certificate.KeyUsage;
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    internal static bool IsAuthority(Certificate certificate)
    {
        try
        {
            return certificate.IsCertificateAuthority;
        }
        catch (MalformedDataException)
        {
            return false;
        }
    }

    /// <summary>Gets the kind and size of the key: <c>RSA 2048</c>, <c>P-256</c>.</summary>
    internal static string Key(Certificate certificate)
    {
        SubjectPublicKeyInfo key = certificate.PublicKey;
        return key.IsRsa ? FormattableString.Invariant($"RSA {key.KeySize}")
            : key.CurveOid is { } curve ? OidNames.Of(curve)
            : OidNames.Of(key.Algorithm.Oid);
    }

    /// <summary>Gets the usage bits by their names in RFC 5280.</summary>
    internal static IEnumerable<string> Names(KeyUsages usages) =>
        from usage in new (KeyUsages Bit, string Name)[]
        {
            (KeyUsages.DigitalSignature, "digitalSignature"), (KeyUsages.NonRepudiation, "nonRepudiation"),
            (KeyUsages.KeyEncipherment, "keyEncipherment"), (KeyUsages.DataEncipherment, "dataEncipherment"),
            (KeyUsages.KeyAgreement, "keyAgreement"), (KeyUsages.KeyCertSign, "keyCertSign"), (KeyUsages.CrlSign, "cRLSign"),
            (KeyUsages.EncipherOnly, "encipherOnly"), (KeyUsages.DecipherOnly, "decipherOnly"),
        }
        where (usages & usage.Bit) != 0
        select usage.Name;

    private static IReadOnlyList<string>? Read(Certificate certificate, Func<Certificate, IReadOnlyList<string>?> read)
    {
        try
        {
            return read(certificate);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }
}
