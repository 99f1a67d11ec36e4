using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>What kinds of keys can do, whatever their certificates say.</summary>
internal static class KeyPurposes
{
    private const string X25519 = "1.3.101.110";
    private const string X448 = "1.3.101.111";
    private const string Ed25519 = "1.3.101.112";
    private const string Ed448 = "1.3.101.113";
    private const string DiffieHellman = "1.2.840.10046.2.1";
    private const string Dsa = "1.2.840.10040.4.1";
    private const string NistSignatures = "2.16.840.1.101.3.4.3."; // ML-DSA and SLH-DSA
    private const string NistKems = "2.16.840.1.101.3.4.4.";

    /// <summary>Whether a key of this kind signs at all.</summary>
    internal static bool CanSign(SubjectPublicKeyInfo key) =>
        key.Algorithm.Oid is not (Oids.RsaesOaep or Oids.RsaKemKey or X25519 or X448 or DiffieHellman)
        && !key.Algorithm.Oid.StartsWith(NistKems, StringComparison.Ordinal);

    /// <summary>The keyUsage bits that encrypting to a key of this kind needs one of; none when it only signs (RFC 8550 §4.4.2).</summary>
    internal static KeyUsages EncryptionUsages(SubjectPublicKeyInfo key) => key.Algorithm.Oid switch
    {
        Oids.RsaEncryption or Oids.RsaesOaep or Oids.RsaKemKey => KeyUsages.KeyEncipherment,
        Oids.EcPublicKey or X25519 or X448 or DiffieHellman => KeyUsages.KeyAgreement,
        Oids.RsassaPss or Ed25519 or Ed448 or Dsa => KeyUsages.None,
        string oid when oid.StartsWith(NistSignatures, StringComparison.Ordinal) => KeyUsages.None,
        string oid when oid.StartsWith(NistKems, StringComparison.Ordinal) => KeyUsages.KeyEncipherment, // RFC 9935
        _ => KeyUsages.KeyEncipherment | KeyUsages.KeyAgreement,
    };

    /// <summary>Whether keyUsage, if there is any, is keyEncipherment and nothing else: R9935-5-a, R9690-2.3-b.</summary>
    internal static bool OnlyEncapsulates(SubjectPublicKeyInfo key) =>
        key.Algorithm.Oid == Oids.RsaKemKey || MLKemParameterSet.Find(key.Algorithm.Oid) is not null;

    /// <summary>Whether a keyUsage suits a key that does nothing but encapsulate; true for other keys.</summary>
    internal static bool SuitsEncapsulation(KeyUsages usage, SubjectPublicKeyInfo key) =>
        usage == KeyUsages.KeyEncipherment || !OnlyEncapsulates(key);
}
