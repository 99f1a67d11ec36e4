using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Protection;
using SmimeKit.Stores.Sqlite.Storage;

namespace SmimeKit.Stores.Sqlite.Tests;

public sealed class PassphraseTests
{
    private static readonly CertificateQuery _any = new() { Purpose = CertificatePurpose.Any };

    // Published with the reference implementation of Argon2 (phc-winner-argon2, test.c, version 0x13).
    [Theory]
    [InlineData(256, 2, 1, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe")]
    [InlineData(256, 2, 2, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037")]
    public void Derivation_OfPublishedVector_IsArgon2id(int memory, int iterations, int parallelism, string expected)
    {
        var cost = new KeyDerivationCost(memory, iterations, parallelism);
        using DataKey derived = WrappedDataKey.Derive("password", cost, "somesalt"u8.ToArray());
        using DataKey known = DataKey.From(Convert.FromHexString(expected));
        Assert.True(derived.TryOpen(known.Seal("x"u8, []), [], out byte[]? opened));
        Assert.Equal("x"u8, opened);
    }

    [Fact]
    public void DefaultCost_IsTheFirstChoiceOfOwasp() => Assert.Equal(new KeyDerivationCost(47104, 1, 1), KeyDerivationCost.Default);

    [Fact]
    public async Task Open_WithTheDefaultCost_Unlocks()
    {
        using var folder = new TemporaryStore();
        var options = new SqliteStoreOptions { Passphrase = "p".AsMemory() };
        await (await folder.OpenAsync(options)).DisposeAsync();
        await using SqliteCertificateStore store = await folder.OpenAsync(options);
        Assert.True(store.IsUnlocked);
        using StoreConnection connection = folder.Connect();
        Assert.Equal(KeyDerivationCost.Default, PrivateKeyRows.DataKey(connection)!.Cost);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("correct horse battery stapl")]
    [InlineData("correct horse battery staple ")]
    [InlineData("Correct horse battery staple")]
    [Trait("Kind", "negative")]
    public async Task Open_WithAnotherPassphrase_IsWrongPassphrase(string passphrase)
    {
        using var folder = new TemporaryStore();
        await (await folder.OpenAsync(TemporaryStore.Unlocking())).DisposeAsync();
        await folder.FailsToOpenAsync("wrong-passphrase", TemporaryStore.Unlocking(passphrase));
    }

    [Theory]
    [InlineData("pässwörd \U0001D11E")]
    [InlineData("\uFFFD")]
    [InlineData(" ")]
    public async Task Passphrase_OfAnyCharacters_UnlocksAgain(string passphrase)
    {
        using var folder = new TemporaryStore();
        await (await folder.OpenAsync(TemporaryStore.Unlocking(passphrase))).DisposeAsync();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking(passphrase));
        Assert.True(store.IsUnlocked);
    }

    [Fact]
    public async Task LockedStore_AnswersEverythingPublic_AndRefusesKeys()
    {
        using var folder = new TemporaryStore();
        KeyPair pair = KeyPair.Ec();
        await using (SqliteCertificateStore owner = await folder.OpenAsync(TemporaryStore.Unlocking()))
        {
            await owner.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
            await owner.AddTrustAnchorAsync(pair.Certificate);
        }

        await using SqliteCertificateStore store = await folder.OpenAsync();
        Assert.False(store.IsUnlocked);
        Assert.Single(await store.FindAsync(_any));
        Assert.Single(await store.ListTrustAnchorsAsync());
        Assert.Equal(pair.Certificate, Assert.Single(await store.FindPrivateKeyCertificatesAsync(_any)).Certificate);
        await AssertLockedAsync(store, pair);

        // Where the passphrase would change nothing, nobody is asked for it.
        Assert.Empty(await store.FindSigningKeysAsync(_any with { EmailAddress = "bob@example.com" }));
        Assert.Empty(await store.FindDecryptionKeysAsync(_any with { EmailAddress = "bob@example.com" }));

        await store.UnlockAsync(TemporaryStore.Passphrase.AsMemory());
        ISigningKey key = Assert.Single(await store.FindSigningKeysAsync(_any));
        Assert.True(await KeyPair.WorksAsync(key));
        store.Lock();
        await AssertLockedAsync(store, pair);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => KeyPair.WorksAsync(key));
    }

    [Fact]
    public async Task Unlock_WithTheWrongPassphrase_LeavesTheStoreAsItWas()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        StoreException fault = await Assert.ThrowsAsync<StoreException>(async () => await store.UnlockAsync("wrong".AsMemory()));
        Assert.Equal("wrong-passphrase", fault.Code);
        Assert.True(store.IsUnlocked);
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.UnlockAsync(default));
    }

