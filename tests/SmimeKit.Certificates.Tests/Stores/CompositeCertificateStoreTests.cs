using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates.Tests.Keys;
using SmimeKit.TestKit.Stores;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Certificates.Tests.Stores;

public sealed class CompositeCertificateStoreTests : CertificateStoreContract
{
    private static readonly CertificateQuery _anything = new() { Purpose = CertificatePurpose.Any };

    protected override ValueTask<StoreUnderTest> CreateAsync() => ValueTask.FromResult<StoreUnderTest>(new Composed());

    [Fact]
    public async Task Find_MergesAnswersOfOneCertificateIntoTheStrongest()
    {
        Certificate shared = Make(usage: X509KeyUsageFlags.KeyAgreement);
        Certificate longer = Make(usage: X509KeyUsageFlags.KeyAgreement, days: 999);
        var first = new MemoryCertificateStore([shared, longer]);
        var second = new MemoryCertificateStore();
        second.Add(shared, CertificateProvenance.Pinned);
        IReadOnlyList<StoredCertificate> found = await new CompositeCertificateStore([first, second]).FindAsync(_anything);
        Assert.Equal([shared, longer], found.Select(f => f.Certificate));
        Assert.Equal(CertificateProvenance.Pinned, found[0].Provenance);
    }

    [Fact]
    public async Task Learn_AgainstAPinInAnotherStore_IsRefused()
    {
        var pins = new MemoryCertificateStore();
        var sink = new MemoryCertificateStore();
        pins.Add(Make(usage: X509KeyUsageFlags.KeyAgreement), CertificateProvenance.Pinned);
        var composite = new CompositeCertificateStore([sink, pins], sink);
        var news = new EncryptionAnnouncement("alice@example.com", Make(usage: X509KeyUsageFlags.KeyAgreement), default, Epoch);
        Assert.False(await composite.LearnAsync(news));
        Assert.Equal(0, sink.Count);
    }

    [Fact]
    public async Task Add_WithoutSink_IsRefused()
    {
        var composite = new CompositeCertificateStore([new MemoryCertificateStore()]);
        StoreException error = await Assert.ThrowsAsync<StoreException>(
            async () => await composite.AddAsync(Make(), CertificateProvenance.Imported));
        Assert.Equal("store-read-only", error.Code);
        await Assert.ThrowsAsync<StoreException>(
            async () => await composite.LearnAsync(new EncryptionAnnouncement("alice@example.com", Make(), default, Epoch)));
    }

    [Fact]
    public async Task Find_WhenOneStoreFails_Fails()
    {
        var composite = new CompositeCertificateStore([new MemoryCertificateStore([Make()]), new Unreachable()]);
        await Assert.ThrowsAsync<StoreException>(async () => await composite.FindAsync(_anything));
    }

    [Fact]
    public async Task FindKeys_RanksKeysOfAllStoresByTheirCertificates()
    {
        using ECDiffieHellman key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using ECDiffieHellman pinnedKey = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var plain = DecryptionKey.Create(KeyCertificates.For(key), key);
        var pinned = DecryptionKey.Create(KeyCertificates.For(pinnedKey), pinnedKey);
        var first = new MemoryCertificateStore();
        var second = new MemoryCertificateStore();
        first.AddKey(plain);
        second.AddKey(pinned);
        second.AddKey(SigningKey.Create(KeyCertificates.For(signing), signing));
        var pins = new MemoryCertificateStore();
        pins.Add(pinned.Certificate, CertificateProvenance.Pinned);
        var composite = new CompositeCertificateStore([first, second, pins]);
        Assert.Equal([pinned, plain], await composite.FindDecryptionKeysAsync(_anything));
        Assert.Equal([pinned], await composite.FindDecryptionKeysAsync(_anything with { Limit = 1 }));
        Assert.Equal([plain], await composite.FindDecryptionKeysAsync(_anything with { Sha256 = plain.Certificate.Sha256 }));
        Assert.Single(await composite.FindSigningKeysAsync(_anything));
    }

    private sealed class Composed : StoreUnderTest
    {
        private readonly CompositeCertificateStore _store;

        internal Composed()
        {
            var sink = new MemoryCertificateStore();
            _store = new CompositeCertificateStore([new MemoryCertificateStore(), sink], sink);
        }

        public override ICertificateStore Store => _store;

        public override ICertificateSink Sink => _store;
    }

    private sealed class Unreachable : ICertificateStore
    {
        public ValueTask<IReadOnlyList<StoredCertificate>> FindAsync(CertificateQuery query, CancellationToken cancellationToken = default) =>
            throw new StoreException("store-unreadable", "gone");
    }
}
