using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeKit.TestKit.Stores;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Certificates.Tests.Stores;

public sealed class DirectoryCertificateStoreTests : CertificateStoreContract
{
    private static readonly CertificateQuery _anything = new() { Purpose = CertificatePurpose.Any };

    protected override async ValueTask<StoreUnderTest> CreateAsync()
    {
        var folder = new TemporaryFolder();
        return new InFolder(folder, await DirectoryCertificateStore.OpenAsync(folder.Path));
    }

    [Fact]
    public async Task Open_FolderOfOthersFiles_ReadsEveryFormAndListsWhatItSkips()
    {
        using var folder = new TemporaryFolder();
        Certificate[] certificates = [.. Enumerable.Range(0, 6).Select(i => Make($"user{i}@example.com"))];
        await File.WriteAllBytesAsync(folder["a.der"], certificates[0].RawData.ToArray());
        await File.WriteAllTextAsync(folder["b.pem"], CertificateFile.EncodePem([certificates[1], certificates[2]]));
        await File.WriteAllBytesAsync(folder["c.p7c"], CertificateFile.EncodePkcs7([certificates[3], certificates[4]]));
        await File.WriteAllTextAsync(folder["d.CRT"], Convert.ToBase64String(certificates[5].RawData.Span));
        await File.WriteAllTextAsync(folder["broken.pem"], "nothing");
        await File.WriteAllTextAsync(folder["readme.txt"], "nothing");
        await File.WriteAllTextAsync(folder[".hidden.pem"], CertificateFile.EncodePem([Make()]));
        Directory.CreateDirectory(folder["sub.pem"]);
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
        IReadOnlyList<StoredCertificate> found = await store.FindAsync(_anything);
        Assert.Equal(certificates.ToHashSet(), [.. found.Select(f => f.Certificate)]);
        Assert.All(found, f => Assert.Equal(CertificateProvenance.Imported, f.Provenance));
        Assert.Equal([new SkippedFile("broken.pem", "no-certificate")], store.Skipped);
    }

    [Fact]
    public async Task Add_NamesFilesByFingerprintOnly()
    {
        using var folder = new TemporaryFolder();
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
        Certificate certificate = Make(subject: "CN=\"../../../etc/passwd\"");
        await store.AddAsync(certificate, CertificateProvenance.Harvested);
        string fingerprint = Convert.ToHexStringLower(certificate.Sha256.Span);
        Assert.Equal([".lock", fingerprint + ".harvested.cer"], folder.Names);
        await store.AddAsync(certificate, CertificateProvenance.Pinned);
        Assert.Equal([".lock", fingerprint + ".pinned.cer"], folder.Names);
        Assert.Equal(certificate.RawData.ToArray(), await File.ReadAllBytesAsync(folder[fingerprint + ".pinned.cer"]));
    }

    [Fact]
    public async Task Find_AfterAnotherProcessAddedRemovedAndReplaced_SeesIt()
    {
        using var folder = new TemporaryFolder();
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
        using DirectoryCertificateStore other = await DirectoryCertificateStore.OpenAsync(folder.Path);
        Certificate certificate = Make();
        await other.AddAsync(certificate, CertificateProvenance.Imported);
        Assert.Single(await store.FindAsync(_anything));
        string file = Assert.Single(folder.Names, n => n.EndsWith(".cer", StringComparison.Ordinal));
        File.Move(folder[file], folder["renamed.cer"]);
        Assert.Single(await store.FindAsync(_anything));
        File.Delete(folder["renamed.cer"]);
        Assert.Empty(await store.FindAsync(_anything));
        await store.AddAsync(certificate, CertificateProvenance.Imported);
        Assert.Single(await other.FindAsync(_anything));
    }

