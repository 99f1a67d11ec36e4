using SmimeKit.TestKit.Stores;

namespace SmimeKit.Certificates.Tests.Stores;

public sealed class MemoryCertificateStoreTests : CertificateStoreContract
{
    protected override ValueTask<StoreUnderTest> CreateAsync() => ValueTask.FromResult<StoreUnderTest>(new InMemory());

    private sealed class InMemory : StoreUnderTest
    {
        private readonly MemoryCertificateStore _store = new();

        public override ICertificateStore Store => _store;

        public override ICertificateSink Sink => _store;
    }
}
