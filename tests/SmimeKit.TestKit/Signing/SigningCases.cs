using Xunit;

namespace SmimeKit.TestKit.Signing;

/// <summary>Every scheme, each with every structure or with a spread of them.</summary>
public static class SigningCases
{
    private static readonly Dictionary<string, SigningCase> _all = Combine().ToDictionary(c => c.Name);

    public static IEnumerable<SigningCase> All => _all.Values;

    /// <summary>
    /// Every scheme in every form, with the combinations of the other choices spread over them: for tests that read a message
    /// thousands of times. All cases when <c>SMIMEKIT_LONG_TESTS</c> is 1.
    /// </summary>
    public static IEnumerable<SigningCase> Spread => LongTests.Enabled ? All : SigningScheme.All.SelectMany((scheme, i) => SpreadOf(scheme, i));

    public static SigningCase Named(string name) => _all[name];

    /// <summary>The names as test data.</summary>
    public static TheoryData<string> Names(IEnumerable<SigningCase> cases) => [.. cases.Select(c => c.Name)];

    private static IEnumerable<SigningCase> Combine() =>
        SigningScheme.All.SelectMany((scheme, i) => scheme.InEveryStructure ? EveryStructure(scheme) : SpreadOf(scheme, i));

    private static IEnumerable<SigningCase> EveryStructure(SigningScheme scheme) =>
        from attributes in new[] { true, false }
        from keyIdentifier in new[] { false, true }
        from form in Enum.GetValues<SigningForm>()
        from several in new[] { false, true }
        select new SigningCase(scheme, attributes, keyIdentifier, form, several);

    // Each form with attributes and without; of the slow ones, whose parameters differ in numbers only, one form each.
    private static IEnumerable<SigningCase> SpreadOf(SigningScheme scheme, int index)
    {
        SigningForm[] forms = scheme.IsSlow ? [(SigningForm)(index % 3)] : Enum.GetValues<SigningForm>();
        foreach (SigningForm form in forms)
        {
            int turn = index + (int)form;
            bool attributes = (turn & 1) == 0;
            yield return new SigningCase(scheme, attributes, (turn & 2) != 0, form, (turn & 4) != 0);
            if (!scheme.IsSlow)
            {
                yield return new SigningCase(scheme, !attributes, (turn & 2) == 0, form, (turn & 4) != 0);
            }
        }
    }
}
