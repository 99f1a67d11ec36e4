using SmimeKit.Certificates;

namespace SmimeKit.Tool.Reporting;

/// <summary>Certificates for people.</summary>
internal static class TextCertificate
{
    internal static void Write(TextWriter output, Certificate certificate)
    {
        output.WriteLine(Printable.Of(certificate.Subject.ToString()));
        Line(output, "issuer", certificate.Issuer.ToString());
        Line(output, "serial", certificate.SerialNumberHex);
        Line(output, "valid", $"{JsonLine.Instant(certificate.NotBefore)} to {JsonLine.Instant(certificate.NotAfter)}");
        Line(output, "addresses", string.Join(", ", CertificateFacts.EmailAddresses(certificate)));
        Line(output, "key", $"{CertificateFacts.Key(certificate)}, signed with {OidNames.Of(certificate.SignatureAlgorithm.Oid)}");
        Line(output, "CA", CertificateFacts.IsAuthority(certificate) ? "yes" : "no");
        Line(output, "usage", CertificateFacts.KeyUsage(certificate) is { } usage ? string.Join(", ", CertificateFacts.Names(usage)) : "");
        Line(output, "purposes", string.Join(", ", (CertificateFacts.ExtendedKeyUsages(certificate) ?? []).Select(OidNames.Of)));
        Line(output, "extensions", string.Join(", ", CertificateFacts.Extensions(certificate)));
        Line(output, "SHA-256", JsonLine.Hex(certificate.Sha256));
    }

    private static void Line(TextWriter output, string name, string text)
    {
        if (text.Length > 0)
        {
            output.WriteLine($"  {name,-11}{Printable.Of(text)}");
        }
    }
}
