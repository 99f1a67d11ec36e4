using SmimeKit.Certificates;

namespace SmimeKit.Stores.Sqlite.Protection;

/// <summary>A signing key of the store with the chain that the store holds now: certificates may come after the key was opened.</summary>
internal sealed class StoredSigningKey(SigningKey key, IReadOnlyList<Certificate> chain) : ISigningKey
{
    public Certificate Certificate => key.Certificate;

    public IReadOnlyList<Certificate> Chain => chain;

    public ValueTask<byte[]> SignAsync(
        SignatureAlgorithm algorithm, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default) =>
        key.SignAsync(algorithm, input, cancellationToken);
}
