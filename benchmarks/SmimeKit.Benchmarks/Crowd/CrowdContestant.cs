namespace SmimeKit.Benchmarks.Crowd;

/// <summary>One way to encrypt 10 KiB to many recipients, and to sign them by many signers, in memory: AES-128-CBC, RSA-2048, SHA-256.</summary>
internal abstract class CrowdContestant
{
    internal const int RecipientCount = 1000;
    internal const int SignerCount = 100;

    internal abstract string Name { get; }

    internal abstract byte[] Encrypt();

    /// <summary>Decrypts as the last of the recipients.</summary>
    internal abstract void Decrypt(byte[] message);

    internal abstract byte[] Sign();

    internal abstract void Verify(byte[] message);

    protected static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("The result is wrong.");
        }
    }
}
