using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Benchmarks.Crowd;

/// <summary>The ceiling: the operations of the base library, key objects at hand, with no format around them.</summary>
internal sealed class BareCrowd(People people) : CrowdContestant
{
    private const int Block = 256;

    private readonly RSA[] _recipients = [.. people.Recipients(RecipientCount).Select(c => c.GetRSAPublicKey()!)];
    private readonly RSA[] _signers = [.. people.Signers(SignerCount).Select(c => c.GetRSAPrivateKey()!)];
    private readonly RSA _last = people.Last.Encryption.GetRSAPrivateKey()!;

    internal override string Name => "ceiling";

    internal override byte[] Encrypt()
    {
        byte[] key = RandomNumberGenerator.GetBytes(16);
        var message = new List<byte>();
        foreach (RSA recipient in _recipients)
        {
            message.AddRange(recipient.Encrypt(key, RSAEncryptionPadding.Pkcs1));
        }

        using Aes aes = Aes.Create();
        aes.SetKey(key);
        message.AddRange(aes.EncryptCbc(people.Content, new byte[16]));
        return [.. message];
    }

    internal override void Decrypt(byte[] message)
    {
        int end = RecipientCount * Block;
        using Aes aes = Aes.Create();
        aes.SetKey(_last.Decrypt(message.AsSpan(end - Block, Block), RSAEncryptionPadding.Pkcs1));
        Require(aes.DecryptCbc(message.AsSpan(end), new byte[16]).AsSpan().SequenceEqual(people.Content));
    }

    internal override byte[] Sign()
    {
        byte[] digest = SHA256.HashData(people.Content);
        return [.. _signers.SelectMany(s => s.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))];
    }

    internal override void Verify(byte[] message)
    {
        byte[] digest = SHA256.HashData(people.Content);
        for (int i = 0; i < _signers.Length; i++)
        {
            Require(_signers[i].VerifyHash(digest, message.AsSpan(i * Block, Block), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
    }
}
