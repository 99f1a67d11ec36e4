using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.TestKit.Signing;

/// <summary>Encoded attributes, right or wrong.</summary>
public static class ForgedAttribute
{
    public const string ContentTypeOid = "1.2.840.113549.1.9.3";
    public const string MessageDigestOid = "1.2.840.113549.1.9.4";
    public const string SigningTimeOid = "1.2.840.113549.1.9.5";
    public const string CountersignatureOid = "1.2.840.113549.1.9.6";
    public const string CapabilitiesOid = "1.2.840.113549.1.9.15";
    public const string KeyPreferenceOid = "1.2.840.113549.1.9.16.2.11";
    public const string SigningCertificateOid = "1.2.840.113549.1.9.16.2.12";
    public const string SigningCertificateV2Oid = "1.2.840.113549.1.9.16.2.47";
    public const string AlgorithmProtectionOid = "1.2.840.113549.1.9.52";
    public const string UnknownOid = "1.3.6.1.4.1.99999.7";

    public static byte[] Of(string oid, params IEnumerable<byte[]> values) => Asn.Write(w =>
    {
        using (w.PushSequence())
        {
            w.WriteObjectIdentifier(oid);
            using (w.PushSetOf())
            {
                foreach (byte[] value in values)
                {
                    w.WriteEncodedValue(value);
                }
            }
        }
    });

    public static byte[] ContentType(string oid) => Of(ContentTypeOid, Asn.Oid(oid));

    public static byte[] MessageDigest(byte[] digest) => Of(MessageDigestOid, Asn.OctetString(digest));

    /// <summary>The two attributes that have to be there, for a content.</summary>
    public static IEnumerable<byte[]> Usual(ForgedMessage message, DigestAlgorithm? digest = null) =>
    [
        ContentType(message.ContentType), MessageDigest(Hash(digest ?? DigestAlgorithm.Sha256, message.SignedContent)),
    ];

    /// <summary>CMSAlgorithmProtection with identifiers as given.</summary>
    public static byte[] AlgorithmProtection(byte[] digest, byte[] signature, int tag = 1) => Of(AlgorithmProtectionOid, Asn.Write(w =>
    {
        using (w.PushSequence())
        {
            w.WriteEncodedValue(digest);
            byte[] tagged = [.. signature];
            tagged[0] = (byte)(0xA0 | tag);
            w.WriteEncodedValue(tagged);
        }
    }));

    /// <summary>SigningCertificateV2 (or the first version) with a hash as given.</summary>
    public static byte[] SigningCertificate(byte[] hash, byte[]? hashAlgorithm = null, string oid = SigningCertificateV2Oid) =>
        Of(oid, Asn.Sequence(Asn.Sequence(Asn.Sequence(hashAlgorithm ?? [], Asn.OctetString(hash)))));

    public static byte[] Hash(DigestAlgorithm digest, byte[] data) =>
        digest.HashName.Name is null ? digest.Hash(data) : CryptographicOperations.HashData(digest.HashName, data);
}
