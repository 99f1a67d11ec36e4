using SmimeKit.Certificates;
using SmimeKit.Cms.Recipients;
using SmimeKit.Stores.Sqlite;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Evidence;

/// <summary>Everything that a command judges with and works with: anchors, certificates, keys, store, policy, limits, time.</summary>
internal sealed class Workspace : IAsyncDisposable
{
    private readonly EvidenceChoice _choice;
    private readonly ToolHost _host;
    private readonly List<KeyFile> _keyFiles = [];
    private readonly List<ITrustAnchors> _anchors = [];
    private readonly SharedSecrets _secrets;

    private Workspace(EvidenceChoice choice, ToolHost host)
    {
        _choice = choice;
        _host = host;
        Limits = LimitChoice.Parse(choice.Limits);
        _secrets = new SharedSecrets(choice);
        Anchors = new AllAnchors(_anchors);
    }

    internal LimitChoice Limits { get; }

    internal PolicyChoice Policy { get; private set; } = null!;

    internal ITrustAnchors Anchors { get; }

    /// <summary>Gets whether anybody at all can be trusted.</summary>
    internal bool HasAnchors => _anchors.Count > 0;

    internal IReadOnlyList<Certificate> ExtraCertificates { get; private set; } = [];

    internal IReadOnlyList<string> Passwords { get; private set; } = [];

    internal SqliteCertificateStore? Store { get; private set; }

    internal IReadOnlyList<KeyFile> KeyFiles => _keyFiles;

    internal DateTimeOffset? At => _choice.At;

    internal DateTimeOffset Now => _choice.At ?? _host.Time.GetUtcNow();

    internal TimeProvider Time => _host.Time;

    internal bool RequiresRevocation => _choice.RequiresRevocation;

    /// <summary>Gets the handles of all keys of the key files.</summary>
    internal IReadOnlyList<IDecryptionKey> DecryptionKeys => [.. _keyFiles.SelectMany(f => f.DecryptionKeys)];

    /// <summary>Gets the certificate stores: the store, and the certificates of the command line.</summary>
    internal IReadOnlyList<ICertificateStore> Stores { get; private set; } = [];

    /// <summary>Gets the stores with keys. A store that is locked counts only where no key file was given: then its answer is that it is locked.</summary>
    internal IReadOnlyList<IPrivateKeyStore> KeyStores => Store is { } store && (store.IsUnlocked || _keyFiles.Count == 0) ? [store] : [];

    internal static async Task<Workspace> OpenAsync(
        EvidenceChoice choice, ToolHost host, CancellationToken cancellationToken, bool writesStore = false)
    {
        var workspace = new Workspace(choice, host);
        try
        {
            await workspace.LoadAsync(writesStore, cancellationToken).ConfigureAwait(false);
            return workspace;
        }
        catch
        {
            await workspace.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gets what to open messages with.</summary>
    internal SmimeOpenOptions ToOpenOptions() => new()
    {
        Anchors = Anchors,
        Stores = Stores,
        ExtraCertificates = ExtraCertificates,
        DecryptionKeys = DecryptionKeys,
        KeyEncryptionKeys = _secrets.Keys,
        Passwords = _secrets.Passwords,
        KeyStores = KeyStores,
        At = At,
        TimeProvider = Time,
        Policy = Policy.Messages,
        CertificatePolicy = Policy.Certificates,
        Limits = Limits.Mail,
        CmsLimits = Limits.Cms,
        PathLimits = Limits.Paths,
        AcceptsUncheckedRevocation = !_choice.RequiresRevocation,
    };

    /// <summary>Gets what to recover the key of a message with.</summary>
    internal RecipientKeys ToRecipientKeys() => new()
    {
        PrivateKeys = DecryptionKeys,
        KeyEncryptionKeys = _secrets.Keys,
        Passwords = _secrets.Passwords,
    };

    /// <summary>Gets what to protect messages with.</summary>
    internal SmimeProtectOptions ToProtectOptions() => new()
    {
        KeyStores = KeyStores,
        Stores = Stores,
        Anchors = Anchors,
        Policy = Policy.Messages,
        CertificatePolicy = Policy.Certificates,
        CmsLimits = Limits.Cms,
        PathLimits = Limits.Paths,
        At = At,
        TimeProvider = Time,
    };

    public async ValueTask DisposeAsync()
    {
        _keyFiles.ForEach(f => f.Dispose());
        _secrets.Dispose();
        if (Store is not null)
        {
            await Store.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task LoadAsync(bool writesStore, CancellationToken cancellationToken)
    {
        Policy = await PolicyChoice.ReadAsync(_choice.Policy, cancellationToken).ConfigureAwait(false);
        Passwords = await Evidence.Passwords.ReadAsync(_choice, cancellationToken).ConfigureAwait(false);
        ExtraCertificates = await ReadCertificatesAsync(_choice.Certificates, cancellationToken).ConfigureAwait(false);
        _keyFiles.AddRange(await Evidence.KeyFiles.ReadAsync(
            _choice.Keys, Passwords, ExtraCertificates, Limits.Files, cancellationToken).ConfigureAwait(false));
        Store = await UserStore.OpenAsync(_choice, Passwords, _host, writesStore, cancellationToken).ConfigureAwait(false);
        var given = new MemoryCertificateStore(ExtraCertificates.Concat(_keyFiles.SelectMany(f => f.Certificates)));
        Stores = Store is null ? [given] : [given, Store];
        await LoadAnchorsAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task LoadAnchorsAsync(CancellationToken cancellationToken)
    {
        if (_choice.Trust.Count > 0)
        {
            _anchors.Add(TrustAnchors.FromCertificates(await ReadCertificatesAsync(_choice.Trust, cancellationToken).ConfigureAwait(false)));
        }
        else if (Store is not null)
        {
            _anchors.Add(Store);
        }

        if (_choice.SystemTrust)
        {
            _anchors.Add(TrustAnchors.System());
        }
    }

    // Folders and files are read as trust anchors are; only the trust is missing.
    private async Task<IReadOnlyList<Certificate>> ReadCertificatesAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var certificates = new List<Certificate>();
        foreach (string path in paths)
        {
            certificates.AddRange(await CertificateInput.NamingAsync(
                path, async () => (await TrustAnchors.FromFilesAsync([path], Limits.Files, cancellationToken).ConfigureAwait(false)).Certificates).ConfigureAwait(false));
        }

        return certificates;
    }
}
