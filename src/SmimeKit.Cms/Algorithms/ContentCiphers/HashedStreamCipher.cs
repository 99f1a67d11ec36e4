using SmimeKit.Certificates;

namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>
/// A stream cipher whose tag is a hash over the ciphertext, which can go without decryption and take the additional data last: CMS puts
/// them after the ciphertext (RFC 5083 §2.1).
/// </summary>
internal abstract class HashedStreamCipher(bool encrypt, string limitName, long maxContent) : AuthenticatingCipher
{
    /// <summary>Small steps keep everything in the processor's nearer caches.</summary>
    protected const int StepSize = 16 * 1024;

    /// <summary>Gets the number of octets of ciphertext so far.</summary>
    protected long Length { get; private set; }

    /// <summary>Gets the state of the hash over the ciphertext so far: secret, as it depends on the key.</summary>
    internal abstract HashState State { get; }

    internal override void Transform(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        CountContent(input.Count);
        for (int at = 0; at < input.Count; at += StepSize)
        {
            int count = Math.Min(StepSize, input.Count - at);
            TransformStep(input.AsSpan(at, count), output.AsSpan(at, count), encrypt);
        }
    }

    internal override int Finish(ArraySegment<byte> input, ArraySegment<byte> output)
    {
        Transform(input, output);
        return input.Count;
    }

    /// <summary>Authenticates ciphertext without decrypting it. Pieces other than the last are whole blocks.</summary>
    internal void Authenticate(ReadOnlySpan<byte> ciphertext)
    {
        CountContent(ciphertext.Length);
        Append(ciphertext);
    }

    /// <summary>Decrypts without authenticating. Pieces other than the last are whole blocks; input and output may be the same.</summary>
    internal void ApplyStream(ReadOnlySpan<byte> input, Span<byte> output)
    {
        for (int at = 0; at < input.Length; at += StepSize)
        {
            int count = Math.Min(StepSize, input.Length - at);
            XorStep(input.Slice(at, count), output.Slice(at, count));
        }
    }

    /// <summary>Goes back to the first octet of the key stream, for <see cref="ApplyStream"/>.</summary>
    internal abstract void Restart();

    /// <summary>Computes the state of the hash after ciphertext that follows a given state.</summary>
    internal abstract HashState Rehash(HashState state, ReadOnlySpan<byte> ciphertext);

    /// <summary>Combines a step with the key stream that comes next, and adds its ciphertext to the hash: one after the other, or at once.</summary>
    protected virtual void TransformStep(ReadOnlySpan<byte> input, Span<byte> output, bool encrypt)
    {
        if (encrypt)
        {
            XorStep(input, output);
            Append(output);
        }
        else
        {
            Append(input);
            XorStep(input, output);
        }
    }

    /// <summary>Adds ciphertext to the hash; a last partial block is filled with zeros.</summary>
    protected abstract void Append(ReadOnlySpan<byte> ciphertext);

    /// <summary>Combines a step with the key stream that comes next.</summary>
    protected abstract void XorStep(ReadOnlySpan<byte> input, Span<byte> output);

    private void CountContent(int more)
    {
        if (more > maxContent - Length)
        {
            throw new LimitExceededException(limitName, maxContent);
        }

        Length += more;
    }
}
