using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Compressed;

/// <summary>Takes what the deflater makes, until the message is given up.</summary>
internal sealed class CompressedSink(EncapsulatedContentSpine spine) : ForwardWriteStream
{
    private bool _givenUp;

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        WriteAsync(buffer.AsMemory(offset, count)).Finish();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_givenUp)
        {
            await spine.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        Wipe(buffer);
    }

    /// <summary>Drops what is still to come: an incomplete message is not to look complete.</summary>
    internal void GiveUp() => _givenUp = true;

    // The deflater fills its buffer anew, and returns it to others in the end.
    private static void Wipe(ReadOnlyMemory<byte> buffer) =>
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(buffer).Span);
}
