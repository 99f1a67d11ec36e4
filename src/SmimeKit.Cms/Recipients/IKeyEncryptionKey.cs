using SmimeKit.Certificates;

namespace SmimeKit.Cms.Recipients;

/// <summary>A symmetric key-encryption key that both sides have since before, wherever it lives. Never exported.</summary>
/// <remarks>
/// Implementations are safe for concurrent calls. A wrong wrapped key is an expected event and never an exception: anything that tells
/// failures apart is an oracle. Exceptions are for unreachable devices and unsupported algorithms.
/// </remarks>
public interface IKeyEncryptionKey
{
    /// <summary>Gets the octets by which messages name the key; empty to try it with every entry of its kind, and then only for reading.</summary>
    ReadOnlyMemory<byte> Identifier { get; }

    /// <summary>Gets the date that chooses among keys with one identifier; null when there is none.</summary>
    DateTimeOffset? Date { get; }

    /// <summary>Gets the key-wrap algorithm that new messages name.</summary>
    AlgorithmIdentifier Algorithm { get; }

    /// <summary>Wraps a key by <see cref="Algorithm"/>.</summary>
    /// <param name="key">The key to wrap.</param>
    /// <param name="cancellationToken">Ends a remote operation.</param>
    /// <returns>The wrapped key.</returns>
    ValueTask<byte[]> WrapAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default);

    /// <summary>Unwraps a key.</summary>
    /// <param name="algorithm">The key-wrap algorithm that the message names; policy has accepted it.</param>
    /// <param name="wrappedKey">The wrapped key.</param>
    /// <param name="cancellationToken">Ends a remote operation.</param>
    /// <returns>The key, which the caller wipes; null when the integrity check of the wrap fails.</returns>
    /// <exception cref="UnsupportedAlgorithmException">This key is not for that algorithm.</exception>
    ValueTask<byte[]?> UnwrapAsync(AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> wrappedKey, CancellationToken cancellationToken = default);
}
