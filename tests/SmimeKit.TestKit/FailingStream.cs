namespace SmimeKit.TestKit;

/// <summary>A stream over bytes that fails with an <see cref="IOException"/> after some of them.</summary>
public sealed class FailingStream(byte[] data, int failAt) : MemoryStream(data, writable: false)
{
    // The base class sends the other overloads of derived classes here.
    public override int Read(byte[] buffer, int offset, int count) => Position >= failAt
        ? throw new IOException("The stream was made to fail here.")
        : base.Read(buffer, offset, (int)Math.Min(count, failAt - Position));
}
