using Xunit;

namespace SmimeKit.TestKit;

/// <summary>Tests that take minutes run when <c>SMIMEKIT_LONG_TESTS</c> is 1.</summary>
public static class LongTests
{
    public static bool Enabled => Environment.GetEnvironmentVariable("SMIMEKIT_LONG_TESTS") == "1";

    /// <summary>Skips the running test, loudly, unless long tests are wanted.</summary>
    public static void Require() => Assert.SkipUnless(Enabled, "Long tests run with SMIMEKIT_LONG_TESTS=1.");
}
