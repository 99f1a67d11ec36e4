using SmimeKit.TestKit;

namespace SmimeKit.Conformance.Tests;

/// <summary>The messages whose outcome differs from their manifest entry on purpose, with the reason. Lines of path, tab, reason.</summary>
internal static class Divergences
{
    internal const string Path = "tests/SmimeKit.Conformance.Tests/divergences.tsv";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> _all = new(Load);

    /// <summary>Gets the reasons by path.</summary>
    internal static IReadOnlyDictionary<string, string> All => _all.Value;

    /// <summary>Runs a check that must pass, or must fail when a divergence is listed: a stale line is an error.</summary>
    internal static async Task CheckAsync(VectorEntry entry, Func<Task> check)
    {
        Exception? failure = await Record.ExceptionAsync(check);
        if (!All.TryGetValue(entry.Path, out string? reason))
        {
            Assert.True(failure is null, $"{entry.Path} ({entry.Text("notes")}): {failure}");
            return;
        }

        Assert.True(failure is not null, $"{Path} lists {entry.Path} ({reason}), which has the expected outcome now.");
        Assert.True(failure is SmimeKitException or Xunit.Sdk.IAssertionException, $"{entry.Path}: {failure}");
    }

    private static Dictionary<string, string> Load() => Repository.Read(Path)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split('\t'))
        .ToDictionary(cells => cells[0], cells => cells[1]);
}
