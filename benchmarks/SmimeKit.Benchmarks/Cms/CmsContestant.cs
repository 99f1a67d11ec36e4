namespace SmimeKit.Benchmarks.Cms;

/// <summary>One way to do the works of CMS, file to file. Signing is SHA-256 with RSA-2048, encryption AES-128 to one RSA-2048 recipient.</summary>
/// <remarks>Every file has a buffer of 64 KiB, for those who read or write in small pieces. What a contestant cannot do it refuses.</remarks>
internal abstract class CmsContestant
{
    protected const int Step = 64 * 1024;

    internal abstract string Name { get; }

    internal abstract bool CanGcm { get; }

    internal virtual void SignDetached(string content, string signature) => throw new NotSupportedException();

    internal virtual void VerifyDetached(string content, string signature) => throw new NotSupportedException();

    internal virtual void SignAttached(string content, string message) => throw new NotSupportedException();

    /// <summary>Verifies, and drops the content.</summary>
    internal virtual void VerifyAttached(string message) => throw new NotSupportedException();

    internal virtual void Encrypt(string content, string message, bool gcm) => throw new NotSupportedException();

    internal virtual void Decrypt(string message, string content, bool gcm) => throw new NotSupportedException();

    protected static FileStream Read(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: Step);

    protected static FileStream Write(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: Step);

    protected static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("The result is wrong.");
        }
    }
}
