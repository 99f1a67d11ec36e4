using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Asn1;

/// <summary>A tokenizer in synchronous mode, with the calls of the tests spelled short.</summary>
internal sealed class Tokens(Stream input, int maxDepth = 64) : IDisposable
{
    internal const string Field = "field";
    internal const string Limit = "MaxLeaf";

    internal BerTokenizer Ber { get; } = new(new ByteSource(input) { Synchronous = true }, maxDepth);

    internal static Tokens Of(string hex, int chunk = int.MaxValue) =>
        new(DribblingStream.InChunks(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), chunk));

    internal BerHeader? Peek() => Ber.PeekAsync(Field, CancellationToken.None).Finish();

    internal void Enter(byte identifier = 0x30) => Ber.EnterAsync(identifier, Field, CancellationToken.None).Finish();

    internal bool TryEnter(byte identifier) => Ber.TryEnterAsync(identifier, Field, CancellationToken.None).Finish();

    internal void Leave() => Ber.LeaveAsync(Field, CancellationToken.None).Finish();

    internal void EnsureEnd() => Ber.EnsureEndOfInputAsync(CancellationToken.None).Finish();

    internal byte[] Leaf(int limit = 1 << 20) => Ber.ReadLeafAsync(Field, limit, Limit, CancellationToken.None).Finish();

    internal void BeginString(byte identifier = 0x04) => Ber.BeginOctetStringAsync(identifier, Field, CancellationToken.None).Finish();

    internal void BeginContents() => Ber.BeginContentsAsync(Field, CancellationToken.None).Finish();

    internal int Octets(Memory<byte> destination) => Ber.ReadOctetsAsync(destination, Field, CancellationToken.None).Finish();

    internal byte[] String(byte identifier = 0x04, int bufferSize = 4096)
    {
        BeginString(identifier);
        using var octets = new MemoryStream();
        byte[] buffer = new byte[bufferSize];
        int count;
        while ((count = Octets(buffer)) > 0)
        {
            octets.Write(buffer, 0, count);
        }

        return octets.ToArray();
    }

    public void Dispose() => Ber.Dispose();
}
