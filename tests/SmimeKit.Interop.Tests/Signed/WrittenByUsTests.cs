using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary>Every case of <see cref="SigningCases"/>, verified by every foreign implementation that can.</summary>
public sealed class WrittenByUsTests(ForeignPeers peers)
{
    public static TheoryData<string, string> Cases { get; } = Exchange.All(SigningCases.All.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Requirement", "R8419-2-a")]
    [Trait("Requirement", "R9882-3.1-a")]
    [Trait("Requirement", "R9882-3.2-a")]
    [Trait("Requirement", "R9814-4-a")]
    public void Peer_VerifiesOurSignature(string peer, string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = signing.Sign(SigningCase.Content);

        string? objection = peers[peer].FindObjection(message, SigningCase.Content, signing.IsDetached, signing.Signers);

        Exchange.AssertRead(Divergences.Verifying.Find(peer, signing), objection);
    }
}
