using SmimeKit.Certificates;

namespace SmimeKit.Tool.Evidence;

/// <summary>Reads files that may hold certificates alone, or keys as well.</summary>
internal static class CertificateInput
{
    /// <summary>Reads a file whole, within the limit; <c>-</c> is standard input. The caller wipes it if it holds keys.</summary>
    internal static async Task<byte[]> ReadAsync(string name, ToolHost host, FileLimits limits, CancellationToken cancellationToken)
    {
        Stream source = name == "-" ? host.OpenInput() : File.OpenRead(name);
        await using (source.ConfigureAwait(false))
        {
            byte[] content = new byte[64 * 1024];
            int count = 0;
            int read;
            while ((read = await source.ReadAsync(content.AsMemory(count), cancellationToken).ConfigureAwait(false)) > 0)
            {
                count += read;
                if (count > limits.MaxFileSize)
                {
                    throw new LimitExceededException(nameof(FileLimits.MaxFileSize), limits.MaxFileSize);
                }

                if (count == content.Length)
                {
                    Array.Resize(ref content, Math.Min(content.Length * 2, limits.MaxFileSize + 1));
                }
            }

            return content.AsSpan(0, count).ToArray();
        }
    }

    /// <summary>Reads a file of the command line; when it is malformed, the message names it: it is not the input that is reported on.</summary>
    internal static async Task<T> NamingAsync<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (MalformedDataException e)
        {
            throw ToolException.Malformed(e.Code, $"{path}: {e.Message}");
        }
    }

    /// <summary>Gets the certificates of a file: of certificate files, or of key files that a password opens.</summary>
    internal static async Task<IReadOnlyList<Certificate>> DecodeAsync(
        string name, byte[] content, IReadOnlyList<string> passwords, FileLimits limits)
    {
        try
        {
            return CertificateFile.Decode(content, limits);
        }
        catch (MalformedDataException)
        {
            using KeyFile file = await KeyFiles.TryAllAsync(
                name, passwords, password => Task.FromResult(KeyFile.Decode(content, password, null, new KeyFileOptions { Limits = limits }))).ConfigureAwait(false);
            return file.Certificates.Count > 0
                ? file.Certificates
                : throw ToolException.Malformed("no-certificate", "The file holds no certificate.");
        }
    }
}
