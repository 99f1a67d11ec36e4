using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Streaming;

/// <summary>Content that comes from outside the message.</summary>
internal static class DetachedContent
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Shows all of a stream.</summary>
    /// <returns>The number of octets.</returns>
    internal static async ValueTask<long> ReadAsync(
        Stream content, Action<ReadOnlySpan<byte>> show, bool synchronous, CancellationToken cancellationToken)
    {
        byte[] buffer = PooledBytes.Rent(BufferSize);
        int used = 0;
        try
        {
            long length = 0;
            int count;
            while ((count = synchronous
                ? content.Read(buffer, 0, buffer.Length)
                : await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                used = Math.Max(used, count);
                show(buffer.AsSpan(0, count));
                length += count;
            }

            return length;
        }
        finally
        {
            PooledBytes.Return(ref buffer, used);
        }
    }
}
