using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>What kinds of keys can do, whatever their certificates say, and what their certificates may not say.</summary>
internal static class KeyPurposes
{
    private const string NistSignatures = "2.16.840.1.101.3.4.3."; // ML-DSA and SLH-DSA
    private const string NistKems = "2.16.840.1.101.3.4.4.";

    private const KeyUsages Any = (KeyUsages)(-1);
    private const KeyUsages Signing = KeyUsages.DigitalSignature | KeyUsages.NonRepudiation;
    private const KeyUsages Agreement = KeyUsages.KeyAgreement | KeyUsages.EncipherOnly | KeyUsages.DecipherOnly;

    /// <summary>Whether a key of this kind signs at all.</summary>
    internal static bool CanSign(SubjectPublicKeyInfo key) =>
        key.Algorithm.Oid is not (Oids.RsaesOaep or Oids.X25519 or Oids.X448 or Oids.DhPublicNumber) && !OnlyEncapsulates(key);

    /// <summary>Whether a key of this kind does nothing but encapsulate.</summary>
    internal static bool OnlyEncapsulates(SubjectPublicKeyInfo key) =>
        key.Algorithm.Oid == Oids.RsaKemKey || key.Algorithm.Oid.StartsWith(NistKems, StringComparison.Ordinal);

    /// <summary>The keyUsage bits that encrypting to a key of this kind needs one of; none when it only signs (RFC 8550 §4.4.2).</summary>
    internal static KeyUsages EncryptionUsages(SubjectPublicKeyInfo key) => key.Algorithm.Oid switch
    {
        Oids.RsaEncryption or Oids.RsaesOaep => KeyUsages.KeyEncipherment,
        Oids.EcPublicKey or Oids.X25519 or Oids.X448 or Oids.DhPublicNumber => KeyUsages.KeyAgreement,
        Oids.RsassaPss or Oids.Dsa => KeyUsages.None,
        string oid when OnlySigns(oid) => KeyUsages.None,
        _ when OnlyEncapsulates(key) => KeyUsages.KeyEncipherment, // RFC 9935, RFC 9690 §2.3
        _ => KeyUsages.KeyEncipherment | KeyUsages.KeyAgreement,
    };

    /// <summary>Whether a certificate says of its key only what a key of its kind can do.</summary>
    internal static bool HasAdmissibleUsages(Certificate certificate) =>
        certificate.Decoded.KeyUsage is not { } usage
        || (usage & ~AdmissibleUsages(certificate.PublicKey, certificate.Decoded.IsCertificateAuthority)) == 0;

    /// <summary>
    /// The keyUsage bits that may be set for a key of this kind: RFC 8410 §5 and RFC 9295, RFC 9881 §5, RFC 9814 §3, RFC 9708 §4, RFC 9935 §5, RFC 9690
    /// §2.3. The older kinds are left alone: their certificates have said too much for decades.
    /// </summary>
    internal static KeyUsages AdmissibleUsages(SubjectPublicKeyInfo key, bool isCertificateAuthority) => key.Algorithm.Oid switch
    {
        Oids.X25519 or Oids.X448 => Agreement,
        string oid when OnlySigns(oid) => Signing | KeyUsages.CrlSign | (isCertificateAuthority ? KeyUsages.KeyCertSign : KeyUsages.None),
        _ when OnlyEncapsulates(key) => KeyUsages.KeyEncipherment,
        _ => Any,
    };

    private static bool OnlySigns(string oid) =>
        oid is Oids.Ed25519 or Oids.Ed448 or Oids.HssLms || oid.StartsWith(NistSignatures, StringComparison.Ordinal);
}
