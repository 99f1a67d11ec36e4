using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Storage;
using SmimeKit.TestKit;

namespace SmimeKit.Stores.Sqlite.Tests;

public sealed class PrivateKeyTests
{
    private static readonly CertificateQuery _any = new() { Purpose = CertificatePurpose.Any };

    [Theory]
    [InlineData("rsa")]
    [InlineData("ec")]
    public async Task Key_ImportedAndReopened_SignsAndDecryptsThroughHandles(string kind)
    {
        using var folder = new TemporaryStore();
        KeyPair pair = kind == "rsa" ? KeyPair.Rsa() : KeyPair.Ec();
        await using (SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking()))
        {
            await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        }

        await using SqliteCertificateStore reopened = await folder.OpenAsync(TemporaryStore.Unlocking());
        Assert.Equal(CertificateProvenance.Imported, Assert.Single(await reopened.FindAsync(_any)).Provenance);
        Assert.True(await KeyPair.WorksAsync(Assert.Single(await reopened.FindSigningKeysAsync(_any))));
        IDecryptionKey key = Assert.Single(await reopened.FindDecryptionKeysAsync(_any));
        Assert.Equal(pair.Certificate, key.Certificate);
        await AssertDecryptsAsync(pair, key);
    }

    [Fact]
    public async Task Files_WhileOpenAndAfterwards_HoldNoPrivateKeyInTheClear()
    {
        using var folder = new TemporaryStore();
        KeyPair[] pairs = [KeyPair.Rsa(), KeyPair.Ec()];
        await using (SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking()))
        {
            foreach (KeyPair pair in pairs)
            {
                await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
            }

            await AssertNoSecretsAsync(folder.FilePath + "-wal");
        }

        await AssertNoSecretsAsync(folder.FilePath);

        async Task AssertNoSecretsAsync(string file)
        {
            byte[] bytes = await folder.ReadBesideAsync(file);
            Assert.NotEqual(-1, bytes.AsSpan().IndexOf(pairs[0].Certificate.RawData.Span));
            foreach (byte[] secret in pairs.SelectMany(Secrets))
            {
                Assert.Equal(-1, bytes.AsSpan().IndexOf(secret));
            }
        }
    }

    [Fact]
    public async Task RemovedKey_IsGone_EvenFromTheFiles()
    {
        using var folder = new TemporaryStore();
        KeyPair pair = KeyPair.Rsa();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        byte[] ciphertext;
        using (StoreConnection connection = folder.Connect())
        {
            ciphertext = connection.First("SELECT sealed FROM private_key", static row => row.Bytes(0))!;
        }

        Assert.True(await store.RemovePrivateKeyAsync(pair.Certificate));
        Assert.False(await store.RemovePrivateKeyAsync(pair.Certificate));
        Assert.Empty(await store.FindSigningKeysAsync(_any));
        Assert.Empty(await store.FindDecryptionKeysAsync(_any));
        Assert.Single(await store.FindAsync(_any));
        foreach (string file in new[] { folder.FilePath, folder.FilePath + "-wal" })
        {
            byte[] bytes = await folder.ReadBesideAsync(file);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(ciphertext.AsSpan(0, 64)));
            Assert.Equal(-1, bytes.AsSpan().IndexOf(ciphertext.AsSpan(ciphertext.Length - 64)));
        }
    }

    [Fact]
    public async Task Certificate_WithPrivateKey_IsNotRemovedBeforeIt()
    {
        using var folder = new TemporaryStore();
        KeyPair pair = KeyPair.Ec();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        StoreException fault = await Assert.ThrowsAsync<StoreException>(async () => await store.RemoveAsync(pair.Certificate));
        Assert.Equal("has-private-key", fault.Code);
        Assert.True(await store.RemovePrivateKeyAsync(pair.Certificate));
        Assert.True(await store.RemoveAsync(pair.Certificate));
        Assert.False(await store.RemoveAsync(pair.Certificate));
        Assert.Empty(await store.FindAsync(_any));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public async Task Import_KeyOfAnotherCertificate_IsRefusedAndStoresNothing()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await store.ImportPrivateKeyAsync(KeyPair.Ec().Certificate, KeyPair.Ec().Pkcs8));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await store.ImportPrivateKeyAsync(KeyPair.Ec().Certificate, KeyPair.Rsa().Pkcs8));
        Assert.Empty(await store.FindAsync(_any));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public async Task Import_TruncatedKey_IsMalformedAtEveryLength()
    {
        using var folder = new TemporaryStore();
        KeyPair pair = KeyPair.Ec();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        for (int length = 0; length < pair.Pkcs8.Length; length++)
        {
            await Assert.ThrowsAsync<MalformedDataException>(
                async () => await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8.AsMemory(0, length)));
        }

        Assert.Empty(await store.FindAsync(_any));
    }

    [Fact]
    public async Task Keys_OfOneAddress_AreSplitByPurposeAndRankedLikeTheirCertificates()
    {
        using var folder = new TemporaryStore();
        KeyPair signing = KeyPair.Ec(usage: X509KeyUsageFlags.DigitalSignature);
        KeyPair encryption = KeyPair.Ec(usage: X509KeyUsageFlags.KeyAgreement);
        KeyPair pinned = KeyPair.Ec(usage: X509KeyUsageFlags.DigitalSignature);
        KeyPair stranger = KeyPair.Ec("bob@example.com");
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        foreach (KeyPair pair in new[] { signing, encryption, pinned, stranger })
        {
            await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        }

        await store.AddAsync(KeyPair.Ec().Certificate, CertificateProvenance.Pinned); // somebody else's: no key
        await store.AddAsync(pinned.Certificate, CertificateProvenance.Pinned);
        CertificateQuery alice = _any with { EmailAddress = "alice@example.com" };
        Assert.Equal(
            [pinned.Certificate, signing.Certificate],
            (await store.FindSigningKeysAsync(alice with { Purpose = CertificatePurpose.EmailSigning })).Select(k => k.Certificate));
        Assert.Equal(
            [encryption.Certificate],
            (await store.FindDecryptionKeysAsync(alice with { Purpose = CertificatePurpose.EmailEncryption })).Select(k => k.Certificate));
        IDecryptionKey byIdentifier = Assert.Single(await store.FindDecryptionKeysAsync(
            _any with { Issuer = stranger.Certificate.Issuer, SerialNumber = stranger.Certificate.SerialNumber }));
        Assert.Equal(stranger.Certificate, byIdentifier.Certificate);
    }

    [Fact]
    [Trait("Requirement", "R3850-2.3-e")]
    public async Task SigningKey_Chain_HoldsTheIntermediatesThatSigned_AndNoRoot()
    {
        using var folder = new TemporaryStore();
        KeyPair root = KeyPair.IssuedBy(null, "CN=Root", isAuthority: true);
        KeyPair upper = KeyPair.IssuedBy(root, "CN=Upper", isAuthority: true);
        KeyPair lower = KeyPair.IssuedBy(upper, "CN=Lower", isAuthority: true);
        KeyPair leaf = KeyPair.IssuedBy(lower, "CN=Leaf", isAuthority: false);
        KeyPair sameName = KeyPair.IssuedBy(upper, "CN=Lower", isAuthority: true); // another key
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        await store.ImportPrivateKeyAsync(leaf.Certificate, leaf.Pkcs8);
        CertificateQuery query = _any with { Sha256 = leaf.Certificate.Sha256 };
        Assert.Empty(Assert.Single(await store.FindSigningKeysAsync(query)).Chain);
        Certificate[] issuers = [root.Certificate, upper.Certificate, lower.Certificate, sameName.Certificate];
        await store.AddRangeAsync(issuers, CertificateProvenance.Imported);
        ISigningKey key = Assert.Single(await store.FindSigningKeysAsync(query));
        Assert.Equal([lower.Certificate, upper.Certificate], key.Chain);
        Assert.True(await KeyPair.WorksAsync(key));
    }

    [Theory]
    [InlineData("UPDATE private_key SET sealed = x''")]
    [InlineData("UPDATE private_key SET sealed = substr(sealed, 1, length(sealed) - 1)")]
    [InlineData("UPDATE private_key SET sealed = zeroblob(200)")]
    [InlineData("UPDATE private_key AS k SET sealed = (SELECT o.sealed FROM private_key o WHERE o.certificate_id <> k.certificate_id)")]
    [Trait("Kind", "negative")]
    public async Task TamperedKey_IsCorrupt_EvenWhenItIsAnotherCertificatesKey(string statement)
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        foreach (KeyPair pair in new[] { KeyPair.Ec(), KeyPair.Ec() })
        {
            await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        }

        using (StoreConnection hostile = folder.Connect())
        {
            hostile.Execute(statement);
        }

        StoreException fault = await Assert.ThrowsAsync<StoreException>(async () => await store.FindSigningKeysAsync(_any));
        Assert.Equal("store-corrupt", fault.Code);
    }

    [Fact]
    public async Task Import_Again_ReplacesTheSealingAndKeepsWorking()
    {
        using var folder = new TemporaryStore();
        KeyPair pair = KeyPair.Ec();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        ISigningKey before = Assert.Single(await store.FindSigningKeysAsync(_any));
        await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        ISigningKey after = Assert.Single(await store.FindSigningKeysAsync(_any));
        Assert.True(await KeyPair.WorksAsync(before));
        Assert.True(await KeyPair.WorksAsync(after));
    }

    [Fact]
    public async Task Store_LockedAndUnlockedUnderLoad_GivesKeysOrSaysLocked()
    {
        using var folder = new TemporaryStore();
        KeyPair pair = KeyPair.Ec();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        Task[] users = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(UseAsync))];
        for (int i = 0; i < 20; i++)
        {
            store.Lock();
            await store.UnlockAsync(TemporaryStore.Passphrase.AsMemory());
        }

        await Task.WhenAll(users);

        async Task UseAsync()
        {
            for (int i = 0; i < 50; i++)
            {
                try
                {
                    Assert.True(await KeyPair.WorksAsync(Assert.Single(await store.FindSigningKeysAsync(_any))));
                }
                catch (StoreException fault)
                {
                    Assert.Equal("locked", fault.Code);
                }
                catch (ObjectDisposedException)
                {
                    // The handle ended with the locking.
                }
            }
        }
    }

    [Fact]
    public async Task File_ReadByTheSqliteProgram_IsSoundAndHoldsTheCertificate()
    {
        var sqlite = new Peer("sqlite3");
        sqlite.Require();
        using var folder = new TemporaryStore();
        KeyPair pair = KeyPair.Ec();
        await using (SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking()))
        {
            await store.ImportPrivateKeyAsync(pair.Certificate, pair.Pkcs8);
        }

        const string script = """
            PRAGMA integrity_check; PRAGMA foreign_key_check; PRAGMA journal_mode;
            SELECT hex(der) FROM certificate; SELECT address FROM certificate_address;
            """;
        string output = System.Text.Encoding.UTF8.GetString(sqlite.Run([folder.FilePath, script]).Succeeded());
        Assert.Equal(
            ["ok", "wal", Convert.ToHexString(pair.Certificate.RawData.Span), "alice@example.com"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    private static async Task AssertDecryptsAsync(KeyPair pair, IDecryptionKey key)
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        using RSA? rsa = pair.Certificate.PublicKey.TryCreateRsa();
        if (rsa is not null)
        {
            var scheme = new KeyTransportScheme.Oaep(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, default);
            Assert.Equal(secret, await key.DecryptAsync(scheme, rsa.Encrypt(secret, RSAEncryptionPadding.OaepSHA256), secret.Length));
            return;
        }

        using ECDiffieHellman own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using ECDiffieHellman holder = pair.Certificate.PublicKey.TryCreateEcdh()!;
        byte[] expected = own.DeriveRawSecretAgreement(holder.PublicKey);
        Assert.Equal(expected, await key.AgreeAsync(SubjectPublicKeyInfo.Decode(own.ExportSubjectPublicKeyInfo())));
    }

    // The whole encoding, and the numbers that alone are the secret.
    private static IEnumerable<byte[]> Secrets(KeyPair pair)
    {
        yield return pair.Pkcs8;
        yield return pair.Pkcs8[..64];
        if (pair.Certificate.PublicKey.IsEc)
        {
            using ECDsa ec = ECDsa.Create();
            ec.ImportPkcs8PrivateKey(pair.Pkcs8, out _);
            yield return ec.ExportParameters(includePrivateParameters: true).D!;
        }
        else
        {
            using RSA rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(pair.Pkcs8, out _);
            RSAParameters numbers = rsa.ExportParameters(includePrivateParameters: true);
            yield return numbers.D!;
            yield return numbers.P!;
            yield return numbers.Q!;
            yield return numbers.DP!;
        }
    }
}