    [Fact]
    public async Task Find_WithAFolderThatRestsForLong_SeesChangesByTheFoldersTimeStamp()
    {
        using var folder = new TemporaryFolder();
        var options = new DirectoryStoreOptions { TimeProvider = new Later() };
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path, options);
        Assert.Empty(await store.FindAsync(_anything));
        Directory.SetLastWriteTimeUtc(folder.Path, DateTime.UtcNow.AddDays(-1));
        Assert.Empty(await store.FindAsync(_anything));
        await File.WriteAllBytesAsync(folder["new.cer"], Make().RawData.ToArray());
        Assert.Single(await store.FindAsync(_anything));
    }

    [Fact]
    public async Task Refresh_SeesFilesChangedInPlace()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["a.pem"], CertificateFile.EncodePem([Make()]));
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
        await File.AppendAllTextAsync(folder["a.pem"], CertificateFile.EncodePem([Make()]));
        await store.RefreshAsync();
        Assert.Equal(2, (await store.FindAsync(_anything)).Count);
    }

    [Fact]
    public async Task Open_LinksInTheFolder_AreNotFollowed()
    {
        using var elsewhere = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(elsewhere["secret.cer"], Make().RawData.ToArray());
        File.CreateSymbolicLink(folder["link.cer"], elsewhere["secret.cer"]);
        File.CreateSymbolicLink(folder["dangling.cer"], elsewhere["missing.cer"]);
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
        Assert.Empty(await store.FindAsync(_anything));
        Assert.Equal(
            [new SkippedFile("dangling.cer", "symbolic-link"), new SkippedFile("link.cer", "symbolic-link")],
            store.Skipped.OrderBy(s => s.Name));
    }

    [Fact]
    public async Task Add_WhereALinkLies_ReplacesTheLinkAndLeavesItsTarget()
    {
        using var elsewhere = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        Certificate certificate = Make();
        string name = Convert.ToHexStringLower(certificate.Sha256.Span) + ".cer";
        await File.WriteAllTextAsync(elsewhere["target"], "untouched");
        File.CreateSymbolicLink(folder[name], elsewhere["target"]);
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
        await store.AddAsync(certificate, CertificateProvenance.Imported);
        Assert.Equal("untouched", await File.ReadAllTextAsync(elsewhere["target"]));
        Assert.Null(new FileInfo(folder[name]).LinkTarget);
        Assert.Single(await store.FindAsync(_anything));
    }

    [Fact]
    public async Task Add_WhenTheLockIsALink_IsRefused()
    {
        using var elsewhere = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder[".lock"], elsewhere["created"]);
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
        await AssertCodeAsync("store-locked", async () => await store.AddAsync(Make(), CertificateProvenance.Imported));
        Assert.Empty(elsewhere.Names);
    }

    [Fact]
    public async Task Add_WhileAnotherProcessHoldsTheFolder_GivesUpAfterTheTimeout()
    {
        using var folder = new TemporaryFolder();
        var options = new DirectoryStoreOptions { LockTimeout = TimeSpan.FromMilliseconds(100) };
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path, options);
        await using (new FileStream(folder[".lock"], FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await AssertCodeAsync("store-locked", async () => await store.AddAsync(Make(), CertificateProvenance.Imported));
        }

        await store.AddAsync(Make(), CertificateProvenance.Imported);
        Assert.Equal(2, folder.Names.Length); // the lock and one certificate: nothing half-written
    }

    [Fact]
    public async Task Add_FromTwoStoresAtOnce_LosesNothing()
    {
        using var folder = new TemporaryFolder();
        using DirectoryCertificateStore first = await DirectoryCertificateStore.OpenAsync(folder.Path);
        using DirectoryCertificateStore second = await DirectoryCertificateStore.OpenAsync(folder.Path);
        Certificate[] certificates = [.. Enumerable.Range(0, 20).Select(i => Make($"user{i}@example.com", X509KeyUsageFlags.KeyAgreement))];
        await Task.WhenAll(certificates.Select((c, i) => Task.Run(async () =>
        {
            DirectoryCertificateStore store = i % 2 == 0 ? first : second;
            Assert.True(await store.LearnAsync(new EncryptionAnnouncement($"user{i}@example.com", c, default, Epoch)));
        })));
        Assert.Equal(20, (await first.FindAsync(_anything)).Count);
        Assert.All(await second.FindAsync(_anything), f => Assert.Equal(Epoch, f.PreferredSince));
    }

    [Fact]
    public async Task Learn_FromTwoProcesses_KeepsTheNewest()
    {
        using var folder = new TemporaryFolder();
        using DirectoryCertificateStore first = await DirectoryCertificateStore.OpenAsync(folder.Path);
        using DirectoryCertificateStore second = await DirectoryCertificateStore.OpenAsync(folder.Path);
        var news = new EncryptionAnnouncement("alice@example.com", Make(usage: X509KeyUsageFlags.KeyAgreement), default, Epoch);
        Assert.True(await first.LearnAsync(news));
        Assert.False(await second.LearnAsync(news with { SigningTime = Epoch.AddDays(-1) }));
        Assert.True(await second.LearnAsync(news with { SigningTime = Epoch.AddDays(1) }));
        Assert.False(await first.LearnAsync(news with { Certificate = Make(usage: X509KeyUsageFlags.KeyAgreement) }));
    }

    [Fact]
    public async Task Open_AFileNamedAsPinnedThatHoldsAnother_IsOnlyImported()
    {
        using var folder = new TemporaryFolder();
        Certificate certificate = Make();
        await File.WriteAllBytesAsync(folder[new string('a', 64) + ".pinned.cer"], certificate.RawData.ToArray());
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
        Assert.Equal(CertificateProvenance.Imported, Assert.Single(await store.FindAsync(_anything)).Provenance);
    }

    [Fact]
    public async Task Open_DamagedAnnouncements_AreSkipped()
    {
        using var folder = new TemporaryFolder();
        using (DirectoryCertificateStore writer = await DirectoryCertificateStore.OpenAsync(folder.Path))
        {
            await writer.LearnAsync(
                new EncryptionAnnouncement("alice@example.com", Make(usage: X509KeyUsageFlags.KeyAgreement), default, Epoch));
        }

        string name = Assert.Single(folder.Names, n => n.EndsWith(".announcement", StringComparison.Ordinal));
        byte[] content = await File.ReadAllBytesAsync(folder[name]);
        for (int length = 0; length < content.Length; length++)
        {
            await File.WriteAllBytesAsync(folder[name], content[..length]);
            using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
            Assert.Equal([new SkippedFile(name, "asn1-malformed")], store.Skipped);
            Assert.Null(Assert.Single(await store.FindAsync(_anything)).PreferredSince);
        }
    }

    [Fact]
    public async Task Open_AMissingFolderOrTooManyFiles_IsATypedError()
    {
        using var folder = new TemporaryFolder();
        await AssertCodeAsync("store-unreadable", async () => await DirectoryCertificateStore.OpenAsync(folder["missing"]));
        await File.WriteAllTextAsync(folder["a.pem"], "");
        await File.WriteAllTextAsync(folder["b.pem"], "");
        await Assert.ThrowsAsync<LimitExceededException>(
            async () => await DirectoryCertificateStore.OpenAsync(folder.Path, new DirectoryStoreOptions { MaxFiles = 1 }));
    }

    [Fact]
    public async Task Find_WhenTheFolderIsGone_IsAStoreError()
    {
        var folder = new TemporaryFolder();
        using DirectoryCertificateStore store = await DirectoryCertificateStore.OpenAsync(folder.Path);
        folder.Dispose();
        await AssertCodeAsync("store-unreadable", async () => await store.FindAsync(_anything));
        await AssertCodeAsync("store-locked", async () => await store.AddAsync(Make(), CertificateProvenance.Imported));
    }

    private static async Task AssertCodeAsync(string code, Func<Task> action) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<StoreException>(action)).Code);

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(1);
    }

    private sealed class InFolder(TemporaryFolder folder, DirectoryCertificateStore store) : StoreUnderTest
    {
        private DirectoryCertificateStore _store = store;

        public override ICertificateStore Store => _store;

        public override ICertificateSink Sink => _store;

        public override async ValueTask<bool> ReopenAsync()
        {
            _store.Dispose();
            _store = await DirectoryCertificateStore.OpenAsync(folder.Path);
            return true;
        }

        public override ValueTask DisposeAsync()
        {
            _store.Dispose();
            folder.Dispose();
            return base.DisposeAsync();
        }
    }
}
