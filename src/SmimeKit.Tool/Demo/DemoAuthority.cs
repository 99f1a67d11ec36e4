using SmimeKit.Certificates;

namespace SmimeKit.Tool.Demo;

/// <summary>The certification authority of a small house: a root, and an intermediate that issues.</summary>
internal sealed class DemoAuthority : IDisposable
{
    private readonly SigningKey _key;
    private readonly CertificateIssuer _issuer;
    private readonly DateTimeOffset _from;

    private DemoAuthority(Certificate root, SigningKey key, DateTimeOffset from)
    {
        Root = root;
        _key = key;
        _issuer = new CertificateIssuer(key);
        _from = from;
    }

    internal Certificate Root { get; }

    internal Certificate Intermediate => _issuer.Certificate;

    internal static async Task<DemoAuthority> CreateAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset from = now.AddHours(-1); // clocks differ
        DistinguishedName rootName = new SubjectName { Organization = "Example House", CommonName = "Example House Root CA" }.ToDistinguishedName();
        DistinguishedName mailName = new SubjectName { Organization = "Example House", CommonName = "Example House Mail CA" }.ToDistinguishedName();
        using IssuedCertificate root = CertificateIssuer.CreateRoot(
            CertificateTemplate.ForRoot(rootName, from, now.AddYears(10)), CertificateKeyKind.EcP384);
        using SigningKey rootKey = root.CreateSigningKey();
        using IssuedCertificate intermediate = await new CertificateIssuer(rootKey)
            .IssueAsync(CertificateTemplate.ForIntermediate(mailName, from, now.AddYears(5)), CertificateKeyKind.EcP256, cancellationToken)
            .ConfigureAwait(false);
        return new DemoAuthority(root.Certificate, intermediate.CreateSigningKey(), from);
    }

    internal Task<IssuedIdentity> IssueAsync(string name, string address, CertificateKeyKind kind, CancellationToken cancellationToken) =>
        _issuer.IssueIdentityAsync(
            new SubjectName { CommonName = name }.ToDistinguishedName(), [address], _from, _from.AddYears(2), kind, cancellationToken);

    public void Dispose() => _key.Dispose();
}
