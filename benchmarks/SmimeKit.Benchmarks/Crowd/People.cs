using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Benchmarks.Crowd;

/// <summary>Many certificates of one issuer over a few RSA-2048 keys: keys take long to make, and what is measured does not depend on them.</summary>
internal sealed class People
{
    private const int Keys = 8;

    private readonly Person[] _people = [.. Enumerable.Range(0, Keys).Select(i => Person.Create($"person{i}@example.com", rsa: true))];

    /// <summary>Gets what is sent.</summary>
    internal byte[] Content { get; } = [.. Enumerable.Range(0, 10 * 1024).Select(i => (byte)i)];

    /// <summary>Gets the one who decrypts; no certificate of <see cref="Recipients"/> but the last is his.</summary>
    internal Person Last { get; } = Person.Create("last@example.com", rsa: true);

    /// <summary>Makes certificates for encryption to as many recipients, the last of them <see cref="Last"/>.</summary>
    internal IEnumerable<X509Certificate2> Recipients(int count) =>
        [.. Enumerable.Range(0, count - 1).Select(i => Of(i).Issuer.Reissue(Of(i).Encryption)), Last.Encryption];

    /// <summary>Makes certificates with keys for as many signers.</summary>
    internal IEnumerable<X509Certificate2> Signers(int count) => [.. Enumerable.Range(0, count).Select(i => Of(i).Issuer.Reissue(Of(i).Signing))];

    private Person Of(int index) => _people[index % Keys];
}
