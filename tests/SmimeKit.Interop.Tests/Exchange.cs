using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests;

/// <summary>What the theories run over, and what all that read have in common.</summary>
internal static class Exchange
{
    internal static TheoryData<string, string> All(IEnumerable<string> cases) => Pairs(cases, (_, _) => true);

    internal static TheoryData<string, string> Signed => Pairs(
        SigningCases.All.Select(c => c.Name), (peer, name) => Divergences.Signing.Find(peer, SigningCases.Named(name)) is null);

    internal static TheoryData<string, string> Encrypted => Pairs(
        EnvelopeMatrix.All.Select(c => c.Name), (peer, name) => Divergences.Encrypting.Find(peer, EnvelopeMatrix.Named(name)) is null);

    /// <summary>Asserts that a peer reads a message, or that the divergence which says otherwise is still there.</summary>
    internal static void AssertRead<TCase>(Divergence<TCase>? divergence, string? objection)
    {
        if (divergence is null)
        {
            Assert.True(objection is null, objection);
        }
        else
        {
            Assert.True(objection is not null, $"The divergence is gone: {divergence.Reason}");
        }
    }

    private static TheoryData<string, string> Pairs(IEnumerable<string> cases, Func<string, string, bool> predicate)
    {
        var data = new TheoryData<string, string>();
        foreach (string name in cases)
        {
            foreach (string peer in ForeignPeers.Names.Where(p => predicate(p, name)))
            {
                data.Add(peer, name);
            }
        }

        return data;
    }
}
