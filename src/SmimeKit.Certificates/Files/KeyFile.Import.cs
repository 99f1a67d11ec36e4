namespace SmimeKit.Certificates;

/// <content>From a file into a store, without handles in between.</content>
public sealed partial class KeyFile
{
    /// <summary>Moves the private keys of a key file into a store, each with the certificates that hold its public half.</summary>
    /// <param name="data">The content; not kept: the caller wipes it.</param>
    /// <param name="password">The password, or null for none.</param>
    /// <param name="sink">The store. Certificates without a key in the file are not added to it.</param>
    /// <param name="certificates">Certificates from elsewhere to pair keys with; or null.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation; the keys before it are stored.</param>
    /// <returns>The certificates whose keys were stored; empty when the file has none that can be used.</returns>
    /// <inheritdoc cref="Decode" path="/exception"/>
    public static async Task<IReadOnlyList<Certificate>> ImportAsync(
        ReadOnlyMemory<byte> data,
        string? password,
        IPrivateKeySink sink,
        IEnumerable<Certificate>? certificates = null,
        KeyFileOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        using KeyFileContents contents = ReadContents(data, password, options ?? KeyFileOptions.Default);
        ILookup<ReadOnlyMemory<byte>, Certificate> byKey = contents.Certificates.Concat(certificates ?? []).Distinct().ToLookup(
            c => (ReadOnlyMemory<byte>)PublicKeyMatch.Normalize(c.PublicKey), OctetComparer.Instance);
        var imported = new List<Certificate>();
        foreach ((byte[] publicKey, PrivateKeyMaterial key) in contents.TakeUsableKeys())
        {
            foreach (Certificate certificate in byKey[publicKey])
            {
                await key.ImportIntoAsync(sink, certificate, cancellationToken).ConfigureAwait(false);
                imported.Add(certificate);
            }
        }

        return imported;
    }
}
