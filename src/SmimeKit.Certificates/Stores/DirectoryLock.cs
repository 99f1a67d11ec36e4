namespace SmimeKit.Certificates;

/// <summary>The lock of a directory store between processes: an empty file that one of them holds open.</summary>
internal static class DirectoryLock
{
    private const string Name = ".lock";
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    internal static async Task<FileStream> TakeAsync(string folder, DirectoryStoreOptions options, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, Name);
        long start = options.TimeProvider.GetTimestamp();
        while (true)
        {
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new StoreException("store-locked", "The lock of the folder is a link.");
            }

            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (UnauthorizedAccessException)
            {
                throw new StoreException("store-read-only", $"The folder {folder} cannot be written.");
            }
            catch (IOException) when (options.TimeProvider.GetElapsedTime(start) < options.LockTimeout && Directory.Exists(folder))
            {
                // Another process is writing.
            }
            catch (IOException)
            {
                throw new StoreException("store-locked", $"The folder {folder} cannot be locked.");
            }

            await Task.Delay(_pause, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
