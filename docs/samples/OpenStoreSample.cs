using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite;

namespace SmimeKit.Samples;

public static class OpenStoreSample
{
    public static async Task<SqliteCertificateStore> OpenAsync(string path, string passphrase, string keyFile, string keyPassword, string rootFile)
    {
        SqliteCertificateStore store = await SqliteCertificateStore.OpenAsync(path, new() { Passphrase = passphrase.AsMemory() });
        try
        {
            // The keys go in encrypted under the passphrase, and never come out; their certificates and issuers come along.
            await KeyFile.ImportAsync(await File.ReadAllBytesAsync(keyFile), keyPassword, store);

            // Trust is never inferred from what a file or a mail happens to contain: somebody says it.
            foreach (Certificate root in await CertificateFile.ReadAsync(rootFile))
            {
                await store.AddTrustAnchorAsync(root);
            }

            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