    [Fact]
    public async Task ReadOnlyStore_Unlocks_AndWithoutPassphraseStaysLocked()
    {
        using var folder = new TemporaryStore();
        SqliteStoreOptions reading = TemporaryStore.Unlocking() with { Access = SqliteStoreAccess.ReadOnly };
        await (await folder.OpenAsync()).DisposeAsync();
        await using (SqliteCertificateStore never = await folder.OpenAsync(reading))
        {
            Assert.False(never.IsUnlocked);
            Assert.Empty(await never.FindSigningKeysAsync(_any));
        }

        KeyPair pair = KeyPair.Ec();
        await using (SqliteCertificateStore owner = await folder.OpenAsync(TemporaryStore.Unlocking()))
        {
            await owner.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        }

        await using SqliteCertificateStore store = await folder.OpenAsync(reading);
        Assert.True(await KeyPair.WorksAsync(Assert.Single(await store.FindSigningKeysAsync(_any))));
    }

    [Fact]
    public async Task ChangePassphrase_RewrapsOnlyTheDataKey()
    {
        using var folder = new TemporaryStore();
        KeyPair pair = KeyPair.Ec();
        (byte[] Wrapping, byte[] Key) before;
        await using (SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking()))
        {
            await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
            before = Stored(folder);
            await store.ChangePassphraseAsync(TemporaryStore.Passphrase.AsMemory(), "replacement".AsMemory());
            Assert.True(store.IsUnlocked);
            Assert.Single(await store.FindSigningKeysAsync(_any));
        }

