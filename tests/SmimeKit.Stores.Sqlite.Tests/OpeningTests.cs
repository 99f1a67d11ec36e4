using System.Runtime.Versioning;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Storage;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Stores.Sqlite.Tests;

public sealed class OpeningTests
{
    private static readonly CertificateQuery _anything = new() { Purpose = CertificatePurpose.Any };

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Open_NewFile_IsForItsOwnerOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        await store.AddAsync(Make(), CertificateProvenance.Imported);
        string[] files = [folder.FilePath, folder.FilePath + "-wal", folder.FilePath + "-shm"];
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Dispose_LastStore_LeavesOneFile()
    {
        using var folder = new TemporaryStore();
        await using (SqliteCertificateStore store = await folder.OpenAsync())
        {
            await store.AddAsync(Make(), CertificateProvenance.Imported);
            Assert.Single(await store.FindAsync(_anything));
        }

        Assert.Equal(["store.db"], Directory.GetFiles(Path.GetDirectoryName(folder.FilePath)!).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(SqliteStoreAccess.ReadWrite)]
    [InlineData(SqliteStoreAccess.ReadOnly)]
    public async Task Open_MissingFileThatMustExist_IsNotFoundAndNotMade(SqliteStoreAccess access)
    {
        using var folder = new TemporaryStore();
        StoreException fault = await Assert.ThrowsAsync<StoreException>(async () => await folder.OpenAsync(access));
        Assert.Equal("store-not-found", fault.Code);
        Assert.False(File.Exists(folder.FilePath));
    }

    [Fact]
    public async Task Open_InMissingFolder_IsAStoreError()
    {
        using var folder = new TemporaryStore();
        StoreException fault = await Assert.ThrowsAsync<StoreException>(
            async () => await SqliteCertificateStore.OpenAsync(folder.InFolder("no/such/store.db")));
        Assert.Equal("store-io", fault.Code);
    }

    [Fact]
    public async Task Open_AFolder_IsAStoreError()
    {
        using var folder = new TemporaryStore();
        Directory.CreateDirectory(folder.FilePath);
        await folder.FailsToOpenAsync("store-io");
    }

    [Theory]
    [InlineData("file:store.db?mode=memory")]
    [InlineData(":memory:")]
    [InlineData("store'; DROP TABLE certificate; --.db")]
    [InlineData("a b%20c#d;Mode=ReadOnly.db")]
    public async Task Open_OddName_IsAFileOfThatName(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such file names.");
        using var folder = new TemporaryStore();
        string path = folder.InFolder(name);
        await using (SqliteCertificateStore store = await SqliteCertificateStore.OpenAsync(path))
        {
            await store.AddAsync(Make(), CertificateProvenance.Imported);
        }

        Assert.True(new FileInfo(path).Length > 0);
    }

    [Fact]
    public async Task ReadOnlyStore_Reads_AndRefusesToWrite()
    {
        using var folder = new TemporaryStore();
        Certificate certificate = Make();
        await using (SqliteCertificateStore writer = await folder.OpenAsync())
        {
            await writer.AddAsync(certificate, CertificateProvenance.Imported);
        }

        byte[] before = await File.ReadAllBytesAsync(folder.FilePath);
        await using (SqliteCertificateStore store = await folder.OpenAsync(SqliteStoreAccess.ReadOnly))
        {
            Assert.Equal(certificate, Assert.Single(await store.FindAsync(_anything)).Certificate);
            foreach (Func<Task> write in Writes(store))
            {
                Assert.Equal("store-read-only", (await Assert.ThrowsAsync<StoreException>(write)).Code);
            }
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(folder.FilePath));
    }

    [Fact]
    public async Task ReadOnlyStore_BesideAWriter_SeesWhatItCommits()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore writer = await folder.OpenAsync();
        await using SqliteCertificateStore reader = await folder.OpenAsync(SqliteStoreAccess.ReadOnly);
        for (int count = 1; count <= 3; count++)
        {
            await writer.AddAsync(Make(), CertificateProvenance.Imported);
            Assert.Equal(count, (await reader.FindAsync(_anything)).Count);
        }
    }

