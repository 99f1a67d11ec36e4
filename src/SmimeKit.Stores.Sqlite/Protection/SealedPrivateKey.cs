using SmimeKit.Certificates;

namespace SmimeKit.Stores.Sqlite.Protection;

/// <summary>A private key as it lies in the file, with its certificate. Its random nonce makes every sealing another value.</summary>
internal sealed class SealedPrivateKey(Certificate certificate, byte[] sealedKey, IReadOnlyList<Certificate> chain)
    : IEquatable<SealedPrivateKey>
{
    internal Certificate Certificate => certificate;

    internal byte[] Sealed => sealedKey;

    /// <summary>The issuers that the store holds.</summary>
    internal IReadOnlyList<Certificate> Chain => chain;

    public bool Equals(SealedPrivateKey? other) =>
        other is not null && certificate.Equals(other.Certificate) && sealedKey.AsSpan().SequenceEqual(other.Sealed);

    public override bool Equals(object? obj) => Equals(obj as SealedPrivateKey);

    public override int GetHashCode() => certificate.GetHashCode();
}
