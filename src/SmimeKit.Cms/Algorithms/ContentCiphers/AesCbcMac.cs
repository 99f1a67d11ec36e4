using System.Security.Cryptography;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>The CBC-MAC of CCM, RFC 3610 §2.2: the last block of AES in CBC mode, which the base library computes.</summary>
internal sealed class AesCbcMac : IDisposable
{
    private const int BlockSize = 16;

    private readonly Aes _aes;
    private readonly ICryptoTransform _cbc;
    private readonly byte[] _waiting = new byte[BlockSize];
    private byte[] _scratch = new byte[BlockSize];
    private int _waitingCount;

    internal AesCbcMac(byte[] key)
    {
        _aes = Aes.Create();
        _aes.SetKey(key);
        _aes.Mode = CipherMode.CBC;
        _aes.Padding = PaddingMode.None;
        _aes.IV = new byte[BlockSize]; // the first block is unique, so the vector need not be
        _cbc = _aes.CreateEncryptor();
    }

    /// <summary>Gets the MAC of all whole blocks so far. Secret before it is masked.</summary>
    internal byte[] State { get; } = new byte[BlockSize];

    /// <summary>Adds data.</summary>
    internal void Append(ArraySegment<byte> data)
    {
        if (_waitingCount > 0)
        {
            int count = Math.Min(BlockSize - _waitingCount, data.Count);
            data[..count].AsSpan().CopyTo(_waiting.AsSpan(_waitingCount));
            _waitingCount += count;
            data = data[count..];
            if (_waitingCount < BlockSize)
            {
                return;
            }

            _waitingCount = 0;
            AppendBlocks(_waiting);
        }

        int whole = data.Count - (data.Count % BlockSize);
        AppendBlocks(data[..whole]);
        _waitingCount = data.Count - whole;
        data[whole..].AsSpan().CopyTo(_waiting);
    }

    /// <summary>Fills the last block with zeros.</summary>
    internal void Pad()
    {
        if (_waitingCount > 0)
        {
            _waiting.AsSpan(_waitingCount).Clear();
            _waitingCount = 0;
            AppendBlocks(_waiting);
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(State);
        CryptographicOperations.ZeroMemory(_waiting);
        CryptographicOperations.ZeroMemory(_scratch);
        _cbc.Dispose();
        _aes.Dispose();
    }

    private void AppendBlocks(ArraySegment<byte> blocks)
    {
        if (blocks.Count == 0)
        {
            return;
        }

        if (_scratch.Length < blocks.Count)
        {
            CryptographicOperations.ZeroMemory(_scratch);
            _scratch = new byte[blocks.Count];
        }

        _cbc.TransformBlock(blocks.Array!, blocks.Offset, blocks.Count, _scratch, 0);
        _scratch.AsSpan(blocks.Count - BlockSize, BlockSize).CopyTo(State);
    }
}
