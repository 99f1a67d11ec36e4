namespace SmimeKit.Benchmarks;

/// <summary>Temporary files, deleted on disposal.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smimekit-benchmarks-");

    internal string Root => _folder.FullName;

    internal string this[string name] => Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file of octets that do not repeat soon.</summary>
    internal string CreateContent(string name, long size)
    {
        byte[] block = new byte[1024 * 1024];
        new Random(1).NextBytes(block);
        using FileStream file = File.Create(this[name]);
        for (long left = size; left > 0; left -= block.Length)
        {
            file.Write(block, 0, (int)Math.Min(left, block.Length));
        }

        return file.Name;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
