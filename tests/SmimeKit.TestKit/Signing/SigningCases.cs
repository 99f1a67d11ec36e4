using Xunit;

namespace SmimeKit.TestKit.Signing;

/// <summary>Every scheme with every structure.</summary>
public static class SigningCases
{
    private static readonly Dictionary<string, SigningCase> _all = Combine().ToDictionary(c => c.Name);

    public static IEnumerable<SigningCase> All => _all.Values;

    /// <summary>
    /// Every scheme in every form, with all combinations of the other choices spread over them: for tests that read a message
    /// thousands of times. All cases when <c>SMIMEKIT_LONG_TESTS</c> is 1.
    /// </summary>
    public static IEnumerable<SigningCase> Spread => LongTests.Enabled
        ? All
        : SigningScheme.All.SelectMany(_ => Enum.GetValues<SigningForm>(), (scheme, form) => (scheme, form))
            .Select((c, i) => new SigningCase(c.scheme, (i & 1) == 0, (i & 2) != 0, c.form, (i & 4) != 0));

    public static SigningCase Named(string name) => _all[name];

    /// <summary>The names as test data.</summary>
    public static TheoryData<string> Names(IEnumerable<SigningCase> cases) => [.. cases.Select(c => c.Name)];

    private static IEnumerable<SigningCase> Combine() =>
        from scheme in SigningScheme.All
        from attributes in new[] { true, false }
        from keyIdentifier in new[] { false, true }
        from form in Enum.GetValues<SigningForm>()
        from several in new[] { false, true }
        select new SigningCase(scheme, attributes, keyIdentifier, form, several);
}
