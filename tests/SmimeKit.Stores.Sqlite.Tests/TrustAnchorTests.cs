using SmimeKit.Certificates;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Stores.Sqlite.Tests;

public sealed class TrustAnchorTests
{
    [Fact]
    public async Task Anchors_AreAddedListedAndRemovedExplicitly_AndSurviveReopening()
    {
        using var folder = new TemporaryStore();
        Certificate first = Make(subject: "CN=Root 1");
        Certificate second = Make(subject: "CN=Root 2");
        await using (SqliteCertificateStore store = await folder.OpenAsync())
        {
            Assert.True(await store.AddTrustAnchorAsync(first));
            Assert.False(await store.AddTrustAnchorAsync(first));
            Assert.True(await store.AddTrustAnchorAsync(second));
        }

        await using (SqliteCertificateStore store = await folder.OpenAsync())
        {
            Assert.Equal([first, second], await store.ListTrustAnchorsAsync());
            Assert.True(await store.RemoveTrustAnchorAsync(first));
            Assert.False(await store.RemoveTrustAnchorAsync(first));
            Assert.Equal([second], await store.ListTrustAnchorsAsync());
            ITrustAnchors anchors = store;
            Assert.False(await anchors.ContainsAsync(first));
            Assert.True(await anchors.ContainsAsync(second));
            Assert.Empty(await anchors.FindAsync(first.Subject));
        }
    }

    [Fact]
    public async Task Anchors_OfOneName_AreAllFound()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        Certificate old = Make(subject: "CN=Root");
        Certificate renewed = Make(subject: "CN=ROOT ");
        await store.AddTrustAnchorAsync(old);
        await store.AddTrustAnchorAsync(renewed);
        await store.AddTrustAnchorAsync(Make(subject: "CN=Root 2"));
        Assert.Equal([old, renewed], await ((ITrustAnchors)store).FindAsync(Make(subject: "CN=root").Subject));
    }

    [Fact]
    public async Task Certificates_HoweverTheyCome_AreNoAnchors()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync(TemporaryStore.Unlocking());
        Certificate pinned = Make();
        Certificate learned = Make();
        Assert.True(await store.LearnAsync(new EncryptionAnnouncement("alice@example.com", learned, default, Epoch)));
        await store.AddAsync(pinned, CertificateProvenance.Pinned);
        Assert.Empty(await store.ListTrustAnchorsAsync());
        Assert.False(await ((ITrustAnchors)store).ContainsAsync(pinned));
        Assert.Empty(await ((ITrustAnchors)store).FindAsync(pinned.Subject));
    }

    [Fact]
    public async Task Anchors_AndCertificates_ComeAndGoApart()
    {
        using var folder = new TemporaryStore();
        await using SqliteCertificateStore store = await folder.OpenAsync();
        Certificate both = Make();
        var all = new CertificateQuery { Purpose = CertificatePurpose.Any };
        await store.AddTrustAnchorAsync(both);
        Assert.Empty(await store.FindAsync(all));
        await store.AddAsync(both, CertificateProvenance.Imported);
        Assert.True(await store.RemoveAsync(both));
        Assert.Equal([both], await store.ListTrustAnchorsAsync());
        await store.AddAsync(both, CertificateProvenance.Imported);
        Assert.True(await store.RemoveTrustAnchorAsync(both));
        Assert.Single(await store.FindAsync(all));
    }
}
