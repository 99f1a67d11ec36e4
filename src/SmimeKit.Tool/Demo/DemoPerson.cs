using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite;

namespace SmimeKit.Tool.Demo;

/// <summary>One person of the story: an address and a store of its own, with two keys under a passphrase.</summary>
internal sealed class DemoPerson : IAsyncDisposable
{
    private readonly TimeProvider _time;

    private DemoPerson(string name, string address, Certificate signing, Certificate encryption, SqliteCertificateStore store, TimeProvider time)
    {
        Name = name;
        Address = address;
        SigningCertificate = signing;
        EncryptionCertificate = encryption;
        Store = store;
        _time = time;
    }

    internal string Name { get; }

    internal string Address { get; }

    internal Certificate SigningCertificate { get; }

    internal Certificate EncryptionCertificate { get; }

    internal SqliteCertificateStore Store { get; }

    /// <summary>Issues the person's certificates, and puts them, their keys and the root into a new store.</summary>
    internal static async Task<DemoPerson> CreateAsync(
        string name, string address, CertificateKeyKind kind, DemoAuthority authority, string storePath, TimeProvider time, CancellationToken cancellationToken)
    {
        using IssuedIdentity identity = await authority.IssueAsync(name, address, kind, cancellationToken).ConfigureAwait(false);
        SqliteCertificateStore store = await SqliteCertificateStore.OpenAsync(
            storePath,
            new SqliteStoreOptions { Passphrase = $"{name}'s passphrase".AsMemory(), TimeProvider = time },
            cancellationToken).ConfigureAwait(false);
        try
        {
            await store.AddTrustAnchorAsync(authority.Root, cancellationToken).ConfigureAwait(false);
            await store.AddAsync(authority.Intermediate, CertificateProvenance.Imported, cancellationToken).ConfigureAwait(false);
            await identity.Signing.StoreAsync(store, cancellationToken).ConfigureAwait(false);
            await identity.Encryption.StoreAsync(store, cancellationToken).ConfigureAwait(false);
            return new DemoPerson(name, address, identity.Signing.Certificate, identity.Encryption.Certificate, store, time);
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gets what protects this person's mail: everything comes from the store.</summary>
    internal SmimeProtector Protector => new(new SmimeProtectOptions
    {
        KeyStores = [Store],
        Stores = [Store],
        Anchors = Store,
        TimeProvider = _time,
    });

    /// <summary>Gets what opens this person's mail, and learns from it.</summary>
    internal SmimeOpener Opener => new(new SmimeOpenOptions
    {
        Anchors = Store,
        Stores = [Store],
        KeyStores = [Store],
        LearnInto = Store,
        ComputesContentDigest = true,
        TimeProvider = _time,
    });

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
