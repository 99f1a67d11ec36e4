using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Algorithms;

/// <summary>The tests of GCM once more, in processes that may not use all that this processor can do.</summary>
public static class GcmOnOtherProcessorsTests
{
    [Theory]
    [InlineData(GcmCipherTests.NoWideVectors)]
    [InlineData(GcmCipherTests.NoInstructions)]
    public static void GcmCipher_WithoutSomeInstructions_PassesItsTests(string setting)
    {
        var environment = new Dictionary<string, string> { [setting] = "0" };

        PeerResult result = new Peer(Environment.ProcessPath!).Run(
            ["--filter-class", typeof(GcmCipherTests).FullName!, "--minimum-expected-tests", "4"], environment: environment);

        _ = result.Succeeded();
    }
}
