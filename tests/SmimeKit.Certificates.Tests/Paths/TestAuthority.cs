using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>A CA of the tests: a name, a key, and the certificates that it issues.</summary>
internal sealed class TestAuthority(string name, TestKey? key = null)
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly TestKey _leafKey = TestKey.Ec();

    internal string Name { get; } = name;

    internal byte[] NameDer { get; } = TestCertificate.Name(name);

    internal TestKey Key { get; } = key ?? TestKey.Ec();

    /// <summary>The self-signed certificate of this CA.</summary>
    internal Certificate Root(Func<TestCertificate, TestCertificate>? change = null) => Certify(this, change);

    /// <summary>A certificate for another CA, or for this one again.</summary>
    internal Certificate Certify(TestAuthority subject, Func<TestCertificate, TestCertificate>? change = null) =>
        Issue(new TestCertificate { Subject = subject.NameDer, Key = subject.Key, Extensions = CaExtensions() }, change);

    /// <summary>A certificate for a person: keyUsage digitalSignature, extKeyUsage emailProtection.</summary>
    internal Certificate Leaf(Func<TestCertificate, TestCertificate>? change = null) =>
        Issue(
            new TestCertificate
            {
                Subject = TestCertificate.Name("CN=Alice"),
                Key = _leafKey,
                Extensions = [Usage(X509KeyUsageFlags.DigitalSignature), Purposes("1.3.6.1.5.5.7.3.4"), Addresses("alice@example.com")],
            },
            change);

    internal static X509Extension[] CaExtensions(int? pathLength = null) =>
        [BasicConstraints(true, pathLength), Usage(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)];

    internal static X509Extension BasicConstraints(bool ca, int? pathLength = null) =>
        new X509BasicConstraintsExtension(ca, pathLength is not null, pathLength ?? 0, critical: true);

    internal static X509Extension Usage(X509KeyUsageFlags flags, bool critical = true) => new X509KeyUsageExtension(flags, critical);

    internal static X509Extension Purposes(params string[] oids)
    {
        var purposes = new System.Security.Cryptography.OidCollection();
        foreach (string oid in oids)
        {
            purposes.Add(new System.Security.Cryptography.Oid(oid));
        }

        return new X509EnhancedKeyUsageExtension(purposes, critical: false);
    }

    internal static X509Extension Addresses(string address, bool critical = false)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        return names.Build(critical);
    }

    internal static X509Extension Raw(string oid, byte[] value, bool critical = false) => new(oid, value, critical);

    internal static X509Extension OwnIdentifier(byte[] value) => new X509SubjectKeyIdentifierExtension(value, critical: false);

    internal static X509Extension IssuerIdentifier(byte[] value) =>
        X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(value);

    private Certificate Issue(TestCertificate certificate, Func<TestCertificate, TestCertificate>? change)
    {
        certificate = certificate with { Issuer = NameDer };
        return (change?.Invoke(certificate) ?? certificate).SignedWith(Key);
    }
}
