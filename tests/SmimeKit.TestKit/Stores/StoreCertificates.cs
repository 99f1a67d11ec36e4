using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;

namespace SmimeKit.TestKit.Stores;

/// <summary>Small self-signed certificates for the tests of stores. Nobody validates them.</summary>
public static class StoreCertificates
{
    public static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes a certificate with a fresh P-256 key.</summary>
    /// <param name="addresses">The mail addresses, separated by blanks; none when empty.</param>
    /// <param name="usage">The keyUsage bits; no extension when none.</param>
    /// <param name="days">Days of validity from <see cref="Epoch"/>.</param>
    /// <param name="subject">The subject, and issuer.</param>
    /// <param name="serialNumber">The serial number in hexadecimal; random when null.</param>
    /// <param name="keyIdentifier">The subjectKeyIdentifier in hexadecimal; no extension when null.</param>
    /// <param name="purpose">The OID of extKeyUsage; no extension when null.</param>
    public static Certificate Make(
        string addresses = "alice@example.com",
        X509KeyUsageFlags usage = X509KeyUsageFlags.None,
        int days = 365,
        string subject = "CN=Alice",
        string? serialNumber = null,
        string? keyIdentifier = null,
        string? purpose = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedName(subject);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        if (addresses.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            Array.ForEach(addresses.Split(' '), names.AddEmailAddress);
            request.CertificateExtensions.Add(names.Build());
        }

        if (usage != X509KeyUsageFlags.None)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        }

        if (purpose is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        }

        if (keyIdentifier is not null)
        {
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(keyIdentifier, critical: false));
        }

        byte[] serial = serialNumber is null ? RandomSerialNumber() : Convert.FromHexString(serialNumber);
        using X509Certificate2 certificate = request.Create(
            name, X509SignatureGenerator.CreateForECDsa(key), Epoch, Epoch.AddDays(days), serial);
        return Certificate.FromX509Certificate2(certificate);
    }

    private static byte[] RandomSerialNumber()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
