using System.Diagnostics;
using System.Globalization;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Storage;
using SmimeKit.TestKit.Stores;

namespace SmimeKit.Stores.Sqlite.Tests;

/// <summary>A second process on a store: this program, started again.</summary>
internal sealed class StoreProcess : IDisposable
{
    internal const string Verb = "store-process";

    private readonly Process _process;

    private StoreProcess(Process process) => _process = process;

    internal static StoreProcess Start(string command, string path, string argument)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Verb, command, path, argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        return new StoreProcess(Process.Start(start)!);
    }

    /// <summary>Reads the next line that the process writes; null after its end.</summary>
    internal Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>Ends the process as a power cut would: SIGKILL, nothing runs any more.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    internal async Task<string> EndAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        return output;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>What the second process does.</summary>
    internal static Task<int> ActAsync(string command, string path, string argument) => command switch
    {
        "add" => AddAsync(path, int.Parse(argument, CultureInfo.InvariantCulture)),
        "add-forever" => AddAsync(path, int.MaxValue),
        "stop-inside-transaction" => StopInsideTransactionAsync(path, int.Parse(argument, CultureInfo.InvariantCulture)),
        "open" => OpenAsync(path, argument),
        _ => Task.FromResult(2),
    };

    // Writes a fingerprint only when the store has said that the certificate is durable.
    private static async Task<int> AddAsync(string path, int count)
    {
        await using SqliteCertificateStore store = await SqliteCertificateStore.OpenAsync(path);
        for (int i = 0; i < count; i++)
        {
            Certificate certificate = StoreCertificates.Make();
            await store.AddAsync(certificate, CertificateProvenance.Imported);
            Console.WriteLine(Convert.ToHexString(certificate.Sha256.Span));
        }

        return 0;
    }

    private static async Task<int> StopInsideTransactionAsync(string path, int count)
    {
        using StoreConnection connection = StoreConnection.Open(path, readOnly: false);
        connection.Execute("PRAGMA cache_size = 1"); // spills uncommitted pages into the log
        connection.Execute("BEGIN IMMEDIATE");
        for (int i = 0; i < count; i++)
        {
            CertificateRows.Put(connection, StoreCertificates.Make(), CertificateProvenance.Imported, StoreCertificates.Epoch);
        }

        Console.WriteLine("inside");
        await Task.Delay(Timeout.Infinite);
        return 1;
    }

    private static async Task<int> OpenAsync(string path, string passphrase)
    {
        await using SqliteCertificateStore store = await SqliteCertificateStore.OpenAsync(path, TemporaryStore.Unlocking(passphrase));
        Console.WriteLine(store.IsUnlocked);
        return 0;
    }
}
