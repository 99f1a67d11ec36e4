namespace SmimeKit.Certificates.Tests.Stores;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("smimekit-").FullName;

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    internal string[] Names => [.. Directory.GetFiles(Path).Select(f => System.IO.Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
