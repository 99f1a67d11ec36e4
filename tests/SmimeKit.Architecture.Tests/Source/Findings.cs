namespace SmimeKit.Architecture.Tests.Source;

/// <summary>Assertions that show everything they found.</summary>
internal static class Findings
{
    /// <summary>Asserts that nothing was found, or lists all of it, one a line.</summary>
    internal static void Empty(IEnumerable<string> findings)
    {
        string[] found = [.. findings.Distinct()];
        Assert.True(found.Length == 0, $"{found.Length} found:{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }
}
