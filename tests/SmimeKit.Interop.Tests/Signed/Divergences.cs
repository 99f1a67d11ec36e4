using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary>What a foreign implementation cannot verify although it is right, and why.</summary>
public sealed record Divergence(string Peer, Func<SigningCase, bool> Concerns, string Reason);

/// <summary>The table. A test fails as well when a divergence has gone: then its line goes too.</summary>
public static class Divergences
{
    private static readonly Divergence[] _all =
    [
        new("gpgsm", c => c.KeyIdentifier, "libksba 1.6 parses no subjectKeyIdentifier in a SignerInfo (BER error)."),
        new("gpgsm", c => c.Scheme.Name == "ecdsa-p521", "GnuPG 2.2 wants digests as long as the group: 521 bits are no multiple of 8."),
        new("nss", c => c.Scheme.Pss && !c.Attributes, "NSS 3.87 drops the parameters of RSASSA-PSS when there are no signed attributes."),
    ];

    public static Divergence? Find(string peer, SigningCase signing) =>
        Array.Find(_all, d => d.Peer == peer && d.Concerns(signing));
}
