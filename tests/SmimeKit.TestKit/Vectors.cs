using System.Text.Json;
using Xunit;

namespace SmimeKit.TestKit;

/// <summary>
/// The collection of published messages, certificates and keys. It is read in place: from the folder named by
/// <c>SMIMEKIT_VECTORS</c>, or from <c>shared/vectors</c> beside a folder above the tests.
/// </summary>
public static class Vectors
{
    private static readonly Lazy<string?> _root = new(FindRoot);
    private static readonly Lazy<IReadOnlyList<VectorEntry>> _entries = new(LoadManifest);

    /// <summary>Gets whether the collection is there.</summary>
    public static bool Available => _root.Value is not null;

    /// <summary>Gets the manifest; empty when the collection is missing.</summary>
    public static IReadOnlyList<VectorEntry> Entries => _entries.Value;

    /// <summary>Skips the running test, loudly, when the collection is missing.</summary>
    public static void Require() => Assert.SkipUnless(Available, "The vector collection is missing (set SMIMEKIT_VECTORS).");

    /// <summary>Gets the path of one file; skips the test when the collection is missing.</summary>
    public static string PathOf(string relative)
    {
        Require();
        return Path.Combine(_root.Value!, relative);
    }

    /// <summary>Reads one file; skips the test when the collection is missing.</summary>
    public static byte[] Read(string relative) => File.ReadAllBytes(PathOf(relative));

    /// <summary>Gets the manifest's entry for a file.</summary>
    public static VectorEntry Entry(string relative)
    {
        Require();
        return Entries.Single(e => e.Path == relative);
    }

    /// <summary>Gets the entries of one group.</summary>
    public static IEnumerable<VectorEntry> Group(string group) => Entries.Where(e => e.Group == group);

    private static string? FindRoot()
    {
        string? named = Environment.GetEnvironmentVariable("SMIMEKIT_VECTORS");
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(Path.Combine(named, "MANIFEST.json")) ? named : null;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "vectors");
            if (File.Exists(Path.Combine(candidate, "MANIFEST.json")))
            {
                return candidate;
            }
        }

        return null;
    }

    private static IReadOnlyList<VectorEntry> LoadManifest()
    {
        if (_root.Value is null)
        {
            return [];
        }

        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_root.Value, "MANIFEST.json")));
        return [.. manifest.RootElement.EnumerateArray().Select(e => new VectorEntry(e.Clone()))];
    }
}