        (byte[] Wrapping, byte[] Key) after = Stored(folder);
        Assert.Equal(before.Key, after.Key);
        Assert.NotEqual(before.Wrapping, after.Wrapping);
        await folder.FailsToOpenAsync("wrong-passphrase", TemporaryStore.Unlocking());
        await using SqliteCertificateStore reopened = await folder.OpenAsync(TemporaryStore.Unlocking("replacement"));
        Assert.True(await KeyPair.WorksAsync(Assert.Single(await reopened.FindSigningKeysAsync(_any))));
    }

    [Fact]
    public async Task ChangePassphrase_LeavesNothingOfTheOldWrappingInTheFiles()
    {
        using var folder = new TemporaryStore();
        await using (SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking()))
        {
            byte[] old = Wrapping(folder);
            await store.ChangePassphraseAsync(TemporaryStore.Passphrase.AsMemory(), "replacement".AsMemory());
            byte[] current = Wrapping(folder);
            foreach (string file in new[] { folder.FilePath, folder.FilePath + "-wal" })
            {
                Assert.Equal(-1, (await folder.ReadBesideAsync(file)).AsSpan().IndexOf(old));
            }

            Assert.NotEqual(-1, (await folder.ReadBesideAsync(folder.FilePath)).AsSpan().IndexOf(current));
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public async Task ChangePassphrase_WithTheWrongOne_ChangesNothing()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        byte[] before = Wrapping(folder);
        StoreException fault = await Assert.ThrowsAsync<StoreException>(
            async () => await store.ChangePassphraseAsync("wrong".AsMemory(), "replacement".AsMemory()));
        Assert.Equal("wrong-passphrase", fault.Code);
        Assert.Equal(before, Wrapping(folder));
    }

    [Fact]
    public async Task ChangePassphrase_OfAStoreThatNeverHadOne_SaysSo()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        StoreException fault = await Assert.ThrowsAsync<StoreException>(
            async () => await store.ChangePassphraseAsync("a".AsMemory(), "b".AsMemory()));
        Assert.Equal("no-passphrase", fault.Code);
    }

    [Fact]
    public async Task ChangePassphrase_ByTwoAtOnce_LetsOneWin()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore first = await folder.OpenAsync(TemporaryStore.Unlocking());
        await using SqliteCertificateStore second = await folder.OpenAsync(TemporaryStore.Unlocking());
        string[] outcomes = await Task.WhenAll(ChangeAsync(first, "one"), ChangeAsync(second, "two"));
        string winner = Assert.Single(outcomes, o => o is "one" or "two");
        Assert.Single(outcomes, "wrong-passphrase");
        await (await folder.OpenAsync(TemporaryStore.Unlocking(winner))).DisposeAsync();
    }

    [Theory]
    [InlineData("memory_kib = 262145", "MaxMemoryKib")]
    [InlineData("memory_kib = 2147483647", "MaxMemoryKib")]
    [InlineData("iterations = 17", "MaxIterations")]
    [InlineData("parallelism = 17", "MaxParallelism")]
    [Trait("Kind", "negative")]
    public async Task Open_FileThatAsksForTooMuchWork_IsRefusedWithoutDoingIt(string assignment, string limit)
    {
        using var folder = new TemporaryStore();
        await (await folder.OpenAsync(TemporaryStore.Unlocking())).DisposeAsync();
        Tamper(folder, $"UPDATE data_key SET {assignment}");
        LimitExceededException fault = await Assert.ThrowsAsync<LimitExceededException>(
            async () => await folder.OpenAsync(TemporaryStore.Unlocking()));
        Assert.Equal(limit, fault.Limit);
    }

    [Theory]
    [InlineData("memory_kib = 9223372036854775807", "store-corrupt")]
    [InlineData("memory_kib = 0", "store-corrupt")]
    [InlineData("memory_kib = -1", "store-corrupt")]
    [InlineData("iterations = 0", "store-corrupt")]
    [InlineData("parallelism = 9", "store-corrupt")] // needs more memory
    [InlineData("kdf = 'none'", "store-corrupt")]
    [InlineData("salt = x''", "store-corrupt")]
    [InlineData("salt = zeroblob(1000000)", "store-corrupt")]
    [InlineData("sealed = x''", "store-corrupt")]
    [InlineData("sealed = zeroblob(60)", "wrong-passphrase")]
    [InlineData("memory_kib = 65", "wrong-passphrase")]
    [InlineData("iterations = 2", "wrong-passphrase")]
    [InlineData("salt = zeroblob(16)", "wrong-passphrase")]
    [Trait("Kind", "negative")]
    public async Task Open_FileWithTamperedWrapping_DoesNotUnlock(string assignment, string code)
    {
        using var folder = new TemporaryStore();
        await (await folder.OpenAsync(TemporaryStore.Unlocking())).DisposeAsync();
        Tamper(folder, $"UPDATE data_key SET {assignment}");
        await folder.FailsToOpenAsync(code, TemporaryStore.Unlocking());
        await (await folder.OpenAsync()).DisposeAsync(); // the public part stays readable
    }

    [Fact]
    public void WipedDataKey_SealsAndOpensNothing()
    {
        DataKey key = DataKey.Create();
        byte[] sealedValue = key.Seal("x"u8, []);
        key.Dispose();
        Assert.Equal("locked", Assert.Throws<StoreException>(() => key.TryOpen(sealedValue, [], out _)).Code);
        Assert.Equal("locked", Assert.Throws<StoreException>(() => key.Seal("x"u8, [])).Code);
    }

    private static async Task AssertLockedAsync(SqliteCertificateStore store, KeyPair pair)
    {
        Func<Task>[] uses =
        [
            async () => await store.FindSigningKeysAsync(_any),
            async () => await store.FindDecryptionKeysAsync(_any),
            async () => await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8),
        ];
        foreach (Func<Task> use in uses)
        {
            Assert.Equal("locked", (await Assert.ThrowsAsync<StoreException>(use)).Code);
        }
    }

    private static async Task<string> ChangeAsync(SqliteCertificateStore store, string replacement)
    {
        try
        {
            await store.ChangePassphraseAsync(TemporaryStore.Passphrase.AsMemory(), replacement.AsMemory());
            return replacement;
        }
        catch (StoreException fault)
        {
            return fault.Code;
        }
    }

    private static void Tamper(TemporaryStore folder, string statement)
    {
        using StoreConnection hostile = folder.Connect();
        Assert.Equal(1, hostile.Execute(statement));
    }

    private static byte[] Wrapping(TemporaryStore folder)
    {
        using StoreConnection connection = folder.Connect();
        return connection.First("SELECT sealed FROM data_key", static row => row.Bytes(0))!;
    }

    private static (byte[] Wrapping, byte[] Key) Stored(TemporaryStore folder)
    {
        using StoreConnection connection = folder.Connect();
        return (Wrapping(folder), connection.First("SELECT sealed FROM private_key", static row => row.Bytes(0))!);
    }
}
