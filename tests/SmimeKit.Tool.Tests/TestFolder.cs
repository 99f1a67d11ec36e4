namespace SmimeKit.Tool.Tests;

/// <summary>A temporary folder, gone after the test.</summary>
internal sealed class TestFolder : IDisposable
{
    internal TestFolder() => Path = Directory.CreateTempSubdirectory("smimekit-tool-tests-").FullName;

    internal string Path { get; }

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    internal string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    internal string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>Gets the names of the files, temporary ones of the tool included.</summary>
    internal IReadOnlyList<string> Files => [.. Directory.EnumerateFiles(Path).Select(f => System.IO.Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
