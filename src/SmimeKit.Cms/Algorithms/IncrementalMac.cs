using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;

namespace SmimeKit.Cms.Algorithms;

/// <summary>A message authentication code of data that comes in parts, under one key.</summary>
internal abstract class IncrementalMac : IDisposable
{
    internal abstract void Append(ReadOnlySpan<byte> data);

    /// <summary>Ends the computation.</summary>
    /// <returns>The code, as long as the algorithm and its parameters say.</returns>
    internal abstract byte[] Finish();

    public abstract void Dispose();

    /// <summary>Computed by the base library.</summary>
    internal sealed class Native(IncrementalHash hash) : IncrementalMac
    {
        internal override void Append(ReadOnlySpan<byte> data) => hash.AppendData(data);

        internal override byte[] Finish() => hash.GetHashAndReset();

        public override void Dispose() => hash.Dispose();
    }

    /// <summary>Computed by Bouncy Castle, which has been given the key.</summary>
    internal sealed class Managed(IMac mac) : IncrementalMac
    {
        internal override void Append(ReadOnlySpan<byte> data) => mac.BlockUpdate(data);

        internal override byte[] Finish()
        {
            byte[] code = new byte[mac.GetMacSize()];
            mac.DoFinal(code, 0);
            return code;
        }

        public override void Dispose() => mac.Reset();
    }
}
