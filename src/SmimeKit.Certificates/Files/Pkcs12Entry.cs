namespace SmimeKit.Certificates;

/// <summary>A private key on its way into a PKCS #12 file.</summary>
internal sealed record Pkcs12Entry(Certificate Certificate, PrivateKeyMaterial Key, string? FriendlyName);
