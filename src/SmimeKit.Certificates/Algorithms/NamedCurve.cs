using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>One elliptic curve by its name: the identifier, the size of its field, and its domain parameters where platforms lack it.</summary>
/// <remarks>
/// References: P-256, P-384 and P-521, RFC 5480 §2.1.1.1, which every platform has; Brainpool, RFC 5639 §3. All have prime order, so the
/// cofactor is 1. Smaller curves are too weak, curves over binary fields are traps (CVE-2024-29857), and secp256k1 is in no profile for
/// mail: none of them is implemented.
/// </remarks>
internal sealed class NamedCurve
{
    private static readonly NamedCurve[] _all =
    [
        new(Oids.NistP256, 256), new(Oids.NistP384, 384), new(Oids.NistP521, 521),
        new(Oids.BrainpoolP256r1, 256, () => _p256!.Value), new(Oids.BrainpoolP384r1, 384, () => _p384!.Value),
        new(Oids.BrainpoolP512r1, 512, () => _p512!.Value),
    ];

    private static readonly Lazy<ECDomainParameters> _p256 = new(() => Create(
        "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377",
        "7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9",
        "26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6",
        "8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262",
        "547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997",
        "A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7"));

    private static readonly Lazy<ECDomainParameters> _p384 = new(() => Create(
        "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53",
        "7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826",
        "4A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11",
        "1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E",
        "8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C5315",
        "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565"));

    private static readonly Lazy<ECDomainParameters> _p512 = new(() => Create(
        "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA703308717D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3",
        "7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA",
        "3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CADC083E67984050B75EBAE5DD2809BD638016F723",
        "81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098EFF3B1F78E2D0D48D50D1687B93B97D5F7C6D5047406A5E688B352209BCB9F822",
        "7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111B2DCDE494A5F485E5BCA4BD88A2763AED1CA2B2FA8F0540678CD1E0F3AD80892",
        "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330870553E5C414CA92619418661197FAC10471DB1D381085DDADDB58796829CA90069"));

    private readonly Func<ECDomainParameters>? _domain;

    private NamedCurve(string oid, int bits, Func<ECDomainParameters>? domain = null)
    {
        Oid = oid;
        Bits = bits;
        _domain = domain;
    }

    internal string Oid { get; }

    /// <summary>Gets the size of the field in bits.</summary>
    internal int Bits { get; }

    /// <summary>Gets the size of a coordinate in bytes.</summary>
    internal int CoordinateSize => (Bits + 7) / 8;

    /// <summary>Gets the domain parameters; null for the curves that every platform has.</summary>
    internal ECDomainParameters? Domain => _domain?.Invoke();

    /// <summary>Finds a curve; null for all that are not implemented.</summary>
    internal static NamedCurve? Find(string? oid) => Array.Find(_all, c => c.Oid == oid);

    private static ECDomainParameters Create(string p, string a, string b, string x, string y, string n)
    {
        BigInteger order = new(n, 16);
        var curve = new FpCurve(new BigInteger(p, 16), new BigInteger(a, 16), new BigInteger(b, 16), order, BigInteger.One);
        return new ECDomainParameters(curve, curve.CreatePoint(new BigInteger(x, 16), new BigInteger(y, 16)), order, BigInteger.One);
    }
}
