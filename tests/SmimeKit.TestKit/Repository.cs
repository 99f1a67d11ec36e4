using System.Text;
using Xunit;

namespace SmimeKit.TestKit;

/// <summary>The source tree that the running tests were built from.</summary>
public static class Repository
{
    private static readonly Lazy<string> _root = new(FindRoot);
    private static readonly Lazy<IReadOnlyList<string>> _files = new(() => ListTracked() ?? ListOnDisk());

    /// <summary>Gets the folder with the solution file.</summary>
    public static string Root => _root.Value;

    /// <summary>Gets the files of the project, relative, with slashes: what git tracks, or what it would not ignore where it is missing.</summary>
    public static IReadOnlyList<string> Files => _files.Value;

    /// <summary>Gets the full path of a file or folder.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>Reads a text file.</summary>
    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>
    /// Asserts that a file has the text that a test derives for it. With <c>SMIMEKIT_UPDATE_DOCS=1</c> it is written instead.
    /// </summary>
    public static void CheckDerived(string relative, string expected)
    {
        if (Environment.GetEnvironmentVariable("SMIMEKIT_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(PathOf(relative), expected);
            return;
        }

        string actual = File.Exists(PathOf(relative)) ? Read(relative) : "";
        Assert.True(actual == expected, $"{relative} is out of date: run the tests once with SMIMEKIT_UPDATE_DOCS=1. {Difference(actual, expected)}");
    }

    private static string Difference(string actual, string expected)
    {
        string[] have = actual.Split('\n');
        string[] want = expected.Split('\n');
        int line = have.Zip(want).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"Line {line + 1} reads \"{have.ElementAtOrDefault(line)}\" and should read \"{want.ElementAtOrDefault(line)}\".";
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SmimeKit.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests do not run below the source tree.");
    }

    private static List<string>? ListTracked()
    {
        if (!Path.Exists(PathOf(".git")) || !new Peer("git").Available)
        {
            return null;
        }

        // A new file counts before it is added, but what else lies around at the top does not.
        string[]? tracked = ListWithGit("--cached");
        string[]? added = ListWithGit("--others", "--exclude-standard", "--", ".ci", "benchmarks", "docs", "src", "tests");
        return tracked is null || added is null ? null : [.. tracked.Concat(added).Distinct().Where(file => File.Exists(PathOf(file)))];
    }

    private static string[]? ListWithGit(params string[] arguments)
    {
        PeerResult result = new Peer("git").Run(["-c", "safe.directory=*", "-C", Root, "ls-files", "-z", .. arguments]);
        return result.ExitCode == 0 ? Encoding.UTF8.GetString(result.Output).Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;
    }

    private static List<string> ListOnDisk()
    {
        HashSet<string> ignored = [".git", .. File.ReadLines(PathOf(".gitignore")).Select(line => line.Trim('/', ' '))];
        return [.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(ignored.Contains) && !file.EndsWith(".user", StringComparison.Ordinal))];
    }
}
