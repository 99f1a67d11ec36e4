using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite.Storage;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Stores.Sqlite.Tests;

public sealed class SearchTests
{
    private static readonly CertificateQuery _any = new() { Purpose = CertificatePurpose.Any };
    private static readonly Certificate _sample = Make(keyIdentifier: "01020304");

    public static TheoryData<string, string> IndexedCriteria() => new()
    {
        { "address", "certificate_address USING PRIMARY KEY (address=?)" },
        { "sha256", "USING INDEX sqlite_autoindex_certificate_1 (sha256=?" },
        { "key identifier", "certificate_key_identifier USING PRIMARY KEY (key_identifier=?)" },
        { "issuer and serial number", "USING INDEX certificate_issuer_serial (issuer=? AND serial=?" },
        { "issuer", "USING INDEX certificate_issuer_serial (issuer=?" },
        { "serial number", "USING INDEX certificate_serial (serial=?" },
        { "subject", "USING INDEX certificate_subject (subject=?" },
    };

    [Theory]
    [MemberData(nameof(IndexedCriteria))]
    public async Task Find_ByCriterion_UsesItsIndexAndScansNoTable(string criterion, string index)
    {
        using var folder = new TemporaryStore();
        await (await folder.OpenAsync()).DisposeAsync();
        using StoreConnection connection = folder.Connect();
        foreach (bool withPrivateKey in new[] { false, true })
        {
            (string sql, (string, object?)[] parameters) = CertificateRows.Candidates(Query(criterion), withPrivateKey);
            List<string> plan = connection.List("EXPLAIN QUERY PLAN " + sql, static row => row.Text(3), parameters);
            Assert.Contains(plan, step => step.Contains(index, StringComparison.Ordinal));
            Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Find_AmongTenThousand_IsFast()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        await store.AddRangeAsync(MakeMany(10_000), CertificateProvenance.Harvested);
        await store.FindAsync(_any with { EmailAddress = "user1@example.com" });
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < 200; i++)
        {
            StoredCertificate found = Assert.Single(await store.FindAsync(_any with { EmailAddress = $"User{i * 49}@example.com" }));
            Assert.Equal([$"user{i * 49}@example.com"], found.Certificate.EmailAddresses);
        }

        // Less than 0.1 ms each; decoding ten thousand certificates each time would take more than a minute.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"200 searches took {watch.Elapsed}.");
        Assert.Equal(100, (await store.FindAsync(_any)).Count);
    }

    [Theory]
    [InlineData("' OR 1=1 --@example.com")]
    [InlineData("\"; DROP TABLE certificate; --\"@example.com")]
    [InlineData("%@example.com")]
    [InlineData("_lice@example.com")]
    [InlineData("@address@example.com")]
    [InlineData("?@example.com")]
    [InlineData("alice*@example.com")]
    [Trait("Requirement", "R9598-5-b")]
    public async Task Find_AddressWithMetacharacters_MatchesItselfOnly(string address)
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        Certificate odd = MakeNamed("CN=odd", address);
        Certificate plain = Make("alice@example.com");
        await store.AddRangeAsync([odd, plain], CertificateProvenance.Imported);
        bool isAddress = odd.EmailAddresses.Count == 1; // one with blanks is none
        Assert.Equal(isAddress ? [odd] : [], (await store.FindAsync(_any with { EmailAddress = address })).Select(f => f.Certificate));
        Assert.Equal([plain], (await store.FindAsync(_any with { EmailAddress = "alice@example.com" })).Select(f => f.Certificate));
        await store.ForgetAsync(address);
        Assert.Equal(2, (await store.FindAsync(_any)).Count);
    }

    [Theory]
    [InlineData("CN=\"Robert'); DROP TABLE certificate;--\"")]
    [InlineData("CN=\"quoted \"\" and ' and ; and @subject\"")]
    [InlineData("CN=%")]
    public async Task Find_NameWithMetacharacters_MatchesItselfOnly(string name)
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        Certificate odd = MakeNamed(name, "odd@example.com");
        await store.AddRangeAsync([odd, Make()], CertificateProvenance.Imported);
        await store.AddTrustAnchorAsync(odd);
        Assert.Equal(odd, Assert.Single(await store.FindAsync(_any with { Subject = odd.Subject })).Certificate);
        Assert.Equal(odd, Assert.Single(await store.FindAsync(_any with { Issuer = odd.Issuer })).Certificate);
        Assert.Equal(odd, Assert.Single(await ((ITrustAnchors)store).FindAsync(odd.Subject)));
    }

    [Fact]
    public async Task Find_WithFewWanted_GivesTheFirstOfTheFullRanking()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        string[] addresses = ["alice@example.com", "alice@example.org"];
        Certificate[] certificates =
        [
            .. Enumerable.Range(0, 12)
                .Select(i => Make(string.Join(' ', addresses), X509KeyUsageFlags.KeyAgreement, days: 1 + (i * 7 % 12))),
        ];
        await store.AddRangeAsync(certificates[..8], CertificateProvenance.Imported);
        await store.AddRangeAsync(certificates[8..], CertificateProvenance.Harvested);
        foreach (string address in addresses)
        {
            await store.LearnAsync(new EncryptionAnnouncement(address, certificates[5], default, Epoch.AddDays(address.Length)));
        }

        await store.AddAsync(certificates[2], CertificateProvenance.Pinned);
        CertificateQuery[] queries = [_any, _any with { EmailAddress = addresses[0] }, _any with { ValidAt = Epoch.AddDays(5) }];
        foreach (CertificateQuery query in queries)
        {
            Certificate[] all = [.. (await store.FindAsync(query)).Select(f => f.Certificate)];
            for (int limit = 1; limit <= all.Length; limit++)
            {
                Assert.Equal(all[..limit], (await store.FindAsync(query with { Limit = limit })).Select(f => f.Certificate));
            }
        }
    }

    private static CertificateQuery Query(string criterion) => criterion switch
    {
        "address" => _any with { EmailAddress = "alice@example.com" },
        "sha256" => _any with { Sha256 = _sample.Sha256 },
        "key identifier" => _any with { SubjectKeyIdentifier = _sample.SubjectKeyIdentifier },
        "issuer and serial number" => _any with { Issuer = _sample.Issuer, SerialNumber = _sample.SerialNumber },
        "issuer" => _any with { Issuer = _sample.Issuer },
        "serial number" => _any with { SerialNumber = _sample.SerialNumber },
        _ => _any with { Subject = _sample.Subject },
    };

    private static Certificate MakeNamed(string name, string address)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(name), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(Epoch, Epoch.AddDays(1));
        return Certificate.FromX509Certificate2(certificate);
    }

    // One key for all, and no signatures: only the making would take time.
    private static IEnumerable<Certificate> MakeMany(int count)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var generator = new NoSignatures(key);
        for (int i = 0; i < count; i++)
        {
            var name = new X500DistinguishedName($"CN=User {i}");
            var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddEmailAddress($"user{i}@example.com");
            request.CertificateExtensions.Add(names.Build());
            byte[] serialNumber = BitConverter.GetBytes(0x40000000 + i);
            using X509Certificate2 certificate = request.Create(name, generator, Epoch, Epoch.AddDays(i), serialNumber);
            yield return Certificate.FromX509Certificate2(certificate);
        }
    }

    private sealed class NoSignatures(ECDsa key) : X509SignatureGenerator
    {
        private readonly X509SignatureGenerator _real = CreateForECDsa(key);

        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
            _real.GetSignatureAlgorithmIdentifier(hashAlgorithm);

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01];

        protected override PublicKey BuildPublicKey() => _real.PublicKey;
    }
}
