using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A digest as PKCS #12 uses it: with the size of its block, and of rarer kinds than signatures have.</summary>
internal sealed class Pkcs12Digest
{
    private readonly HashAlgorithmName? _name;
    private readonly Func<IDigest>? _create;

    private Pkcs12Digest(int size, int blockSize, HashAlgorithmName? name, Func<IDigest>? create = null)
    {
        Size = size;
        BlockSize = blockSize;
        _name = name;
        _create = create;
    }

    internal static Pkcs12Digest Sha1 { get; } = new(20, 64, HashAlgorithmName.SHA1);

    internal static Pkcs12Digest Sha256 { get; } = new(32, 64, HashAlgorithmName.SHA256);

    /// <summary>The size of the digest in bytes.</summary>
    internal int Size { get; }

    /// <summary>The size of the block that the compression function takes, in bytes.</summary>
    internal int BlockSize { get; }

    internal static Pkcs12Digest? Find(string oid) => oid switch
    {
        Oids.Sha1 => Sha1,
        Oids.Sha224 => new Pkcs12Digest(28, 64, null, () => new Sha224Digest()),
        Oids.Sha256 => Sha256,
        Oids.Sha384 => new Pkcs12Digest(48, 128, HashAlgorithmName.SHA384),
        Oids.Sha512 => new Pkcs12Digest(64, 128, HashAlgorithmName.SHA512),
        Oids.Blake2b512 => new Pkcs12Digest(64, 128, null, () => new Blake2bDigest(512)),
        _ => null,
    };

    /// <summary>Hashes, many times in place.</summary>
    internal void Iterate(ReadOnlySpan<byte> input, Span<byte> output, int iterations)
    {
        IDigest? digest = _create?.Invoke();
        HashOnce(digest, input, output);
        for (int i = 1; i < iterations; i++)
        {
            HashOnce(digest, output, output);
        }
    }

    internal byte[] Mac(byte[] key, ReadOnlySpan<byte> data)
    {
        if (_name is { } name)
        {
            return CryptographicOperations.HmacData(name, key, data);
        }

        var mac = new HMac(_create!());
        mac.Init(new KeyParameter(key));
        mac.BlockUpdate(data);
        byte[] result = new byte[Size];
        mac.DoFinal(result, 0);
        return result;
    }

    private void HashOnce(IDigest? digest, ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (digest is null)
        {
            CryptographicOperations.HashData(_name!.Value, input, output);
            return;
        }

        digest.BlockUpdate(input);
        digest.DoFinal(output);
    }
}
