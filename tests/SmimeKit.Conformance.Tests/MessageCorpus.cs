using System.Globalization;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.TestKit;

namespace SmimeKit.Conformance.Tests;

/// <summary>Opens a published message with what its manifest entry names: keys, anchors, time.</summary>
internal static class MessageCorpus
{
    internal static IEnumerable<VectorEntry> Mails(string group) => Vectors.Group(group).Where(e => e.Kind == "eml");

    /// <summary>The mails and the bare CMS of a group.</summary>
    internal static IEnumerable<VectorEntry> Messages(string group) => Vectors.Group(group).Where(e => e.Kind is "eml" or "cms-der" or "cms-pem");

    internal static async Task<(SmimeReport Report, byte[] Content)> OpenAsync(VectorEntry entry, bool legacy, Func<byte[], Stream> read)
    {
        using KeyFile? keys = entry.Text("decrypts_with") is { } key && File.Exists(Vectors.PathOf(key)) ? await ReadKeysAsync(key) : null;
        var options = new SmimeOpenOptions
        {
            Anchors = new FixedAnchors([.. entry.List("trust").SelectMany(ReadCertificates)]),
            ExtraCertificates = [.. entry.List("intermediates").SelectMany(ReadCertificates), .. FindSigners(entry)],
            DecryptionKeys = keys?.DecryptionKeys ?? [],
            At = entry.Text("at") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero),
            Policy = legacy ? CmsPolicy.Legacy : CmsPolicy.Default,
            CertificatePolicy = legacy ? CertificatePolicy.Legacy : CertificatePolicy.Default,
        };
        using Stream message = read(Vectors.Read(entry.Path));
        using var content = new MemoryStream();
        var opener = new SmimeOpener(options);
        if (entry.Text("detached_content") is { } path)
        {
            byte[] detached = Vectors.Read(path);
            return (await opener.VerifyDetachedAsync(message, new MemoryStream(detached)), detached);
        }

        SmimeReport report = entry.Kind == "eml" ? await opener.OpenAsync(message, content) : await opener.OpenCmsAsync(message, content);
        return (report, content.ToArray());
    }

    // Some messages carry no certificates; the collection has those of their signers.
    private static IEnumerable<Certificate> FindSigners(VectorEntry entry) => entry.Group switch
    {
        "rfc4134" => Vectors.Group("rfc4134").Where(e => e.Kind == "cert").SelectMany(e => ReadCertificates(e.Path)),
        "peer-openssl" => ReadCertificates("openssl-smime-certs/smrsa1.pem"),
        _ => [],
    };

    private static IEnumerable<Certificate> ReadCertificates(string path) => CertificateFile.Decode(Vectors.Read(path));

    // A key alone is matched with the certificates of its group.
    private static Task<KeyFile> ReadKeysAsync(string path)
    {
        VectorEntry entry = Vectors.Entry(path);
        IEnumerable<Certificate> certificates = path.EndsWith(".pri", StringComparison.Ordinal)
            ? Vectors.Group(entry.Group).Where(e => e.Kind == "cert").SelectMany(e => ReadCertificates(e.Path))
            : [];
        return KeyFile.ReadAsync(Vectors.PathOf(path), entry.Text("password"), certificates);
    }
}
