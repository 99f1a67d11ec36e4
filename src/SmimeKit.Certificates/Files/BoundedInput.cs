using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>Reads small files whole, within a limit.</summary>
internal static class BoundedInput
{
    private const int FirstRead = 8 * 1024; // most files with a key have less

    /// <summary>Reads a stream to its end. What it leaves behind on the way is wiped: it may be a key.</summary>
    internal static async Task<byte[]> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[FirstRead];
        int count = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(count), cancellationToken).ConfigureAwait(false);
            count += read;
            if (count > limit)
            {
                CryptographicOperations.ZeroMemory(buffer);
                throw new LimitExceededException(nameof(FileLimits.MaxFileSize), limit);
            }

            if (read == 0 || count == buffer.Length)
            {
                byte[] next = new byte[read == 0 ? count : Math.Min(buffer.Length * 2L, limit + 1L)];
                buffer.AsSpan(0, count).CopyTo(next);
                CryptographicOperations.ZeroMemory(buffer);
                if (read == 0)
                {
                    return next;
                }

                buffer = next;
            }
        }
    }

    internal static async Task<byte[]> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var options = new FileStreamOptions
            {
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = 0,
            };
            var stream = new FileStream(path, options);
            await using (stream.ConfigureAwait(false))
            {
                return await ReadAsync(stream, limit, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new StoreException("file-unreadable", $"The file {path} cannot be read.");
        }
    }
}
