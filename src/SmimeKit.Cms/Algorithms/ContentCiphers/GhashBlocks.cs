using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>Where GHASH takes its blocks from: one at a time or four, each once.</summary>
internal interface IGhashBlocks
{
    /// <summary>Takes one block.</summary>
    Vector128<byte> Take(int block);

    /// <summary>Takes the four blocks of a vector.</summary>
    Vector512<byte> TakeWide(int vector);
}

/// <summary>Blocks that lie ready.</summary>
internal readonly ref struct PlainBlocks(ReadOnlySpan<byte> data) : IGhashBlocks
{
    private readonly ReadOnlySpan<byte> _data = data;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> Take(int block) => MemoryMarshal.Cast<byte, Vector128<byte>>(_data)[block];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<byte> TakeWide(int vector) => MemoryMarshal.Cast<byte, Vector512<byte>>(_data)[vector];
}

/// <summary>Blocks that are combined with a key stream when they are taken.</summary>
internal readonly ref struct XoredBlocks(ReadOnlySpan<byte> input, ReadOnlySpan<byte> stream, Span<byte> output, bool hashesOutput) : IGhashBlocks
{
    private readonly ReadOnlySpan<byte> _input = input;
    private readonly ReadOnlySpan<byte> _stream = stream;
    private readonly Span<byte> _output = output;
    private readonly bool _hashesOutput = hashesOutput;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<byte> Take(int block)
    {
        Vector128<byte> read = MemoryMarshal.Cast<byte, Vector128<byte>>(_input)[block];
        Vector128<byte> written = read ^ MemoryMarshal.Cast<byte, Vector128<byte>>(_stream)[block];
        MemoryMarshal.Cast<byte, Vector128<byte>>(_output)[block] = written;
        return _hashesOutput ? written : read;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<byte> TakeWide(int vector)
    {
        Vector512<byte> read = MemoryMarshal.Cast<byte, Vector512<byte>>(_input)[vector];
        Vector512<byte> written = read ^ MemoryMarshal.Cast<byte, Vector512<byte>>(_stream)[vector];
        MemoryMarshal.Cast<byte, Vector512<byte>>(_output)[vector] = written;
        return _hashesOutput ? written : read;
    }
}
