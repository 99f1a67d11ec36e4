using SmimeKit.Certificates;
using SmimeKit.Cms.Digested;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.TestKit.Messages;

/// <summary>DigestedData with every digest.</summary>
public static class DigestedCases
{
    public static IEnumerable<MessageCase> All { get; } =
    [
        .. DigestAlgorithm.BuiltIn.SelectMany(digest => new[] { Create(digest, definite: true), Create(digest, definite: false) }),
    ];

    private static MessageCase Create(DigestAlgorithm digest, bool definite)
    {
        var options = new DigestedDataWriterOptions
        {
            Digest = digest,
            ContentLength = definite ? MessageCase.Content.Length : null,
            Policy = CmsPolicy.Legacy,
        };
        return new MessageCase($"digestedData/{Name(digest)}/{(definite ? "definite" : "indefinite")}", "1.2.840.113549.1.7.5")
        {
            Open = async (output, synchronous) =>
                synchronous ? DigestedDataWriter.Open(output, options) : await DigestedDataWriter.OpenAsync(output, options),
            Complete = async (reader, synchronous) =>
            {
                var digested = (DigestedDataReader)reader;
                DigestedDataReport report = synchronous ? digested.Complete(SignedMessage.At) : await digested.CompleteAsync(SignedMessage.At);
                if (report.Verdict is not DigestVerdict.Matches)
                {
                    throw new DamagedException();
                }
            },
            Options = new CmsReaderOptions { Policy = CmsPolicy.Legacy },
        };
    }

    private static string Name(DigestAlgorithm digest) => digest == DigestAlgorithm.Shake256Len ? "shake256-len" : digest.Name;
}
