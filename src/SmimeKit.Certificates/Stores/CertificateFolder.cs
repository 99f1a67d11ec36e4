using System.Collections.Frozen;

namespace SmimeKit.Certificates;

/// <summary>What a folder of certificate files is to its readers.</summary>
internal static class CertificateFolder
{
    private static readonly FrozenSet<string> _endings =
        new[] { ".pem", ".cer", ".crt", ".der", ".p7b", ".p7c" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The certificate files in a folder itself, in order of their names; hidden files and links are not among them.</summary>
    internal static List<string> ListFiles(string folder) =>
        [.. List(folder).Where(f => IsCertificateFile(f.Name) && !IsLink(f)).Select(f => f.FullName)];

    /// <summary>All files in a folder itself, in order of their names.</summary>
    internal static List<FileInfo> List(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFiles().OrderBy(f => f.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(folder);
        }
    }

    internal static bool IsCertificateFile(string name) => name[0] != '.' && _endings.Contains(Path.GetExtension(name));

    internal static bool IsLink(FileInfo file) => file.LinkTarget is not null || file.Attributes.HasFlag(FileAttributes.ReparsePoint);

    internal static StoreException Unreadable(string folder) => new("store-unreadable", $"The folder {folder} cannot be read.");
}
