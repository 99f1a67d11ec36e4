using SmimeKit.Certificates;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>A key-encryption key that lives elsewhere: it answers later, and shows nothing but its name.</summary>
internal sealed class RemoteKeyEncryptionKey(byte[] identifier, byte[] secret) : IKeyEncryptionKey, IDisposable
{
    private readonly KeyEncryptionKey _there = new(identifier, secret);

    public int Calls { get; private set; }

    public ReadOnlyMemory<byte> Identifier => _there.Identifier;

    public DateTimeOffset? Date => null;

    public AlgorithmIdentifier Algorithm => _there.Algorithm;

    public async ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        await Travel(cancellationToken);
        return await _there.WrapAsync(key, cancellationToken);
    }

    public async ValueTask<byte[]?> UnwrapAsync(
        AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> wrappedKey, CancellationToken cancellationToken = default)
    {
        await Travel(cancellationToken);
        return await _there.UnwrapAsync(algorithm, wrappedKey, cancellationToken);
    }

    public void Dispose() => _there.Dispose();

    private async Task Travel(CancellationToken cancellationToken)
    {
        Calls++;
        await Task.Delay(1, cancellationToken);
    }
}
