using SmimeKit.TestKit;

namespace SmimeKit.Interop.Tests.Matrix;

public static class InteroperabilityPageTests
{
    [Fact]
    public static void Page_SaysWhatTheTablesSay() => Repository.CheckDerived(InteroperabilityPage.Path, InteroperabilityPage.Render());

    [Fact]
    public static void Divergences_AllConcernSomething()
    {
        AssertUsed(Divergences.Verifying, TestKit.Signing.SigningCases.All);
        AssertUsed(Divergences.Signing, TestKit.Signing.SigningCases.All);
        AssertUsed(Divergences.Decrypting, Enveloped.EnvelopeMatrix.All);
        AssertUsed(Divergences.Encrypting, Enveloped.EnvelopeMatrix.All);
    }

    private static void AssertUsed<TCase>(IReadOnlyList<Divergence<TCase>> divergences, IEnumerable<TCase> cases) =>
        Assert.All(divergences, d => Assert.Contains(cases, c => ReferenceEquals(divergences.Find(d.Peer, c), d)));
}
