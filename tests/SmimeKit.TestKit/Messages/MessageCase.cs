using SmimeKit.Cms;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.TestKit.Messages;

/// <summary>One message to make and to read again: an algorithm, a kind of recipient or a content type, in one choice of structure.</summary>
/// <remarks>
/// The three operations are synchronous or not, as they are told: the library has both. A case that makes no sense to write (an obsolete
/// algorithm that is only read) is no case.
/// </remarks>
/// <param name="Name">The name, which begins with that of the content type.</param>
/// <param name="ContentType">The content type as an object identifier.</param>
public sealed record MessageCase(string Name, string ContentType)
{
    /// <summary>Opens the writer of a message on a stream.</summary>
    public required Func<Stream, bool, ValueTask<CmsContentWriter>> Open { get; init; }

    /// <summary>Makes the content of an opened message readable; by default it is.</summary>
    public Func<CmsContentReader, bool, ValueTask> Unlock { get; init; } = (_, _) => ValueTask.CompletedTask;

    /// <summary>Reads to the end; throws when the reader's verdict is anything but good.</summary>
    public required Func<CmsContentReader, bool, ValueTask> Complete { get; init; }

    /// <summary>Gets how the message is read.</summary>
    public CmsReaderOptions Options { get; init; } = CmsReaderOptions.Default;

    /// <summary>Gets whether a reader notices any change of the content. CBC alone does not.</summary>
    public bool RevealsChanges { get; init; } = true;

    /// <summary>Gets the distance between the offsets that tests visit: more than 1 where reading takes milliseconds.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Gets the content: text with what makes parsers stumble.</summary>
    public static byte[] Content => SigningCase.Content;

    /// <summary>Writes a message.</summary>
    public async Task<byte[]> WriteAsync(byte[] content, bool synchronous)
    {
        using var output = new MemoryStream();
        CmsContentWriter writer = await Open(output, synchronous);
        await using (writer)
        {
            if (synchronous)
            {
                writer.Content.Write(content);
                writer.Complete();
            }
            else
            {
                await writer.Content.WriteAsync(content);
                await writer.CompleteAsync();
            }
        }

        return output.ToArray();
    }

    /// <summary>Reads a message: its content, when everything about it is good.</summary>
    public async Task<byte[]> ReadAsync(Stream message, bool synchronous)
    {
        CmsContentReader reader = synchronous ? CmsReader.Open(message, Options) : await CmsReader.OpenAsync(message, Options);
        await using (reader)
        {
            if (reader.ContentType != ContentType)
            {
                throw new DamagedException();
            }

            using var content = new MemoryStream();
            await Unlock(reader, synchronous);
            if (synchronous)
            {
                reader.Content.CopyTo(content);
            }
            else
            {
                await reader.Content.CopyToAsync(content);
            }

            await Complete(reader, synchronous);
            return content.ToArray();
        }
    }

    public override string ToString() => Name;
}
