using SmimeKit.Certificates;
using SmimeKit.TestKit.Stores;

namespace SmimeKit.Stores.Sqlite.Tests;

public sealed class SqliteContractTests : CertificateStoreContract
{
    protected override async ValueTask<StoreUnderTest> CreateAsync()
    {
        var folder = new TemporaryStore();
        return new OnDisk(folder, await folder.OpenAsync());
    }

    private sealed class OnDisk(TemporaryStore folder, SqliteCertificateStore store) : StoreUnderTest
    {
        private SqliteCertificateStore _store = store;

        public override ICertificateStore Store => _store;

        public override ICertificateSink Sink => _store;

        public override async ValueTask<bool> ReopenAsync()
        {
            await _store.DisposeAsync();
            _store = await folder.OpenAsync();
            return true;
        }

        public override async ValueTask DisposeAsync()
        {
            await _store.DisposeAsync();
            folder.Dispose();
            await base.DisposeAsync();
        }
    }
}
