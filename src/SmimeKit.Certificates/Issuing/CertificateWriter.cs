using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Writes certificates as RFC 5280 §4 wants them.</summary>
internal static class CertificateWriter
{
    private const int SerialNumberSize = 16;
    private const int LastUtcTimeYear = 2049;  // RFC 5280 §4.1.2.5
    private const int FirstUtcTimeYear = 1950;

    /// <summary>Writes the part that is signed.</summary>
    internal static byte[] WriteTbs(
        CertificateTemplate template,
        SubjectPublicKeyInfo key,
        DistinguishedName issuer,
        ReadOnlyMemory<byte> authorityKeyIdentifier,
        AlgorithmIdentifier signature)
    {
        Validate(template, key);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Der.Context(0)))
            {
                writer.WriteInteger(2); // v3
            }

            writer.WriteInteger(RandomSerialNumber());
            signature.Encode(writer);
            writer.WriteEncodedValue(issuer.RawData.Span);
            using (writer.PushSequence())
            {
                WriteTime(writer, template.NotBefore);
                WriteTime(writer, template.NotAfter);
            }

            writer.WriteEncodedValue(template.Subject.RawData.Span);
            writer.WriteEncodedValue(key.RawData.Span);
            using (writer.PushSequence(Der.Context(3)))
            {
                CertificateExtensionWriter.Write(writer, template, key, authorityKeyIdentifier);
            }
        }

        return writer.Encode();
    }

    /// <summary>Puts the signature to what it signs.</summary>
    internal static Certificate Assemble(byte[] tbs, AlgorithmIdentifier algorithm, byte[] signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(tbs);
            algorithm.Encode(writer);
            writer.WriteBitString(signature);
        }

        return Certificate.Decode(writer.Encode());
    }

    private static void Validate(CertificateTemplate template, SubjectPublicKeyInfo key)
    {
        Require(template.NotBefore <= template.NotAfter, "The validity ends before it begins.");
        Require(template.NotBefore.UtcDateTime.Year >= FirstUtcTimeYear, "The validity begins before 1950.");
        Require(template.KeyUsage != KeyUsages.None, "A certificate that may be used for nothing is not issued.");
        Require(template.IsCertificateAuthority || template.PathLength is null, "Only issuers have a limit on paths.");
        Require(template.PathLength is not < 0, "A limit on paths is not negative.");
        Require(
            !template.Subject.IsEmpty || (!template.IsCertificateAuthority && template.EmailAddresses.Count > 0),
            "The subject is empty and nothing else names it."); // RFC 5280 §4.1.2.6
        Require(
            template.Subject.Attributes.All(a => a.Oid != Oids.EmailAddress),
            "A mail address belongs in subjectAltName, not in the subject (RFC 8550 §3).");
        bool signsCertificates = (template.KeyUsage & KeyUsages.KeyCertSign) != 0;
        Require(signsCertificates == template.IsCertificateAuthority, "keyCertSign and basicConstraints contradict each other."); // §4.2.1.9
        Require(
            (template.KeyUsage & ~KeyPurposes.AdmissibleUsages(key, template.IsCertificateAuthority)) == 0,
            "keyUsage has a bit that is forbidden for the kind of key.");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }

    // RFC 5280 §4.1.2.2: positive, at most 20 octets. With the second bit set it always has 16 octets and is never zero.
    private static byte[] RandomSerialNumber()
    {
        byte[] serialNumber = RandomNumberGenerator.GetBytes(SerialNumberSize);
        serialNumber[0] = (byte)((serialNumber[0] & 0x3F) | 0x40);
        return serialNumber;
    }

    private static void WriteTime(AsnWriter writer, DateTimeOffset instant)
    {
        if (instant.UtcDateTime.Year <= LastUtcTimeYear)
        {
            writer.WriteUtcTime(instant, LastUtcTimeYear);
        }
        else
        {
            writer.WriteGeneralizedTime(instant, omitFractionalSeconds: true);
        }
    }
}
