using Xunit;

namespace SmimeKit.TestKit.Messages;

/// <summary>The registry of everything but SignedData, which has <see cref="Signing.SigningCases"/>: one line buys the whole battery.</summary>
public static class MessageCases
{
    private static readonly Dictionary<string, MessageCase> _all = new[]
    {
        EnvelopeCases.All,
        EncryptedDataCases.All,
        DigestedCases.All,
        CompressedCases.All,
        AuthenticatedCases.All,
        DataCases.All,
    }.SelectMany(c => c).ToDictionary(c => c.Name);

    public static IEnumerable<MessageCase> All => _all.Values;

    /// <summary>The names as test data.</summary>
    public static TheoryData<string> Names => [.. _all.Keys];

    public static MessageCase Named(string name) => _all[name];
}
