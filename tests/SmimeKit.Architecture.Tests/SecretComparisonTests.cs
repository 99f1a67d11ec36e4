using System.Text.RegularExpressions;
using SmimeKit.TestKit;

namespace SmimeKit.Architecture.Tests;

/// <summary>What an attacker could learn from the time of a comparison is compared in constant time.</summary>
public static class SecretComparisonTests
{
    private static readonly Regex _ordinary = new(
        @"(SequenceEqual|SequenceCompareTo)\([^)]*(mac|tag|expected|computed|check)", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(5));

    public static TheoryData<string> Files =>
    [
        "src/SmimeKit.Cms/Authenticated/MacVerification.cs",
        "src/SmimeKit.Cms/Authenticated/AuthenticatedDataReader.cs",
        "src/SmimeKit.Cms/Enveloped/AuthEnvelopedDataReader.cs",
        "src/SmimeKit.Cms/Enveloped/EncryptedContentReader.cs",
        "src/SmimeKit.Cms/Digested/DigestedDataReader.cs",
        "src/SmimeKit.Cms/Algorithms/PwriKek.cs",
        "src/SmimeKit.Cms/Algorithms/AesKeyWrap.cs",
        "src/SmimeKit.Cms/Algorithms/TwoPassKeyWrap.cs",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    [Trait("Requirement", "R3369-9.3-c")]
    public static void Source_ComparingSecrets_TakesConstantTime(string path) => Assert.DoesNotMatch(_ordinary, Repository.Read(path));

    [Fact]
    [Trait("Requirement", "R3369-9.3-c")]
    public static void Source_ComparingMacs_UsesTheBaseLibrary() =>
        Assert.Contains("CryptographicOperations.FixedTimeEquals", Repository.Read("src/SmimeKit.Cms/Authenticated/MacVerification.cs"), StringComparison.Ordinal);
}
