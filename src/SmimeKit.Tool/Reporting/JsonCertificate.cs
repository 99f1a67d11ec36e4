using System.Text.Json;
using SmimeKit.Certificates;

namespace SmimeKit.Tool.Reporting;

/// <summary>Certificates as JSON.</summary>
internal static class JsonCertificate
{
    /// <summary>Writes what names a certificate.</summary>
    internal static void WriteBrief(Utf8JsonWriter json, Certificate certificate)
    {
        json.WriteStartObject();
        WriteNames(json, certificate);
        json.WriteEndObject();
    }

    /// <summary>Writes everything that a certificate says, as members of the present object.</summary>
    internal static void WriteMembers(Utf8JsonWriter json, Certificate certificate)
    {
        WriteNames(json, certificate);
        json.WriteString("notBefore", JsonLine.Instant(certificate.NotBefore));
        json.WriteString("notAfter", JsonLine.Instant(certificate.NotAfter));
        json.WriteString("key", CertificateFacts.Key(certificate));
        json.WriteString("signatureAlgorithm", OidNames.Of(certificate.SignatureAlgorithm.Oid));
        json.WriteBoolean("ca", CertificateFacts.IsAuthority(certificate));
        json.WriteStrings("keyUsage", CertificateFacts.KeyUsage(certificate) is { } usage ? CertificateFacts.Names(usage) : []);
        json.WriteStrings("extKeyUsage", (CertificateFacts.ExtendedKeyUsages(certificate) ?? []).Select(OidNames.Of));
        json.WriteStrings("extensions", CertificateFacts.Extensions(certificate));
    }

    private static void WriteNames(Utf8JsonWriter json, Certificate certificate)
    {
        json.WriteString("subject", certificate.Subject.ToString());
        json.WriteString("issuer", certificate.Issuer.ToString());
        json.WriteString("serial", certificate.SerialNumberHex.ToLowerInvariant());
        json.WriteStrings("emails", CertificateFacts.EmailAddresses(certificate));
        json.WriteString("sha256", JsonLine.Hex(certificate.Sha256));
    }
}
