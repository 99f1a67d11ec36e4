using System.IO.Compression;
using SmimeKit.Cms.Compressed;

namespace SmimeKit.TestKit.Messages;

/// <summary>CompressedData with every level of compression.</summary>
public static class CompressedCases
{
    public static IEnumerable<MessageCase> All { get; } = [.. Enum.GetValues<CompressionLevel>().Select(Create)];

    private static MessageCase Create(CompressionLevel level)
    {
        var options = new CompressedDataWriterOptions { Level = level };
        return new MessageCase($"compressedData/{level.ToString().ToLowerInvariant()}", "1.2.840.113549.1.9.16.1.9")
        {
            Open = async (output, synchronous) =>
                synchronous ? CompressedDataWriter.Open(output, options) : await CompressedDataWriter.OpenAsync(output, options),
            Complete = async (reader, synchronous) =>
                _ = synchronous ? ((CompressedDataReader)reader).Complete() : await ((CompressedDataReader)reader).CompleteAsync(),
        };
    }
}
