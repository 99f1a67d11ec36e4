using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>A block cipher of Bouncy Castle in CBC mode without padding, in the shape of the base library's.</summary>
internal sealed class BouncyCastleCbcTransform : ICryptoTransform
{
    private readonly CbcBlockCipher _cipher;

    internal BouncyCastleCbcTransform(IBlockCipher engine, ICipherParameters key, byte[] iv, bool encrypt)
    {
        _cipher = new CbcBlockCipher(engine);
        _cipher.Init(encrypt, new ParametersWithIV(key, iv));
    }

    public bool CanReuseTransform => false;

    public bool CanTransformMultipleBlocks => true;

    public int InputBlockSize => _cipher.GetBlockSize();

    public int OutputBlockSize => _cipher.GetBlockSize();

    public int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)
    {
        for (int at = 0; at < inputCount; at += InputBlockSize)
        {
            _cipher.ProcessBlock(inputBuffer, inputOffset + at, outputBuffer, outputOffset + at);
        }

        return inputCount;
    }

    public byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)
    {
        byte[] output = new byte[inputCount];
        TransformBlock(inputBuffer, inputOffset, inputCount, output, 0);
        return output;
    }

    public void Dispose()
    {
    }
}
