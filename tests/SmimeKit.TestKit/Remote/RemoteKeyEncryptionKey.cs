using SmimeKit.Certificates;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.TestKit.Remote;

/// <summary>A symmetric key in another process.</summary>
public sealed class RemoteKeyEncryptionKey : IKeyEncryptionKey
{
    private readonly KeyProcess _process;
    private readonly string _handle;

    internal RemoteKeyEncryptionKey(KeyProcess process, string handle, ReadOnlyMemory<byte> identifier, AlgorithmIdentifier algorithm)
    {
        (_process, _handle, Identifier, Algorithm) = (process, handle, identifier, algorithm);
    }

    public ReadOnlyMemory<byte> Identifier { get; }

    public DateTimeOffset? Date => null;

    public AlgorithmIdentifier Algorithm { get; }

    public async ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default) =>
        KeyProcess.Decode(await _process.AskAsync("wrap", _handle, KeyProcess.Encode(key)));

    public async ValueTask<byte[]?> UnwrapAsync(
        AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> wrappedKey, CancellationToken cancellationToken = default)
    {
        string answer = await _process.AskAsync("unwrap", _handle, KeyProcess.Encode(algorithm.Encode()), KeyProcess.Encode(wrappedKey));
        return answer == KeyProcess.Nothing ? null : KeyProcess.Decode(answer);
    }
}
