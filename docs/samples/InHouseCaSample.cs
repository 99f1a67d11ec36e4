using SmimeKit.Certificates;

namespace SmimeKit.Samples;

public static class InHouseCaSample
{
    public static async Task<(Certificate Root, byte[] Pkcs12)> IssueAsync(string name, string address, string password, DateTimeOffset now)
    {
        DistinguishedName ca = new SubjectName { Organization = "Example", CommonName = "Example Mail CA" }.ToDistinguishedName();
        using IssuedCertificate root = CertificateIssuer.CreateRoot(CertificateTemplate.ForRoot(ca, now, now.AddYears(10)));
        using SigningKey caKey = root.CreateSigningKey();

        // Two certificates: the key that decrypts can be kept in escrow without anyone being able to sign in the person's name.
        DistinguishedName person = new SubjectName { CommonName = name }.ToDistinguishedName();
        using IssuedIdentity identity = await new CertificateIssuer(caKey).IssueIdentityAsync(person, [address], now, now.AddYears(2));
        return (root.Certificate, identity.ExportPkcs12(password));
    }
}
