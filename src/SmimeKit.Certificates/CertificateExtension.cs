namespace SmimeKit.Certificates;

/// <summary>One extension of a certificate, RFC 5280 §4.2.</summary>
/// <param name="Oid">The object identifier in dotted form.</param>
/// <param name="IsCritical">Whether a reader that does not know the extension refuses the certificate.</param>
/// <param name="Value">The octets of extnValue: DER of the extension's own type.</param>
public sealed record CertificateExtension(string Oid, bool IsCritical, ReadOnlyMemory<byte> Value);
