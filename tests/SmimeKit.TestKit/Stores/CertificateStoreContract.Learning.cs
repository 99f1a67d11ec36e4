using SmimeKit.Certificates;
using Xunit;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.TestKit.Stores;

/// <content>What every writable store learns from messages, and what not (RFC 8551 §2.5.3 and §2.7.1).</content>
public abstract partial class CertificateStoreContract
{
    [Fact]
    [Trait("Requirement", "R3851-2.7.1-a")]
    [Trait("Requirement", "R3851-2.7.1-d")]
    public async Task Learn_FirstNews_IsKeptWithTimeAndCapabilities()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make(usage: Encryption);
        Assert.True(await test.Sink.LearnAsync(News(certificate, day: 3, capabilities: "3003020105")));
        await AssertHeldAsync();
        await test.ReopenAsync();
        await AssertHeldAsync();

        async Task AssertHeldAsync()
        {
            StoredCertificate held = Assert.Single(await test.Store.FindAsync(_encryptToAlice));
            Assert.Equal(certificate, held.Certificate);
            Assert.Equal(CertificateProvenance.Harvested, held.Provenance);
            Assert.Equal(Epoch.AddDays(3), held.PreferredSince);
            Assert.Equal("3003020105", Convert.ToHexString(held.Capabilities.Span));
            Assert.Equal(Epoch.AddDays(3), Assert.Single(await test.Store.FindAsync(_anything)).PreferredSince);
        }
    }

    [Fact]
    [Trait("Requirement", "R3851-2.5.3-f")]
    [Trait("Requirement", "R3851-2.7.1-b")]
    [Trait("Requirement", "R8551-2.7.1-a")]
    public async Task Learn_OlderOrEquallyOldNews_IsIgnored()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate current = Make(usage: Encryption);
        Assert.True(await test.Sink.LearnAsync(News(current, day: 3, capabilities: "3000")));
        Assert.False(await test.Sink.LearnAsync(News(Make(usage: Encryption, days: 900), day: 2)));
        Assert.False(await test.Sink.LearnAsync(News(Make(usage: Encryption, days: 900), day: 3)));
        Assert.False(await test.Sink.LearnAsync(News(current, day: 2, capabilities: "3003020105")));
        StoredCertificate held = Assert.Single(await test.Store.FindAsync(_encryptToAlice));
        Assert.Equal(current, held.Certificate);
        Assert.Equal("3000", Convert.ToHexString(held.Capabilities.Span));
    }

    [Fact]
    public async Task Learn_SameNewsAgain_IsHeld()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make(usage: Encryption);
        Assert.True(await test.Sink.LearnAsync(News(certificate, day: 3, capabilities: "3000")));
        Assert.True(await test.Sink.LearnAsync(News(certificate, day: 3, capabilities: "3000")));
        Assert.Single(await test.Store.FindAsync(_anything));
    }

    [Fact]
    public async Task Learn_NewerNews_MovesThePreferenceAndKeepsTheOldCertificate()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate first = Make(usage: Encryption, days: 900);
        Certificate second = Make(usage: Encryption, days: 10);
        Assert.True(await test.Sink.LearnAsync(News(first, day: 3, capabilities: "3000")));
        Assert.True(await test.Sink.LearnAsync(News(second, day: 4, capabilities: "3003020105")));
        IReadOnlyList<StoredCertificate> found = await test.Store.FindAsync(_encryptToAlice);
        Assert.Equal([second, first], found.Select(f => f.Certificate));
        Assert.Equal(Epoch.AddDays(4), found[0].PreferredSince);
        Assert.Null(found[1].PreferredSince);
        Assert.True(found[1].Capabilities.IsEmpty);
    }

    [Fact]
    public async Task Learn_InAnotherTimeZone_ComparesInstants()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make(usage: Encryption);
        Assert.True(await test.Sink.LearnAsync(News(certificate, day: 3)));
        DateTimeOffset sameInstant = Epoch.AddDays(3).ToOffset(TimeSpan.FromHours(9));
        Assert.False(await test.Sink.LearnAsync(News(Make(usage: Encryption), day: 3) with { SigningTime = sameInstant }));
        Assert.True(await test.Sink.LearnAsync(News(certificate, day: 3) with { SigningTime = sameInstant.AddSeconds(1) }));
    }

    [Fact]
    public async Task Learn_AgainstAPinnedCertificate_ChangesNothing()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate pinned = Make(usage: Encryption, days: 1);
        await test.Sink.AddAsync(pinned, CertificateProvenance.Pinned);
        Assert.False(await test.Sink.LearnAsync(News(Make(usage: Encryption, days: 900), day: 5)));
        Assert.Equal([pinned], await CertificatesAsync(test, _encryptToAlice));

        // The pinned certificate itself may bring news of its holder's capabilities, and stays pinned.
        Assert.True(await test.Sink.LearnAsync(News(pinned, day: 6, capabilities: "3000")));
        StoredCertificate held = Assert.Single(await test.Store.FindAsync(_encryptToAlice));
        Assert.Equal(CertificateProvenance.Pinned, held.Provenance);
        Assert.Equal("3000", Convert.ToHexString(held.Capabilities.Span));
    }

    [Fact]
    public async Task Learn_BesideAPinnedSigningCertificate_IsKept()
    {
        await using StoreUnderTest test = await CreateAsync();
        await test.Sink.AddAsync(Make(usage: Signing), CertificateProvenance.Pinned);
        Certificate certificate = Make(usage: Encryption);
        Assert.True(await test.Sink.LearnAsync(News(certificate, day: 5)));
        Assert.Equal([certificate], await CertificatesAsync(test, _encryptToAlice));
    }

    [Fact]
    public async Task Learn_ImportedCertificate_StaysImported()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate certificate = Make(usage: Encryption);
        await test.Sink.AddAsync(certificate, CertificateProvenance.Imported);
        Assert.True(await test.Sink.LearnAsync(News(certificate, day: 5)));
        Assert.Equal(CertificateProvenance.Imported, Assert.Single(await test.Store.FindAsync(_encryptToAlice)).Provenance);
    }

    [Theory]
    [InlineData("bob@example.com")]
    [InlineData("")]
    [InlineData("alice@example.com\0")]
    public async Task Learn_ForAnAddressThatTheCertificateDoesNotName_IsRefused(string address)
    {
        await using StoreUnderTest test = await CreateAsync();
        Assert.False(await test.Sink.LearnAsync(News(Make(usage: Encryption), day: 5) with { EmailAddress = address }));
        await AssertNoneAsync(test, _anything);
    }

    [Fact]
    public async Task Learn_ACertificateThatOnlySigns_IsRefused()
    {
        await using StoreUnderTest test = await CreateAsync();
        Assert.False(await test.Sink.LearnAsync(News(Make(usage: Signing), day: 5)));
        await AssertNoneAsync(test, _anything);
    }

    [Fact]
    public async Task Learn_ForOneOfTwoAddresses_PrefersForThatAddressOnly()
    {
        await using StoreUnderTest test = await CreateAsync();
        Certificate shared = Make("alice@example.com alice@example.org", Encryption, days: 1);
        Certificate other = Make("alice@example.com alice@example.org", Encryption, days: 900);
        await test.Sink.AddAsync(other, CertificateProvenance.Imported);
        Assert.True(await test.Sink.LearnAsync(News(shared, day: 5) with { EmailAddress = "ALICE@example.com" }));
        Assert.Equal([shared, other], await CertificatesAsync(test, _encryptToAlice));
        Assert.Equal([other, shared], await CertificatesAsync(test, _encryptToAlice with { EmailAddress = "alice@example.org" }));
    }
}
