namespace SmimeKit.Certificates;

/// <summary>Writes a file so that others see the old one or the whole new one, even after a crash.</summary>
internal static class AtomicFile
{
    internal static async Task WriteAsync(string folder, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, useAsync: true);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
            }

            // A rename replaces a link instead of following it.
            File.Move(temporary, Path.Combine(folder, name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException("store-read-only", $"The folder {folder} cannot be written.");
        }
        finally
        {
            Delete(temporary);
        }
    }

    /// <summary>Deletes a file if it is there and can be deleted.</summary>
    internal static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left behind is hidden, or weaker than what replaced it.
        }
    }
}
