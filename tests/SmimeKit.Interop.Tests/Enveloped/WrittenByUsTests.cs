using SmimeKit.Interop.Tests.Peers;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>Every case of <see cref="EnvelopeMatrix"/> that is written, decrypted by every foreign implementation that can.</summary>
public sealed class WrittenByUsTests(ForeignPeers peers)
{
    public static TheoryData<string, string> Cases { get; } = Exchange.All(EnvelopeMatrix.All.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Peer_DecryptsOurMessage(string peer, string name)
    {
        EnvelopeCase envelope = EnvelopeMatrix.Named(name);
        byte[] message = envelope.Seal(EnvelopeCase.Content);

        string? objection = peers[peer].FindObjection(message, EnvelopeCase.Content, envelope);

        Exchange.AssertRead(Divergences.Decrypting.Find(peer, envelope), objection);
    }
}
