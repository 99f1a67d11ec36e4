namespace SmimeKit.Interop.Tests.Matrix;

/// <summary>Which ways something goes between this library and a peer.</summary>
[Flags]
public enum Ways
{
    None = 0,
    TheyRead = 1,
    WeRead = 2,
    Both = TheyRead | WeRead,
}

/// <summary>One line of the table of what the matrices leave out: taken from the tables of the tests that try it.</summary>
/// <param name="Type">The content type.</param>
/// <param name="Name">What is tried within it.</param>
/// <param name="Peers">The peers that know it; the others have no way to, or are not asked.</param>
internal sealed record PeerRow(string Type, string Name, params (string Peer, Ways Ways)[] Peers)
{
    internal Ways this[string peer] => Peers.SingleOrDefault(p => p.Peer == peer).Ways;
}
