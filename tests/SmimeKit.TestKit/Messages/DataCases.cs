using SmimeKit.Cms.Data;

namespace SmimeKit.TestKit.Messages;

/// <summary>ContentInfo of type id-data, which nothing protects.</summary>
public static class DataCases
{
    public static IEnumerable<MessageCase> All { get; } = [Create(definite: true), Create(definite: false)];

    private static MessageCase Create(bool definite)
    {
        var options = new ContentInfoWriterOptions { ContentLength = definite ? MessageCase.Content.Length : null };
        return new MessageCase($"data/{(definite ? "definite" : "indefinite")}", "1.2.840.113549.1.7.1")
        {
            Open = async (output, synchronous) =>
                synchronous ? ContentInfoWriter.Open(output, options) : await ContentInfoWriter.OpenAsync(output, options),
            Complete = async (reader, synchronous) =>
            {
                var data = (DataReader)reader;
                if (synchronous)
                {
                    data.Complete();
                }
                else
                {
                    await data.CompleteAsync();
                }
            },
            RevealsChanges = false,
        };
    }
}
