using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>
/// NIST PKITS, both editions: 2011 under the default policy, 2003 (SHA-1, RSA-1024) under the legacy policy. Every test runs; those that
/// need more than the path are listed with the reason, and what they come to without it is asserted.
/// </summary>
public sealed class PkitsTests
{
    private static readonly Dictionary<string, JsonElement> _editions = [];
    private static readonly Lock _lock = new();

    // 4.8 to 4.12: certificate policies are not evaluated. Critical policy extensions refuse the path; without them every policy will do.
    private static readonly string[] _policySections = ["4.8", "4.9", "4.10", "4.11", "4.12"];

    // 4.13: name constraints are not evaluated and refuse the path.
    private const string NameConstraintSection = "4.13";

    // Invalid only by what CRLs say: in these the path itself is sound. So are all invalid tests of the sections named.
    private static readonly string[] _revocationSections = ["4.4", "4.14", "4.15"];
    private static readonly string[] _revocationTests = ["4.5.2", "4.5.5", "4.5.7", "4.7.4", "4.7.5"];

    // DSA, in the later edition too: for the legacy policy.
    private static readonly string[] _dsaTests = ["4.1.4", "4.1.5", "4.1.6"];

    public static TheoryData<string, int> Tests() => Vectors.Available
        ? [.. TestsOf("pkits-2011"), .. TestsOf("pkits")]
        : [("(the vector collection is missing)", 0)];

    [Theory]
    [MemberData(nameof(Tests))]
    [Trait("Requirement", "R5280-6.1.3-a")]
    [Trait("Requirement", "R5280-6.1.4-a")]
    [Trait("Requirement", "R5280-7.1-a")]
    [Trait("Requirement", "R3850-1-b")]
    [Trait("Requirement", "R3850-4.2-b")]
    [Trait("Requirement", "R3850-4.4-d")]
    [Trait("Requirement", "R3370-3.1-b")]
    [Trait("Requirement", "R3370-3.1-c")]
    public void Verdict_OfPkitsTest_IsTheExpectedOne(string edition, int index)
    {
        Vectors.Require();
        JsonElement test = Edition(edition).GetProperty("tests")[index];
        string number = test.GetProperty("test").GetString()!;
        string section = string.Join('.', number.Split('.')[..2]);
        PathValidationResult? result = Validate(edition, test);
        bool valid = test.GetProperty("valid").GetBoolean();
        if (section == NameConstraintSection)
        {
            Assert.Contains(PathProblemCodes.NameConstraintsUnsupported, result!.Codes());
        }
        else if (_policySections.Contains(section))
        {
            Assert.Equal(HasCriticalPolicies(result!), result!.Codes().Contains(PathProblemCodes.PolicyConstraintsUnsupported));
        }
        else
        {
            bool byRevocation = _revocationTests.Contains(number) || _revocationSections.Contains(section);
            Assert.Equal(valid || byRevocation, result is { Outcome: TrustStatus.Trusted });
        }
    }

    [Theory]
    [InlineData("4.1.3", "signature-mismatch")]
    [InlineData("4.2.1", "not-yet-valid")]
    [InlineData("4.2.6", "expired")]
    [InlineData("4.3.1", "name-chaining", "no-anchor")]
    [InlineData("4.6.1", "not-a-ca")]
    [InlineData("4.6.2", "not-a-ca")]
    [InlineData("4.6.5", "path-length")]
    [InlineData("4.6.16", "path-length")]
    [InlineData("4.7.1", "issuer-key-usage")]
    [InlineData("4.7.2", "issuer-key-usage")]
    [InlineData("4.16.2", "unknown-critical-extension")]
    [Trait("Kind", "negative")]
    public void Problems_OfInvalidPkitsTest_NameTheFault(string number, params string[] codes)
    {
        Vectors.Require();
        JsonElement tests = Edition("pkits-2011").GetProperty("tests");
        JsonElement test = tests.EnumerateArray().Single(t => t.GetProperty("test").GetString() == number);
        Assert.Equal(codes, Validate("pkits-2011", test)!.Codes());
    }

    private static IEnumerable<(string Edition, int Index)> TestsOf(string edition) =>
        Enumerable.Range(0, Edition(edition).GetProperty("tests").GetArrayLength()).Select(i => (edition, i));

    private static bool HasCriticalPolicies(PathValidationResult result) =>
        result.Path.Any(c => c.Extensions.Any(e => e.IsCritical && e.Oid is "2.5.29.32" or "2.5.29.33" or "2.5.29.36" or "2.5.29.54"));

    // Null when a certificate of the test does not decode: 2011 spoils signatures by giving the BIT STRING unused bits.
    private static PathValidationResult? Validate(string edition, JsonElement test)
    {
        try
        {
            IEnumerable<string?> files = test.GetProperty("certs").EnumerateArray().Select(c => c.GetString());
            Certificate[] path = [.. files.Select(file => Certificate.Decode(Vectors.Read($"{edition}/certs/{file}")))];
            PathValidationOptions options = PathTest.Options([path[0]], path[1..^1]) with
            {
                At = Edition(edition).GetProperty("time").GetDateTimeOffset(),
                Policy = edition == "pkits" || _dsaTests.Contains(test.GetProperty("test").GetString()) ? CertificatePolicy.Legacy : CertificatePolicy.Default,
            };
            return options.Validate(path[^1]);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    private static JsonElement Edition(string name)
    {
        lock (_lock)
        {
            if (!_editions.TryGetValue(name, out JsonElement edition))
            {
                using JsonDocument document = JsonDocument.Parse(Vectors.Read($"{name}/tests.json"));
                _editions.Add(name, edition = document.RootElement.Clone());
            }

            return edition;
        }
    }
}
