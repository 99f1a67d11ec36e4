using SmimeKit.Certificates;

namespace SmimeKit.Tool.Tests;

/// <summary>A small house: its CA, and people with key files, as a user of the tool has them. The password of every key file is <c>secret</c>.</summary>
internal sealed class House
{
    internal const string Password = "secret";

    private static readonly Lazy<Task<House>> _instance = new(CreateAsync);
    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-tool-house-").FullName;

    private House() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(_folder, recursive: true);

    internal static Task<House> Instance => _instance.Value;

    internal Certificate Root { get; private set; } = null!;

    internal Certificate AliceSigning { get; private set; } = null!;

    internal Certificate BobEncryption { get; private set; } = null!;

    /// <summary>Gets the root, PEM.</summary>
    internal string RootFile => PathOf("root.pem");

    /// <summary>Gets the intermediate, PEM.</summary>
    internal string IntermediateFile => PathOf("intermediate.pem");

    /// <summary>Gets alice@example.org with P-256 keys.</summary>
    internal string AliceKeys => PathOf("alice.p12");

    /// <summary>Gets bob@example.net with RSA keys.</summary>
    internal string BobKeys => PathOf("bob.p12");

    internal string BobCertificate => PathOf("bob.pem");

    internal string AliceCertificate => PathOf("alice.pem");

    /// <summary>Gets mallory@example.org from another CA with the same names.</summary>
    internal string MalloryKeys => PathOf("mallory.p12");

    internal string PasswordFile => PathOf("password.txt");

    /// <summary>Gets the options that trust the house and open its key files.</summary>
    internal string[] Trusting => ["--no-store", "--trust", RootFile];

    internal string[] Keys(string file) => ["--key", file, "--password-file", PasswordFile];

    /// <summary>Gets a mail from Alice to Bob.</summary>
    internal static string Mail { get; } =
        "From: Alice <alice@example.org>\r\nTo: Bob <bob@example.net>\r\nSubject: Hello\r\nDate: Mon, 01 Jun 2026 12:00:00 +0000\r\n"
        + "Message-ID: <1@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThe secret is 42.\r\n";

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static async Task<House> CreateAsync()
    {
        var house = new House();
        await File.WriteAllTextAsync(house.PasswordFile, Password + "\n");
        (house.Root, IssuedCertificate intermediate) = await CreateAuthorityAsync();
        using (intermediate)
        {
            await File.WriteAllTextAsync(house.RootFile, CertificateFile.EncodePem([house.Root]));
            await File.WriteAllTextAsync(house.IntermediateFile, CertificateFile.EncodePem([intermediate.Certificate]));
            using IssuedIdentity alice = await IssueAsync(intermediate, "Alice", "alice@example.org", CertificateKeyKind.EcP256, house.AliceKeys);
            house.AliceSigning = alice.Signing.Certificate;
            await File.WriteAllTextAsync(house.AliceCertificate, CertificateFile.EncodePem([alice.Encryption.Certificate]));
            using IssuedIdentity bob = await IssueAsync(intermediate, "Bob", "bob@example.net", CertificateKeyKind.Rsa2048, house.BobKeys);
            house.BobEncryption = bob.Encryption.Certificate;
            await File.WriteAllTextAsync(house.BobCertificate, CertificateFile.EncodePem([bob.Encryption.Certificate]));
        }

        (_, IssuedCertificate other) = await CreateAuthorityAsync();
        using (other)
        {
            (await IssueAsync(other, "Mallory", "alice@example.org", CertificateKeyKind.EcP256, house.MalloryKeys)).Dispose();
        }

        return house;
    }

    private static async Task<(Certificate Root, IssuedCertificate Intermediate)> CreateAuthorityAsync()
    {
        DateTimeOffset from = ToolInput.DefaultNow.AddDays(-1);
        using IssuedCertificate root = CertificateIssuer.CreateRoot(
            CertificateTemplate.ForRoot(new SubjectName { CommonName = "House Root" }.ToDistinguishedName(), from, from.AddYears(10)),
            CertificateKeyKind.EcP256);
        using SigningKey key = root.CreateSigningKey();
        IssuedCertificate intermediate = await new CertificateIssuer(key).IssueAsync(
            CertificateTemplate.ForIntermediate(new SubjectName { CommonName = "House Mail CA" }.ToDistinguishedName(), from, from.AddYears(5)),
            CertificateKeyKind.EcP256);
        return (root.Certificate, intermediate);
    }

    private static async Task<IssuedIdentity> IssueAsync(
        IssuedCertificate issuer, string name, string address, CertificateKeyKind kind, string file)
    {
        using SigningKey key = issuer.CreateSigningKey();
        DateTimeOffset from = ToolInput.DefaultNow.AddDays(-1);
        IssuedIdentity identity = await new CertificateIssuer(key).IssueIdentityAsync(
            new SubjectName { CommonName = name }.ToDistinguishedName(), [address], from, from.AddYears(2), kind);
        await File.WriteAllBytesAsync(file, identity.ExportPkcs12(Password, options: new Pkcs12Options { Iterations = 1000 }));
        return identity;
    }
}
