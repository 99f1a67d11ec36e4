using SmimeKit.Certificates;

namespace SmimeKit.Samples;

/// <summary>A signing key in another process, in hardware, or in a service: the library sends it digests (or, for Ed25519 and its like, what is signed) and gets signatures.</summary>
public sealed class RemoteKeySample(
    Certificate certificate,
    IReadOnlyList<Certificate> chain,
    Func<string, ReadOnlyMemory<byte>, CancellationToken, Task<byte[]>> sign) : ISigningKey
{
    public Certificate Certificate => certificate;

    public IReadOnlyList<Certificate> Chain => chain;

    public async ValueTask<byte[]> SignAsync(
        SignatureAlgorithm algorithm, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default) =>
        await sign(algorithm.Identifier.Oid, input, cancellationToken);
}
