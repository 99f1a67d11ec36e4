using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Storage;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Stores.Sqlite.Tests;

public sealed class DurabilityTests
{
    private static readonly CertificateQuery _everything = new() { Purpose = CertificatePurpose.Any, Limit = int.MaxValue };

    [Fact]
    public async Task Store_OfTwoProcessesThatWriteAtOnce_HoldsAllOfBoth()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        const int each = 40;
        using StoreProcess first = StoreProcess.Start("add", folder.FilePath, $"{each}");
        using StoreProcess second = StoreProcess.Start("add", folder.FilePath, $"{each}");
        var own = new List<Certificate>();
        for (int i = 0; i < each; i++)
        {
            own.Add(Make());
            await store.AddAsync(own[^1], CertificateProvenance.Imported);
        }

        string reported = await first.EndAsync() + await second.EndAsync();
        string[] expected = [.. reported.Split('\n', StringSplitOptions.RemoveEmptyEntries), .. own.Select(Fingerprint)];
        Assert.Equal(3 * each, expected.Length);
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await FingerprintsAsync(store)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NewStore_OfSeveralProcessesThatOpenAtOnce_IsCreatedOnce()
    {
        using var folder = new TemporaryStore();
        StoreProcess[] processes =
            [.. Enumerable.Range(0, 4).Select(_ => StoreProcess.Start("open", folder.FilePath, TemporaryStore.Passphrase))];
        foreach (StoreProcess process in processes)
        {
            Assert.Equal("True", (await process.EndAsync()).Trim());
            process.Dispose();
        }

        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        Assert.True(store.IsUnlocked);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(60)]
    public async Task Process_KilledWhileItAdds_LosesNothingThatItReported(int commits)
    {
        using var folder = new TemporaryStore();
        var reported = new List<string>();
        using (StoreProcess writer = StoreProcess.Start("add-forever", folder.FilePath, ""))
        {
            while (reported.Count < commits)
            {
                reported.Add(await writer.ReadLineAsync() ?? throw new InvalidOperationException("The writer ended."));
            }

            await writer.KillAsync();
            while (await writer.ReadLineAsync() is { Length: 64 } line)
            {
                reported.Add(line);
            }
        }

        await using SqliteCertificateStore store = await folder.OpenAsync();
        List<string> held = await FingerprintsAsync(store);
        Assert.Subset(held.ToHashSet(StringComparer.Ordinal), reported.ToHashSet(StringComparer.Ordinal));
        Assert.InRange(held.Count, reported.Count, reported.Count + 1); // the one that was durable but not yet reported
        await store.AddAsync(Make(), CertificateProvenance.Imported);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)] // more than the cache of the connection: uncommitted pages lie in the log
    public async Task Process_KilledInsideATransaction_LeavesNoTraceOfIt(int uncommitted)
    {
        using var folder = new TemporaryStore();
        Certificate committed = Make();
        await using (SqliteCertificateStore before = await folder.OpenAsync())
        {
            await before.AddAsync(committed, CertificateProvenance.Imported);
        }

        using (StoreProcess writer = StoreProcess.Start("stop-inside-transaction", folder.FilePath, $"{uncommitted}"))
        {
            Assert.Equal("inside", await writer.ReadLineAsync());

            // While it holds the lock, others read, and give up writing in time.
            await using SqliteCertificateStore other = await folder.OpenAsync(SqliteStoreAccess.ReadWrite);
            Assert.Equal([Fingerprint(committed)], await FingerprintsAsync(other));
            StoreException busy = await Assert.ThrowsAsync<StoreException>(
                async () => await other.AddAsync(Make(), CertificateProvenance.Imported));
            Assert.Equal("store-busy", busy.Code);
            await writer.KillAsync();
        }

        await using SqliteCertificateStore store = await folder.OpenAsync();
        Assert.Equal([Fingerprint(committed)], await FingerprintsAsync(store));
        await store.AddAsync(Make(), CertificateProvenance.Imported);
        Assert.Equal(2, (await FingerprintsAsync(store)).Count);
    }

    [Fact]
    public async Task Log_CutAnywhere_GivesAPrefixOfTheCommits()
    {
        using var folder = new TemporaryStore();
        var added = new List<string>();
        byte[] log;
        byte[] file;
        await using (SqliteCertificateStore store = await folder.OpenAsync())
        {
            for (int i = 0; i < 6; i++)
            {
                Certificate certificate = Make();
                await store.AddAsync(certificate, CertificateProvenance.Imported);
                added.Add(Fingerprint(certificate));
            }

            // What a crash now would leave.
            file = await folder.ReadBesideAsync(folder.FilePath);
            log = await folder.ReadBesideAsync(folder.FilePath + "-wal");
        }

        int seen = -1;
        for (int length = 0; length <= log.Length; length += (log.Length / 40) + 1)
        {
            using var crashed = new TemporaryStore();
            await File.WriteAllBytesAsync(crashed.FilePath, file);
            await File.WriteAllBytesAsync(crashed.FilePath + "-wal", log[..length]);
            await using SqliteCertificateStore store = await crashed.OpenAsync();
            List<string> held = await FingerprintsAsync(store);
            Assert.Equal(added.Take(held.Count).Order(StringComparer.Ordinal), held.Order(StringComparer.Ordinal));
            Assert.True(held.Count >= seen, "a longer log holds no less");
            seen = held.Count;
        }

        Assert.InRange(seen, 5, 6);
    }

    [Fact]
    public async Task Connections_AreSetUpToLoseNothing()
    {
        using var folder = new TemporaryStore();
        await (await folder.OpenAsync()).DisposeAsync();
        using StoreConnection connection = folder.Connect();
        Assert.Equal("wal", connection.First("PRAGMA journal_mode", static row => row.Text(0)));
        Assert.Equal(2, connection.Number("PRAGMA synchronous")); // FULL
        Assert.Equal(1, connection.Number("PRAGMA fullfsync"));
        Assert.Equal(1, connection.Number("PRAGMA foreign_keys"));
        Assert.Equal(1, connection.Number("PRAGMA secure_delete"));
        Assert.Equal(0, connection.Number("PRAGMA trusted_schema"));
        Assert.Equal(1000, connection.Number("PRAGMA busy_timeout"));
    }

    private static string Fingerprint(Certificate certificate) => Convert.ToHexString(certificate.Sha256.Span);

    private static async Task<List<string>> FingerprintsAsync(SqliteCertificateStore store) =>
        [.. (await store.FindAsync(_everything)).Select(f => Fingerprint(f.Certificate))];
}
