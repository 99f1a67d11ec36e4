using SmimeKit.Certificates;

namespace SmimeKit.Tool.Evidence;

/// <summary>Opens the key files of the command line with whatever password fits.</summary>
internal static class KeyFiles
{
    internal static async Task<IReadOnlyList<KeyFile>> ReadAsync(
        IReadOnlyList<string> paths,
        IReadOnlyList<string> passwords,
        IReadOnlyList<Certificate> certificates,
        FileLimits limits,
        CancellationToken cancellationToken)
    {
        var files = new List<KeyFile>();
        try
        {
            foreach (string path in paths)
            {
                files.Add(await CertificateInput.NamingAsync(path, () => TryAllAsync(
                    path,
                    passwords,
                    password => KeyFile.ReadAsync(path, password, certificates, new KeyFileOptions { Limits = limits }, cancellationToken))).ConfigureAwait(false));
            }

            return files;
        }
        catch
        {
            files.ForEach(f => f.Dispose());
            throw;
        }
    }

    /// <summary>Tries no password, then each.</summary>
    internal static async Task<T> TryAllAsync<T>(string path, IReadOnlyList<string> passwords, Func<string?, Task<T>> open)
    {
        StoreException? last = null;
        foreach (string? password in passwords.Prepend(null))
        {
            try
            {
                return await open(password).ConfigureAwait(false);
            }
            catch (StoreException e) when (e.Code is "password-required" or "wrong-password")
            {
                last = e;
            }
        }

        throw new StoreException(last!.Code, $"{path}: {last.Message}");
    }
}
