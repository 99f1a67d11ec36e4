using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Storage;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Stores.Sqlite.Tests;

[Trait("Kind", "negative")]
public sealed class DamageTests
{
    private static readonly CertificateQuery _everything = new() { Purpose = CertificatePurpose.Any, Limit = int.MaxValue };

    [Theory]
    [InlineData(2)] // an empty file is a new store, and SQLite takes one byte for empty
    [InlineData(100)]
    [InlineData(5000)]
    public async Task Open_FileThatIsNoDatabase_IsCorrupt(int size)
    {
        using var folder = new TemporaryStore();
        byte[] noise = new byte[size];
        new Random(size).NextBytes(noise);
        await File.WriteAllBytesAsync(folder.FilePath, noise);
        await folder.FailsToOpenAsync("store-corrupt");
        Assert.Equal(noise, await File.ReadAllBytesAsync(folder.FilePath));
    }

    [Theory]
    [InlineData(SqliteStoreAccess.ReadWrite)]
    [InlineData(SqliteStoreAccess.ReadOnly)]
    public async Task Open_EmptyFileThatMustBeAStore_IsCorrupt(SqliteStoreAccess access)
    {
        using var folder = new TemporaryStore();
        await File.WriteAllBytesAsync(folder.FilePath, []);
        StoreException fault = await Assert.ThrowsAsync<StoreException>(async () => await folder.OpenAsync(access));
        Assert.Equal("store-corrupt", fault.Code);
    }

    [Fact]
    public async Task File_CutAnywhere_IsCorruptAndNeverAnswersWrong()
    {
        byte[] file = await MakeFileAsync();
        List<Certificate> whole = await ReadAsync(file);
        int refused = 0;
        int lengths = 0;
        for (int length = 2; length < file.Length; length += 997)
        {
            lengths++;
            try
            {
                // A cut inside the last page can leave all there is: pages fill from both ends.
                Assert.Equal(whole, await ReadAsync(file[..length]));
                Assert.True(length > file.Length - 4096);
            }
            catch (StoreException fault)
            {
                Assert.Equal("store-corrupt", fault.Code);
                refused++;
            }
        }

        Assert.InRange(refused, lengths - 5, lengths);
    }

    [Fact]
    public async Task File_WithFlippedBits_AnswersOrSaysThatItIsDamaged()
    {
        byte[] file = await MakeFileAsync();
        var random = new Random(2);
        int damaged = 0;
        for (int i = 0; i < 100; i++)
        {
            using var folder = new TemporaryStore();
            byte[] copy = (byte[])file.Clone();
            int position = i < 50 ? i * 2 : random.Next(copy.Length);
            copy[position] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(folder.FilePath, copy);
            damaged += await UseAsync(folder) ? 0 : 1;
        }

        Assert.InRange(damaged, 1, 99);
    }

    [Theory]
    [InlineData("UPDATE certificate SET der = x'3000'")]
    [InlineData("UPDATE certificate SET der = zeroblob(0)")]
    [InlineData("UPDATE certificate SET der = zeroblob(15000000) WHERE id = 1")]
    [InlineData("UPDATE announcement SET signing_time = -1")]
    [InlineData("UPDATE announcement SET signing_time = 9223372036854775807")]
    [InlineData("PRAGMA ignore_check_constraints = ON; UPDATE certificate SET provenance = 9")]
    [InlineData("DROP TABLE announcement")]
    [InlineData("ALTER TABLE certificate RENAME TO c; CREATE TABLE certificate AS SELECT * FROM c; UPDATE certificate SET der = 'x'")]
    public async Task Row_ThatNoStoreWrites_IsCorrupt(string statement)
    {
        using var folder = new TemporaryStore();
        await File.WriteAllBytesAsync(folder.FilePath, await MakeFileAsync());
        using (StoreConnection hostile = folder.Connect())
        {
            hostile.Execute(statement);
        }

        await using SqliteCertificateStore store = await folder.OpenAsync();
        StoreException fault = await Assert.ThrowsAsync<StoreException>(async () => await store.FindAsync(_everything));
        Assert.Equal("store-corrupt", fault.Code);
    }

    [Fact]
    public async Task Anchor_FiledUnderAnotherFingerprint_IsCorrupt()
    {
        using var folder = new TemporaryStore();
        Certificate anchor = Make();
        Certificate impostor = Make();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        await store.AddTrustAnchorAsync(anchor);
        using (StoreConnection hostile = folder.Connect())
        {
            hostile.Execute("UPDATE trust_anchor SET sha256 = @sha256", ("@sha256", impostor.Sha256.ToArray()));
        }

        await Assert.ThrowsAsync<StoreException>(async () => await ((ITrustAnchors)store).ContainsAsync(impostor));
        await Assert.ThrowsAsync<StoreException>(async () => await store.ListTrustAnchorsAsync());
    }

    [Fact]
    public async Task Certificate_WithAFlippedBit_IsCorrupt()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        Certificate certificate = Make();
        byte[] damaged = certificate.RawData.ToArray();
        damaged[^1] ^= 1; // in the signature: it still decodes
        await store.AddAsync(certificate, CertificateProvenance.Imported);
        using (StoreConnection hostile = folder.Connect())
        {
            hostile.Execute("UPDATE certificate SET der = @der", ("@der", damaged));
        }

        StoreException fault = await Assert.ThrowsAsync<StoreException>(async () => await store.FindAsync(_everything));
        Assert.Equal("store-corrupt", fault.Code);
    }

    private static async Task<List<Certificate>> ReadAsync(byte[] file)
    {
        using var folder = new TemporaryStore();
        await File.WriteAllBytesAsync(folder.FilePath, file);
        await using SqliteCertificateStore store = await folder.OpenAsync();
        return [.. (await store.FindAsync(_everything)).Select(f => f.Certificate), .. await store.ListTrustAnchorsAsync()];
    }

    private static async Task<byte[]> MakeFileAsync()
    {
        using var folder = new TemporaryStore();
        await using (SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking()))
        {
            await store.AddRangeAsync(Enumerable.Range(0, 20).Select(_ => Make()), CertificateProvenance.Imported);
            await store.LearnAsync(new EncryptionAnnouncement("alice@example.com", Make(), default, Epoch));
            await store.AddTrustAnchorAsync(Make());
        }

        return await File.ReadAllBytesAsync(folder.FilePath);
    }

    // True when all went well; any exception but the library's own fails the test.
    private static async Task<bool> UseAsync(TemporaryStore folder)
    {
        try
        {
            await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
            await store.FindAsync(_everything);
            await store.FindAsync(_everything with { EmailAddress = "alice@example.com" });
            await store.ListTrustAnchorsAsync();
            await store.AddAsync(Make(), CertificateProvenance.Pinned);
            await store.LearnAsync(new EncryptionAnnouncement("alice@example.com", Make(), default, Epoch.AddDays(1)));
            return true;
        }
        catch (Exception e) when (e is StoreException or LimitExceededException)
        {
            return false;
        }
    }
}
