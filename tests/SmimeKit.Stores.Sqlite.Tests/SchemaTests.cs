using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Storage;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Stores.Sqlite.Tests;

public sealed class SchemaTests
{
    private const string First = """
        CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
        INSERT INTO note (text) VALUES ('old')
        """;

    private const string Second = """
        ALTER TABLE note ADD COLUMN weight INTEGER NOT NULL DEFAULT 7;
        CREATE INDEX note_weight ON note (weight)
        """;

    private const string Broken = """
        CREATE TABLE half (id INTEGER) STRICT;
        INSERT INTO nowhere VALUES (1)
        """;

    [Fact]
    public async Task Open_OlderSchema_MigratesAndKeepsTheRows()
    {
        using var folder = new TemporaryStore();
        await OpenWithAsync(folder, First);
        await OpenWithAsync(folder, First, Second);
        using StoreConnection connection = folder.Connect();
        Assert.Equal(2, connection.Number("PRAGMA user_version"));
        Assert.Equal(["old 7"], connection.List("SELECT text, weight FROM note", static row => $"{row.Text(0)} {row.Int64(1)}"));
    }

    [Fact]
    public async Task Open_SeveralVersionsBehind_RunsTheMissingMigrationsOnly()
    {
        using var folder = new TemporaryStore();
        await OpenWithAsync(folder, First);
        await OpenWithAsync(folder, First, Second, "UPDATE note SET weight = weight + 1", "UPDATE note SET weight = weight * 10");
        using StoreConnection connection = folder.Connect();
        Assert.Equal(80, connection.Number("SELECT weight FROM note"));
    }

    [Fact]
    public async Task Open_WhenAMigrationFails_LeavesTheOldSchemaWhole()
    {
        using var folder = new TemporaryStore();
        await OpenWithAsync(folder, First);
        await Assert.ThrowsAsync<StoreException>(() => OpenWithAsync(folder, First, Second, Broken));
        using (StoreConnection connection = folder.Connect())
        {
            Assert.Equal(1, connection.Number("PRAGMA user_version"));
            Assert.Equal(0, connection.Number("SELECT count(*) FROM sqlite_schema WHERE name IN ('half', 'note_weight')"));
        }

        await OpenWithAsync(folder, First, Second);
    }

    [Fact]
    public async Task Open_OlderSchemaForReading_AsksForAWriter()
    {
        using var folder = new TemporaryStore();
        await OpenWithAsync(folder, First);
        StoreException fault = await Assert.ThrowsAsync<StoreException>(
            () => OpenAsync(folder, SqliteStoreAccess.ReadOnly, First, Second));
        Assert.Equal("store-older-schema", fault.Code);
    }

    [Theory]
    [InlineData(SqliteStoreAccess.ReadWriteCreate)]
    [InlineData(SqliteStoreAccess.ReadWrite)]
    [InlineData(SqliteStoreAccess.ReadOnly)]
    public async Task Open_NewerSchema_IsRefusedAndUntouched(SqliteStoreAccess access)
    {
        using var folder = new TemporaryStore();
        await OpenWithAsync(folder, First, Second);
        StoreException fault = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(folder, access, First));
        Assert.Equal("store-newer-schema", fault.Code);
        using StoreConnection connection = folder.Connect();
        Assert.Equal(2, connection.Number("PRAGMA user_version"));
    }

    [Fact]
    public async Task Write_AfterAnotherProcessHasUpgradedTheFile_IsRefused()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        using (StoreConnection newer = folder.Connect())
        {
            newer.Execute("PRAGMA user_version = 1000");
        }

        StoreException fault = await Assert.ThrowsAsync<StoreException>(
            async () => await store.AddAsync(Make(), CertificateProvenance.Imported));
        Assert.Equal("store-newer-schema", fault.Code);
    }

    [Fact]
    public async Task Open_DatabaseOfAnotherProgram_IsRefusedAndUntouched()
    {
        using var folder = new TemporaryStore();
        await File.WriteAllBytesAsync(folder.FilePath, []);
        using (StoreConnection foreign = folder.Connect())
        {
            foreign.Execute("CREATE TABLE song (title TEXT)");
        }

        byte[] before = await File.ReadAllBytesAsync(folder.FilePath);
        await folder.FailsToOpenAsync("store-foreign");
        Assert.Equal(before, await File.ReadAllBytesAsync(folder.FilePath));
    }

    [Theory]
    [InlineData("CREATE TRIGGER spy AFTER INSERT ON certificate BEGIN DELETE FROM trust_anchor; END")]
    [InlineData("CREATE VIEW spy AS SELECT * FROM certificate")]
    [InlineData("DROP TABLE announcement; CREATE VIRTUAL TABLE announcement USING fts5(address)")]
    public async Task Open_SchemaWithCodeInIt_IsRefused(string statement)
    {
        using var folder = new TemporaryStore();
        await (await folder.OpenAsync()).DisposeAsync();
        using (StoreConnection hostile = folder.Connect())
        {
            hostile.Execute(statement);
        }

        await folder.FailsToOpenAsync("store-corrupt");
    }

    private static Task OpenWithAsync(TemporaryStore folder, params string[] migrations) =>
        OpenAsync(folder, SqliteStoreAccess.ReadWriteCreate, migrations);

    private static async Task OpenAsync(TemporaryStore folder, SqliteStoreAccess access, params string[] migrations)
    {
        SqliteDatabase database = await SqliteDatabase.OpenAsync(
            folder.FilePath, access, TimeSpan.Zero, new StoreSchema([.. migrations]), CancellationToken.None);
        await database.DisposeAsync();
    }
}