    [Fact]
    public async Task DisposedStore_ThrowsObjectDisposed()
    {
        using var folder = new TemporaryStore();
        SqliteCertificateStore store = await folder.OpenAsync();
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.FindAsync(_anything));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.AddAsync(Make(), CertificateProvenance.Imported));
    }

    [Fact]
    public async Task Dispose_WhileOthersUseTheStore_LetsThemEndOrFailCleanly()
    {
        using var folder = new TemporaryStore();
        SqliteCertificateStore store = await folder.OpenAsync();
        Certificate[] certificates = [.. Enumerable.Range(0, 40).Select(_ => Make())];
        Task<bool>[] work =
        [
            .. certificates.Select(c => Task.Run(async () =>
            {
                try
                {
                    await store.AddAsync(c, CertificateProvenance.Imported);
                    return true;
                }
                catch (ObjectDisposedException)
                {
                    return false;
                }
            })),
        ];
        await work[0];
        await store.DisposeAsync();
        bool[] done = await Task.WhenAll(work);

        await using SqliteCertificateStore reopened = await folder.OpenAsync();
        IEnumerable<Certificate> held = (await reopened.FindAsync(_anything)).Select(f => f.Certificate);
        Assert.Equal(certificates.Where((_, i) => done[i]).ToHashSet(), held.ToHashSet());
    }

    [Fact]
    public async Task Write_CancelledWhileAnotherHoldsTheLock_EndsSoon()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync(new SqliteStoreOptions { BusyTimeout = TimeSpan.FromHours(1) });
        using StoreConnection holder = folder.Connect();
        holder.Execute("BEGIN IMMEDIATE");
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Task adding = store.AddAsync(Make(), CertificateProvenance.Imported, cancel.Token).AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding.WaitAsync(TimeSpan.FromMinutes(1)));
        holder.Execute("ROLLBACK");
        Assert.Empty(await store.FindAsync(_anything));
        await store.AddAsync(Make(), CertificateProvenance.Imported);
    }

    [Fact]
    public async Task Write_WaitingForAnother_SucceedsWhenTheLockIsFreed()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        using StoreConnection holder = folder.Connect();
        holder.Execute("BEGIN IMMEDIATE");
        Task adding = store.AddAsync(Make(), CertificateProvenance.Imported).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(2.5)); // longer than one attempt
        Assert.False(adding.IsCompleted);
        holder.Execute("ROLLBACK");
        await adding;
        Assert.Single(await store.FindAsync(_anything));
    }

    public static TheoryData<SqliteStoreOptions> UnusableOptions() =>
    [
        new SqliteStoreOptions { Passphrase = ReadOnlyMemory<char>.Empty },
        new SqliteStoreOptions { Passphrase = "\uD800".AsMemory() },
        new SqliteStoreOptions { BusyTimeout = TimeSpan.FromSeconds(-1) },
        new SqliteStoreOptions { Access = (SqliteStoreAccess)7 },
        new SqliteStoreOptions { KeyDerivation = new KeyDerivationCost(512 * 1024, 1, 1) },
        new SqliteStoreOptions { KeyDerivation = new KeyDerivationCost(1024, 17, 1) },
        new SqliteStoreOptions { KeyDerivation = new KeyDerivationCost(1024, 1, 17) },
        new SqliteStoreOptions { KeyDerivation = new KeyDerivationCost(1024, 0, 1) },
        new SqliteStoreOptions { KeyDerivation = new KeyDerivationCost(31, 1, 4) },
    ];

    [Theory]
    [MemberData(nameof(UnusableOptions), DisableDiscoveryEnumeration = true)]
    public async Task Open_UnusableOption_IsAnArgumentErrorBeforeAnyFile(SqliteStoreOptions options)
    {
        using var folder = new TemporaryStore();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await SqliteCertificateStore.OpenAsync(folder.FilePath, options));
        Assert.False(File.Exists(folder.FilePath));
    }

    [Fact]
    public void Options_AsText_HideThePassphrase()
    {
        string text = TemporaryStore.Unlocking().ToString();
        Assert.DoesNotContain("horse", text, StringComparison.Ordinal);
        Assert.Contains("hidden", text, StringComparison.Ordinal);
    }

    private static IEnumerable<Func<Task>> Writes(SqliteCertificateStore store)
    {
        Certificate certificate = Make();
        yield return () => store.AddAsync(certificate, CertificateProvenance.Imported).AsTask();
        yield return () => store.AddRangeAsync([certificate], CertificateProvenance.Imported).AsTask();
        yield return () => store.RemoveAsync(certificate).AsTask();
        yield return () => store.LearnAsync(new EncryptionAnnouncement("alice@example.com", certificate, default, Epoch)).AsTask();
        yield return () => store.ForgetAsync("alice@example.com").AsTask();
        yield return () => store.AddTrustAnchorAsync(certificate).AsTask();
        yield return () => store.RemoveTrustAnchorAsync(certificate).AsTask();
        yield return () => store.RemovePrivateKeyAsync(certificate).AsTask();
    }
}
