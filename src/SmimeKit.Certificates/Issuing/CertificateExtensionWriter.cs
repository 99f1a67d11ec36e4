using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Writes the extensions of a template; those that RFC 5280 §4.2.1 and RFC 8550 §4.4 want critical are critical.</summary>
internal static class CertificateExtensionWriter
{
    internal static void Write(
        AsnWriter writer, CertificateTemplate template, SubjectPublicKeyInfo key, ReadOnlyMemory<byte> authorityKeyIdentifier)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        using (writer.PushSequence())
        {
            foreach (CertificateExtension extension in Create(template, key, authorityKeyIdentifier).Concat(template.AdditionalExtensions))
            {
                if (!written.Add(extension.Oid))
                {
                    throw new ArgumentException($"The extension {extension.Oid} would be there twice (RFC 5280 §4.2).", nameof(template));
                }

                Write(writer, extension);
            }
        }
    }

    /// <summary>The identifier of a key by RFC 5280 §4.2.1.2, method 1: what readers without the extension compute, too.</summary>
    internal static byte[] KeyIdentifier(SubjectPublicKeyInfo key) => DigestAlgorithm.Sha1.Hash(key.Key.Span);

    private static IEnumerable<CertificateExtension> Create(
        CertificateTemplate template, SubjectPublicKeyInfo key, ReadOnlyMemory<byte> authorityKeyIdentifier)
    {
        if (template.IsCertificateAuthority)
        {
            yield return Encode(Oids.BasicConstraints, true, w => WriteBasicConstraints(w, template.PathLength));
        }

        yield return Encode(Oids.KeyUsage, true, w => w.WriteNamedBitList(template.KeyUsage));
        if (template.ExtendedKeyUsages.Count > 0)
        {
            yield return Encode(Oids.ExtendedKeyUsage, false, w => WriteSequence(w, template.ExtendedKeyUsages, WriteOid));
        }

        if (template.EmailAddresses.Count > 0)
        {
            // RFC 5280 §4.2.1.6: critical when the subject is empty.
            yield return Encode(
                Oids.SubjectAltName, template.Subject.IsEmpty, w => WriteSequence(w, template.EmailAddresses, IssuedMailbox.Write));
        }

        yield return Encode(Oids.SubjectKeyIdentifier, false, w => w.WriteOctetString(KeyIdentifier(key)));
        if (!authorityKeyIdentifier.IsEmpty)
        {
            yield return Encode(Oids.AuthorityKeyIdentifier, false, w => WriteAuthorityKeyIdentifier(w, authorityKeyIdentifier.Span));
        }
    }

    private static CertificateExtension Encode(string oid, bool critical, Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return new CertificateExtension(oid, critical, writer.Encode());
    }

    // Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
    private static void Write(AsnWriter writer, CertificateExtension extension)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(extension.Oid);
            if (extension.IsCritical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString(extension.Value.Span);
        }
    }

    private static void WriteBasicConstraints(AsnWriter writer, int? pathLength)
    {
        using (writer.PushSequence())
        {
            writer.WriteBoolean(true);
            if (pathLength is { } limit)
            {
                writer.WriteInteger(limit);
            }
        }
    }

    private static void WriteAuthorityKeyIdentifier(AsnWriter writer, ReadOnlySpan<byte> identifier)
    {
        using (writer.PushSequence())
        {
            writer.WriteOctetString(identifier, Der.Context(0, constructed: false));
        }
    }

    private static void WriteOid(AsnWriter writer, string oid) => writer.WriteObjectIdentifier(oid);

    private static void WriteSequence(AsnWriter writer, IEnumerable<string> items, Action<AsnWriter, string> write)
    {
        using (writer.PushSequence())
        {
            foreach (string item in items)
            {
                write(writer, item);
            }
        }
    }
}
