using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.TestKit.Messages;

/// <summary>AuthenticatedData with every MAC, with attributes and without, and with every way to a recipient.</summary>
public static class AuthenticatedCases
{
    public static IEnumerable<MessageCase> All { get; } =
    [
        .. MacAlgorithm.BuiltIn.SelectMany((mac, i) => new[]
        {
            Create(RecipientRow.Cheapest, mac, attributes: true, definite: (i & 1) == 0),
            Create(RecipientRow.Cheapest, mac, attributes: false, definite: (i & 1) != 0),
        }),
        .. RecipientRow.All.Where(r => r != RecipientRow.Cheapest && !r.IsWeak)
            .Select((row, i) => Create(row, MacAlgorithm.HmacSha256, attributes: (i & 1) == 0, definite: (i & 2) == 0)),
    ];

    private static MessageCase Create(RecipientRow row, MacAlgorithm mac, bool attributes, bool definite)
    {
        var options = new AuthenticatedDataWriterOptions
        {
            Recipients = [row.Recipient()],
            Algorithm = mac,
            Digest = attributes ? DigestAlgorithm.Sha256 : null,
            ContentLength = definite ? MessageCase.Content.Length : null,
            Policy = CmsPolicy.Legacy,
        };
        string structure = $"{(attributes ? "attributes" : "no-attributes")}/{(definite ? "definite" : "indefinite")}";
        return new MessageCase($"authenticatedData/{row.Name}/{mac.Name}/{structure}", "1.2.840.113549.1.9.16.1.2")
        {
            Open = async (output, synchronous) =>
                synchronous ? AuthenticatedDataWriter.Open(output, options) : await AuthenticatedDataWriter.OpenAsync(output, options),
            Unlock = async (reader, synchronous) =>
            {
                if (synchronous)
                {
                    ((AuthenticatedDataReader)reader).Authenticate(row.Keys(), SignedMessage.At);
                }
                else
                {
                    await ((AuthenticatedDataReader)reader).AuthenticateAsync(row.Keys(), SignedMessage.At);
                }
            },
            Complete = async (reader, synchronous) =>
                _ = synchronous ? ((AuthenticatedDataReader)reader).Complete() : await ((AuthenticatedDataReader)reader).CompleteAsync(),
            Options = new CmsReaderOptions { Policy = CmsPolicy.Legacy },
            Stride = LongTests.Enabled ? 1 : row.Cost,
        };
    }
}
