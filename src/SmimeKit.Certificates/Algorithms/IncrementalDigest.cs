using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Utilities;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A digest of data that comes in parts. The base library computes it where it can, Bouncy Castle the others.</summary>
public abstract class IncrementalDigest : IDisposable
{
    private protected IncrementalDigest(DigestAlgorithm algorithm) => Algorithm = algorithm;

    /// <summary>Gets the digest.</summary>
    public DigestAlgorithm Algorithm { get; }

    /// <summary>Adds data.</summary>
    /// <param name="data">The next bytes.</param>
    public abstract void Append(ReadOnlySpan<byte> data);

    /// <summary>Gets the digest of what was added so far. More may be added afterwards.</summary>
    /// <returns>A new array.</returns>
    public abstract byte[] GetDigest();

    /// <summary>Copies the computation: what was added so far counts in both.</summary>
    /// <returns>The copy, which the caller disposes.</returns>
    public abstract IncrementalDigest Clone();

    /// <summary>Releases the computation.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the computation.</summary>
    /// <param name="disposing">True: not from a finalizer.</param>
    protected abstract void Dispose(bool disposing);

    internal static IncrementalDigest Create(DigestAlgorithm algorithm) => algorithm switch
    {
        { IsNative: true } => new Native(algorithm, IncrementalHash.CreateHash(algorithm.HashName)),
        { Oid: Oids.Shake128 } when System.Security.Cryptography.Shake128.IsSupported =>
            new NativeShake128(algorithm, new Shake128()),
        { Oid: Oids.Shake256 or Oids.Shake256Len } when System.Security.Cryptography.Shake256.IsSupported =>
            new NativeShake256(algorithm, new Shake256()),
        _ => CreateManaged(algorithm),
    };

    /// <summary>The digest by Bouncy Castle.</summary>
    internal static IncrementalDigest CreateManaged(DigestAlgorithm algorithm) => new Managed(algorithm, BouncyCastleDigests.Create(algorithm));

    private sealed class Native(DigestAlgorithm algorithm, IncrementalHash hash) : IncrementalDigest(algorithm)
    {
        public override void Append(ReadOnlySpan<byte> data) => hash.AppendData(data);

        public override byte[] GetDigest() => hash.GetCurrentHash();

        public override IncrementalDigest Clone() => new Native(Algorithm, hash.Clone());

        protected override void Dispose(bool disposing) => hash.Dispose();
    }

    private sealed class NativeShake128(DigestAlgorithm algorithm, Shake128 hash) : IncrementalDigest(algorithm)
    {
        public override void Append(ReadOnlySpan<byte> data) => hash.AppendData(data);

        public override byte[] GetDigest() => hash.GetCurrentHash(Algorithm.Size);

        public override IncrementalDigest Clone() => new NativeShake128(Algorithm, hash.Clone());

        protected override void Dispose(bool disposing) => hash.Dispose();
    }

    private sealed class NativeShake256(DigestAlgorithm algorithm, Shake256 hash) : IncrementalDigest(algorithm)
    {
        public override void Append(ReadOnlySpan<byte> data) => hash.AppendData(data);

        public override byte[] GetDigest() => hash.GetCurrentHash(Algorithm.Size);

        public override IncrementalDigest Clone() => new NativeShake256(Algorithm, hash.Clone());

        protected override void Dispose(bool disposing) => hash.Dispose();
    }

    private sealed class Managed(DigestAlgorithm algorithm, IDigest digest) : IncrementalDigest(algorithm)
    {
        public override void Append(ReadOnlySpan<byte> data) => digest.BlockUpdate(data);

        public override byte[] GetDigest()
        {
            byte[] value = new byte[Algorithm.Size];
            Copy().DoFinal(value, 0);
            return value;
        }

        public override IncrementalDigest Clone() => new Managed(Algorithm, Copy());

        protected override void Dispose(bool disposing) => digest.Reset();

        private IDigest Copy() => (IDigest)((IMemoable)digest).Copy();
    }
}
