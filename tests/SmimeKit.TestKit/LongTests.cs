using Xunit;

namespace SmimeKit.TestKit;

/// <summary>Tests that take minutes (gigabytes of content, wide fuzzing) run when <c>SMIMEKIT_LONG_TESTS=1</c> asks for them.</summary>
public static class LongTests
{
    /// <summary>Gets whether they were asked for.</summary>
    public static bool Enabled { get; } = Environment.GetEnvironmentVariable("SMIMEKIT_LONG_TESTS") == "1";

    /// <summary>Skips the running test, loudly, when they were not.</summary>
    public static void Require() => Assert.SkipUnless(Enabled, "A long test (set SMIMEKIT_LONG_TESTS=1).");
}
