using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using Xunit;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.TestKit.Stores;

/// <summary>What every writable store does. A store's test class inherits it and says how to make one.</summary>
public abstract partial class CertificateStoreContract
{
    private const X509KeyUsageFlags Signing = X509KeyUsageFlags.DigitalSignature;
    private const X509KeyUsageFlags Encryption = X509KeyUsageFlags.KeyAgreement;
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    private const string AnyPurpose = "2.5.29.37.0";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private static readonly CertificateQuery _anything = new() { Purpose = CertificatePurpose.Any };
    private static readonly CertificateQuery _encryptToAlice = new()
    {
        Purpose = CertificatePurpose.EmailEncryption,
        EmailAddress = "alice@example.com",
    };

    /// <summary>Makes a fresh, empty store.</summary>
    protected abstract ValueTask<StoreUnderTest> CreateAsync();

    [Fact]
    public async Task Find_InEmptyStore_FindsNothing()
    {
        await using StoreUnderTest test = await CreateAsync();
        Assert.Empty(await test.Store.FindAsync(_anything));
    }

    [Fact]
    [Trait("Requirement", "R3850-4-b")]
    public async Task Add_ThenFind_GivesTheSameBytesAndProvenance()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make();
        await test.Sink.AddAsync(certificate, CertificateProvenance.Imported);
        StoredCertificate found = Assert.Single(await test.Store.FindAsync(_anything));
        Assert.Equal(certificate, found.Certificate);
        Assert.Equal(CertificateProvenance.Imported, found.Provenance);
        Assert.NotEmpty(found.Reason);
        Assert.Null(found.PreferredSince);
        Assert.True(found.Capabilities.IsEmpty);
    }

    [Fact]
    public async Task Add_Twice_StoresOnce()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make();
        await test.Sink.AddAsync(certificate, CertificateProvenance.Imported);
        await test.Sink.AddAsync(Certificate.Decode(certificate.RawData.ToArray()), CertificateProvenance.Imported);
        Assert.Single(await test.Store.FindAsync(_anything));
    }

    [Theory]
    [InlineData(CertificateProvenance.Harvested, CertificateProvenance.Imported, CertificateProvenance.Imported)]
    [InlineData(CertificateProvenance.Harvested, CertificateProvenance.Pinned, CertificateProvenance.Pinned)]
    [InlineData(CertificateProvenance.Imported, CertificateProvenance.Pinned, CertificateProvenance.Pinned)]
    [InlineData(CertificateProvenance.Pinned, CertificateProvenance.Imported, CertificateProvenance.Pinned)]
    [InlineData(CertificateProvenance.Pinned, CertificateProvenance.Harvested, CertificateProvenance.Pinned)]
    [InlineData(CertificateProvenance.Imported, CertificateProvenance.Harvested, CertificateProvenance.Imported)]
    public async Task Add_Again_RaisesProvenanceAndNeverLowersIt(
        CertificateProvenance first, CertificateProvenance second, CertificateProvenance expected)
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make();
        await test.Sink.AddAsync(certificate, first);
        await test.Sink.AddAsync(certificate, second);
        Assert.Equal(expected, Assert.Single(await test.Store.FindAsync(_anything)).Provenance);
        await test.ReopenAsync();
        Assert.Equal(expected, Assert.Single(await test.Store.FindAsync(_anything)).Provenance);
    }

    [Fact]
    [Trait("Requirement", "R3850-3-n")]
    [Trait("Requirement", "R3850-3-i")]
    public async Task Find_ByAddress_IgnoresCaseAndSeesEveryAddress()
    {
        await using StoreUnderTest test = await CreateAsync();
        await test.Sink.AddAsync(Make("alice@example.com Alice.Second@example.org"), CertificateProvenance.Imported);
        await test.Sink.AddAsync(Make("bob@example.com"), CertificateProvenance.Imported);
        foreach (string address in new[] { "ALICE@EXAMPLE.COM", "alice@example.com", "alice.second@Example.Org" })
        {
            StoredCertificate found = Assert.Single(await test.Store.FindAsync(_anything with { EmailAddress = address }));
            Assert.Contains("alice@example.com", found.Certificate.EmailAddresses);
        }

        await AssertNoneAsync(test, _anything with { EmailAddress = "alice@example.co" });
        await AssertNoneAsync(test, _anything with { EmailAddress = "lice@example.com" });
        await AssertNoneAsync(test, _anything with { EmailAddress = "%@example.com" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("alice@example.com\0")]
    [InlineData("alice@example.com, bob@example.com")]
    [InlineData("Alice <alice@example.com>")]
    [InlineData("' OR 1=1 --@example.com")]
    [InlineData("../../alice@example.com")]
    [Trait("Requirement", "R3850-3-q")]
    public async Task Find_ByMalformedAddress_FindsNothing(string address)
    {
        await using StoreUnderTest test = await CreateAsync();
        await test.Sink.AddAsync(Make(), CertificateProvenance.Pinned);
        await AssertNoneAsync(test, _anything with { EmailAddress = address });
    }

    [Fact]
    [Trait("Requirement", "R3851-2.6-a")]
    public async Task Find_ByIssuerAndSerialNumber_NeedsBoth()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate alice = Make(subject: "CN=Alice, O=Example", serialNumber: "01");
        Certificate bob = Make("bob@example.com", subject: "CN=Bob, O=Example", serialNumber: "01");
        Certificate second = Make(subject: "CN=Alice, O=Example", serialNumber: "0100");
        foreach (Certificate certificate in new[] { alice, bob, second })
        {
            await test.Sink.AddAsync(certificate, CertificateProvenance.Imported);
        }

        CertificateQuery query = _anything with { Issuer = alice.Issuer, SerialNumber = alice.SerialNumber };
        Assert.Equal(alice, Assert.Single(await test.Store.FindAsync(query)).Certificate);
        Assert.Equal(2, (await test.Store.FindAsync(query with { Issuer = null })).Count);
        Assert.Equal(2, (await test.Store.FindAsync(query with { SerialNumber = null })).Count);
        await AssertNoneAsync(test, query with { SerialNumber = new byte[] { 0, 1 } });
    }

    [Fact]
    [Trait("Requirement", "R5280-7.1-a")]
    public async Task Find_ByName_FoldsCaseAndBlanks()
    {
        await using StoreUnderTest test = await CreateAsync();
        await test.Sink.AddAsync(Make(subject: "O=ACME  Ltd, CN=Mail CA"), CertificateProvenance.Imported);
        DistinguishedName folded = Make(subject: "O=acme ltd, CN=mail ca").Subject;
        DistinguishedName other = Make(subject: "O=acme ltd, CN=mail cb").Subject;
        Assert.Single(await test.Store.FindAsync(_anything with { Subject = folded }));
        Assert.Single(await test.Store.FindAsync(_anything with { Issuer = folded }));
        await AssertNoneAsync(test, _anything with { Subject = other });
        await AssertNoneAsync(test, _anything with { Issuer = other });
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-e")]
    public async Task Find_ByKeyIdentifier_TakesTheExtensionAndNotAComputedOne()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make(keyIdentifier: "0102030405060708");
        await test.Sink.AddAsync(certificate, CertificateProvenance.Imported);
        Assert.Single(await test.Store.FindAsync(
            _anything with { SubjectKeyIdentifier = Convert.FromHexString("0102030405060708") }));
        await AssertNoneAsync(test, _anything with { SubjectKeyIdentifier = Sha1(certificate.PublicKey.Key) });
        await AssertNoneAsync(test, _anything with { SubjectKeyIdentifier = Convert.FromHexString("01020304050607") });
        await AssertNoneAsync(test, _anything with { SubjectKeyIdentifier = ReadOnlyMemory<byte>.Empty });
    }

    [Fact]
    public async Task Find_ByKeyIdentifierWithoutExtension_ComputesItBothWays()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make();
        await test.Sink.AddAsync(certificate, CertificateProvenance.Imported);
        Assert.Single(await test.Store.FindAsync(_anything with { SubjectKeyIdentifier = Sha1(certificate.PublicKey.Key) }));
        Assert.Single(await test.Store.FindAsync(_anything with { SubjectKeyIdentifier = Sha1(certificate.PublicKey.RawData) }));
        await AssertNoneAsync(test, _anything with { SubjectKeyIdentifier = Sha1(certificate.RawData) });
    }

    [Fact]
    public async Task Find_ByFingerprint_FindsTheExactCertificate()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make();
        await test.Sink.AddAsync(certificate, CertificateProvenance.Imported);
        await test.Sink.AddAsync(Make(), CertificateProvenance.Imported);
        Assert.Equal(certificate, Assert.Single(await test.Store.FindAsync(_anything with { Sha256 = certificate.Sha256 })).Certificate);
        await AssertNoneAsync(test, _anything with { Sha256 = new byte[32] });
    }

    [Fact]
    public async Task Find_ByInstant_TakesBothEndsOfValidity()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make(days: 10);
        await test.Sink.AddAsync(certificate, CertificateProvenance.Imported);
        Assert.Single(await test.Store.FindAsync(_anything with { ValidAt = certificate.NotBefore }));
        Assert.Single(await test.Store.FindAsync(_anything with { ValidAt = certificate.NotAfter }));
        await AssertNoneAsync(test, _anything with { ValidAt = certificate.NotBefore.AddSeconds(-1) });
        await AssertNoneAsync(test, _anything with { ValidAt = certificate.NotAfter.AddSeconds(1) });
    }

    [Theory]
    [InlineData(Signing, null, true, false)]
    [InlineData(X509KeyUsageFlags.NonRepudiation, null, true, false)]
    [InlineData(Encryption, null, false, true)]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, null, false, false)] // an EC key agrees, it does not encipher
    [InlineData(X509KeyUsageFlags.None, null, true, true)]
    [InlineData(Signing | Encryption, EmailProtection, true, true)]
    [InlineData(X509KeyUsageFlags.None, AnyPurpose, true, true)]
    [InlineData(Signing | Encryption, ServerAuthentication, false, false)]
    [InlineData(X509KeyUsageFlags.KeyCertSign, null, false, false)]
    [Trait("Requirement", "R8550-4.4.2-a")]
    [Trait("Requirement", "R8550-4.4.4-a")]
    [Trait("Requirement", "R3850-4.4.4-b")]
    public async Task Find_ForPurpose_HeedsKeyUsageAndExtendedKeyUsage(X509KeyUsageFlags usage, string? purpose, bool signs, bool encrypts)
    {
        await using StoreUnderTest test = await CreateAsync();
        await test.Sink.AddAsync(Make(usage: usage, purpose: purpose), CertificateProvenance.Imported);
        Assert.Single(await test.Store.FindAsync(_anything));
        Assert.Equal(signs, (await test.Store.FindAsync(_anything with { Purpose = CertificatePurpose.EmailSigning })).Count == 1);
        Assert.Equal(encrypts, (await test.Store.FindAsync(_encryptToAlice)).Count == 1);
    }

    [Fact]
    [Trait("Requirement", "R3851-2.5.3-g")]
    [Trait("Requirement", "R3851-2.5.3.1-c")]
    [Trait("Requirement", "R9787-8.1.1-a")]
    public async Task Find_SeveralAnswers_RanksPinnedThenPreferredThenLatestToExpire()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate pinned = Make(usage: Encryption, days: 1);
        Certificate preferred = Make(usage: Encryption, days: 2);
        Certificate late = Make(usage: Encryption, days: 400);
        Certificate early = Make(usage: Encryption, days: 300);
        await test.Sink.AddAsync(early, CertificateProvenance.Imported);
        await test.Sink.AddAsync(late, CertificateProvenance.Harvested);
        Assert.True(await test.Sink.LearnAsync(News(preferred, day: 1)));
        await test.Sink.AddAsync(pinned, CertificateProvenance.Pinned);
        Assert.Equal([pinned, preferred, late, early], await CertificatesAsync(test, _encryptToAlice));
        Assert.Equal([pinned, preferred], await CertificatesAsync(test, _encryptToAlice with { Limit = 2 }));
        await test.ReopenAsync();
        Assert.Equal([pinned, preferred, late, early], await CertificatesAsync(test, _encryptToAlice));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await test.Store.FindAsync(_anything with { Limit = 0 }));
    }

    [Fact]
    public async Task Store_UnderConcurrentUse_LosesNothing()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate[] certificates = [.. Enumerable.Range(0, 24).Select(i => Make($"user{i}@example.com", Encryption))];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < certificates.Length; i++)
            {
                Certificate certificate = certificates[(i + (worker * 3)) % certificates.Length];
                await test.Sink.AddAsync(certificate, CertificateProvenance.Imported);
                await test.Sink.LearnAsync(News(certificate, day: worker) with { EmailAddress = certificate.EmailAddresses[0] });
                Assert.NotEmpty(await test.Store.FindAsync(_anything with { EmailAddress = certificate.EmailAddresses[0] }));
            }
        })));
        IReadOnlyList<StoredCertificate> found = await test.Store.FindAsync(_anything);
        Assert.Equal(certificates.Length, found.Count);
        Assert.All(found, f => Assert.Equal(Epoch.AddDays(7), f.PreferredSince));
    }

    [Fact]
    public async Task Store_WhenCancelled_ThrowsOperationCanceled()
    {
        await using StoreUnderTest test = await CreateAsync();
        var cancelled = new CancellationToken(canceled: true);
        Certificate certificate = Make(usage: Encryption);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await test.Store.FindAsync(_anything, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await test.Sink.AddAsync(certificate, CertificateProvenance.Pinned, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await test.Sink.LearnAsync(News(certificate, day: 1), cancelled));
        await AssertNoneAsync(test, _anything);
    }

    private static EncryptionAnnouncement News(Certificate certificate, int day, string capabilities = "") =>
        new("alice@example.com", certificate, Convert.FromHexString(capabilities), Epoch.AddDays(day));

    private static byte[] Sha1(ReadOnlyMemory<byte> data) => System.Security.Cryptography.SHA1.HashData(data.Span);

    private static async Task<IEnumerable<Certificate>> CertificatesAsync(StoreUnderTest test, CertificateQuery query) =>
        (await test.Store.FindAsync(query)).Select(f => f.Certificate);

    private static async Task AssertNoneAsync(StoreUnderTest test, CertificateQuery query) =>
        Assert.Empty(await test.Store.FindAsync(query));
}
