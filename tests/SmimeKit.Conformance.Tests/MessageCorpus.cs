using System.Globalization;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.TestKit;

namespace SmimeKit.Conformance.Tests;

/// <summary>Opens a published message with what its manifest entry names: keys, anchors, time.</summary>
internal static class MessageCorpus
{
    internal static IEnumerable<VectorEntry> Mails(string group) => Vectors.Group(group).Where(e => e.Kind == "eml");

    internal static async Task<(SmimeReport Report, byte[] Content)> OpenAsync(VectorEntry entry, bool legacy, Func<byte[], Stream> read)
    {
        using KeyFile? keys = entry.Text("decrypts_with") is { } key ? await ReadKeysAsync(key) : null;
        var options = new SmimeOpenOptions
        {
            Anchors = new FixedAnchors([.. entry.List("trust").SelectMany(ReadCertificates)]),
            ExtraCertificates = [.. entry.List("intermediates").SelectMany(ReadCertificates)],
            DecryptionKeys = keys?.DecryptionKeys ?? [],
            At = entry.Text("at") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero),
            Policy = legacy ? CmsPolicy.Legacy : CmsPolicy.Default,
            CertificatePolicy = legacy ? CertificatePolicy.Legacy : CertificatePolicy.Default,
        };
        using Stream message = read(Vectors.Read(entry.Path));
        using var content = new MemoryStream();
        SmimeReport report = await new SmimeOpener(options).OpenAsync(message, content);
        return (report, content.ToArray());
    }

    private static IEnumerable<Certificate> ReadCertificates(string path) => CertificateFile.Decode(Vectors.Read(path));

    private static Task<KeyFile> ReadKeysAsync(string path) =>
        KeyFile.ReadAsync(Vectors.PathOf(path), Vectors.Entry(path).Text("password"));
}
