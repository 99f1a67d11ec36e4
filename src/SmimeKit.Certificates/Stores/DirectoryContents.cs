namespace SmimeKit.Certificates;

/// <summary>The files of a folder as last seen, and the index over them. Not thread-safe: its owner locks.</summary>
internal sealed class DirectoryContents(string folder, DirectoryStoreOptions options)
{
    // Time stamps of file systems are as coarse as two seconds (FAT); a change within that time may not show.
    private static readonly TimeSpan _stampGrain = TimeSpan.FromSeconds(2);

    private Dictionary<string, SeenFile> _files = new(StringComparer.Ordinal);
    private DateTime? _trustedStamp;

    internal MemoryIndex Index { get; private set; } = new();

    internal IReadOnlyList<SkippedFile> Skipped { get; private set; } = [];

    /// <summary>Looks for changes; reads only the files that are new or look different.</summary>
    /// <param name="force">Whether to look even if the folder's time stamp is the same.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal async Task RefreshAsync(bool force, CancellationToken cancellationToken)
    {
        DateTime stamp = Directory.GetLastWriteTimeUtc(folder);
        if (!force && stamp == _trustedStamp)
        {
            return;
        }

        bool settled = options.TimeProvider.GetUtcNow() - stamp > _stampGrain;
        List<FileInfo> listed = [.. CertificateFolder.List(folder).Where(IsOurs)];
        if (listed.Count > options.MaxFiles)
        {
            throw new LimitExceededException(nameof(DirectoryStoreOptions.MaxFiles), options.MaxFiles);
        }

        bool changed = listed.Count != _files.Count;
        var files = new Dictionary<string, SeenFile>(StringComparer.Ordinal);
        foreach (FileInfo file in listed)
        {
            FileStamp current = FileStamp.Of(file);
            bool same = _files.TryGetValue(file.Name, out SeenFile? seen) && seen.Stamp == current;
            files.Add(file.Name, same ? seen! : await ReadAsync(file, current, cancellationToken).ConfigureAwait(false));
            changed |= !same;
        }

        if (changed)
        {
            Replace(files);
        }

        _trustedStamp = settled ? stamp : null;
    }

    /// <summary>Takes note of a file that the store wrote itself, and whose content is in the index already.</summary>
    internal void NoteWritten(string name, SeenFile content) =>
        _files[name] = content with { Stamp = FileStamp.Of(new FileInfo(Path.Combine(folder, name))) };

    /// <summary>Takes note of a file that the store deleted itself.</summary>
    internal void NoteDeleted(string name) => _files.Remove(name);

    private static bool IsOurs(FileInfo file) =>
        CertificateFolder.IsCertificateFile(file.Name)
        || (file.Name[0] != '.' && file.Name.EndsWith(StoredFileName.AnnouncementEnding, StringComparison.Ordinal));

    private async Task<SeenFile> ReadAsync(FileInfo file, FileStamp stamp, CancellationToken cancellationToken)
    {
        var seen = new SeenFile { Stamp = stamp };
        if (stamp.IsLink)
        {
            return seen with { Problem = "symbolic-link" };
        }

        try
        {
            byte[] content = await BoundedInput.ReadAsync(file.FullName, options.Limits.MaxFileSize, cancellationToken).ConfigureAwait(false);
            if (file.Name.EndsWith(StoredFileName.AnnouncementEnding, StringComparison.Ordinal))
            {
                return seen with { Announcement = StoredAnnouncement.Decode(content) };
            }

            IReadOnlyList<Certificate> certificates = CertificateFile.Decode(content, options.Limits);
            return seen with { Certificates = certificates, Provenance = StoredFileName.ReadProvenance(file.Name, certificates) };
        }
        catch (SmimeKitException e)
        {
            return seen with { Problem = e.Code };
        }
    }

    private void Replace(Dictionary<string, SeenFile> files)
    {
        var index = new MemoryIndex();
        foreach (SeenFile file in files.Values)
        {
            foreach (Certificate certificate in file.Certificates)
            {
                index.Add(certificate, file.Provenance);
            }
        }

        foreach (StoredAnnouncement announcement in files.Values.Select(f => f.Announcement).OfType<StoredAnnouncement>())
        {
            if (CertificateIndex.AddressKey(announcement.Address) is { } key)
            {
                index.Restore(key, announcement.Sha256, announcement.ToAnnouncement);
            }
        }

        _files = files;
        Index = index;
        Skipped = [.. files.Where(f => f.Value.Problem is not null).Select(f => new SkippedFile(f.Key, f.Value.Problem!))];
    }
}
