namespace SmimeKit.Certificates;

/// <summary>A file of a folder as it was when it was read.</summary>
internal sealed record SeenFile
{
    internal FileStamp Stamp { get; init; }

    internal IReadOnlyList<Certificate> Certificates { get; init; } = [];

    internal CertificateProvenance Provenance { get; init; } = CertificateProvenance.Imported;

    internal StoredAnnouncement? Announcement { get; init; }

    /// <summary>The code of what kept the file from being read, or null.</summary>
    internal string? Problem { get; init; }
}

/// <summary>What tells that a file changed without reading it.</summary>
internal readonly record struct FileStamp(DateTime LastWrite, long Length, bool IsLink)
{
    internal static FileStamp Of(FileInfo file)
    {
        try
        {
            return CertificateFolder.IsLink(file)
                ? new FileStamp(default, 0, IsLink: true)
                : new FileStamp(file.LastWriteTimeUtc, file.Length, IsLink: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileStamp(default, -1, IsLink: false); // gone since it was listed
        }
    }
}
