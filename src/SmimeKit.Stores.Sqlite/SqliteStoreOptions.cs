using System.Text;

namespace SmimeKit.Stores.Sqlite;

/// <summary>How a <see cref="SqliteCertificateStore"/> opens.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>Gets what the store may do to its file.</summary>
    public SqliteStoreAccess Access { get; init; }

    /// <summary>
    /// Gets the passphrase of the private keys, or null to open the store locked. Its characters are used exactly as they are, without
    /// normalisation. The first passphrase that a store is opened with for writing becomes its passphrase. The memory stays the
    /// caller's, who may wipe it once the store is open.
    /// </summary>
    public ReadOnlyMemory<char>? Passphrase { get; init; }

    /// <summary>Gets what deriving a key from a new passphrase costs. Existing passphrases keep the cost they were set with.</summary>
    public KeyDerivationCost KeyDerivation { get; init; } = KeyDerivationCost.Default;

    /// <summary>
    /// Gets how long an operation waits for other processes, in steps of one second, before it fails with the code <c>store-busy</c>.
    /// </summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the clock that dates new entries.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    // The passphrase must not reach a log by way of ToString.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Access = ").Append(Access)
            .Append(", Passphrase = ").Append(Passphrase is null ? "none" : "(hidden)")
            .Append(", KeyDerivation = ").Append(KeyDerivation)
            .Append(", BusyTimeout = ").Append(BusyTimeout);
        return true;
    }
}
