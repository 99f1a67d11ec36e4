using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>A signing-certificate attribute, RFC 5035 §5.4: it names the exact certificate that the signer means.</summary>
/// <remarks><code>
/// SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies SEQUENCE OF PolicyInformation OPTIONAL }
/// SigningCertificate ::= SEQUENCE { certs SEQUENCE OF ESSCertID, policies SEQUENCE OF PolicyInformation OPTIONAL }
/// </code>
/// The signer's only when the signature is valid. It proves nothing about the certificates that it names.
/// </remarks>
public sealed class SigningCertificate
{
    private SigningCertificate(bool isVersion1, IReadOnlyList<EssCertificateId> certificates, IReadOnlyList<string> policies)
    {
        IsVersion1 = isVersion1;
        Certificates = certificates;
        Policies = policies;
    }

    /// <summary>Gets whether this is the first version, which hashes with SHA-1 (RFC 2634 §5.4).</summary>
    public bool IsVersion1 { get; }

    /// <summary>Gets the certificates: the signer's first; further ones are the only others that may be in its path.</summary>
    public IReadOnlyList<EssCertificateId> Certificates { get; }

    /// <summary>Gets the certificate policies under which the signer meant to sign, as object identifiers; empty when none is named.</summary>
    public IReadOnlyList<string> Policies { get; }

    /// <summary>Reads the attributes of a signer.</summary>
    /// <param name="attributes">The signed attributes.</param>
    /// <returns>None, one or both versions; what is repeated or not readable is left out.</returns>
    public static IReadOnlyList<SigningCertificate> FindAll(CmsAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return [.. new[] { Find(attributes, version1: false), Find(attributes, version1: true) }.OfType<SigningCertificate>()];
    }

    /// <summary>Tells whether a certificate may be in the path of the signer's certificate, its trust anchor apart (RFC 5035 §5.4.1).</summary>
    /// <param name="certificate">A certificate of the path.</param>
    /// <returns>True when the attribute names the signer's certificate only, or this one too.</returns>
    public bool AllowsInPath(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Certificates.Count == 1 || Certificates.Any(c => c.Matches(certificate));
    }

    /// <summary>Tells whether the attributes, where present, name a certificate first; each is judged on its own (R5035-5.4-b).</summary>
    internal static bool Names(CmsAttributes attributes, Certificate certificate) =>
        Names(attributes, Oids.SigningCertificateV2, certificate) && Names(attributes, Oids.SigningCertificate, certificate);

    /// <summary>Gets the type of the attribute that a digest asks for (R5035-5.4-a).</summary>
    internal static string OidFor(DigestAlgorithm digest) =>
        digest == DigestAlgorithm.Sha1 ? Oids.SigningCertificate : Oids.SigningCertificateV2;

    internal static void WriteValue(AsnWriter writer, Certificate certificate, SigningCertificateOptions options)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                EssCertificateId.Encode(writer, certificate, options.Digest);
                foreach (Certificate further in options.Path)
                {
                    EssCertificateId.Encode(writer, further, options.Digest);
                }
            }

            WritePolicies(writer, options.Policies);
        }
    }

    private static void WritePolicies(AsnWriter writer, IReadOnlyList<string> policies)
    {
        if (policies.Count == 0)
        {
            return;
        }

        using (writer.PushSequence())
        {
            foreach (string policy in policies)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(policy);
                }
            }
        }
    }

    private static bool Names(CmsAttributes attributes, string oid, Certificate certificate) =>
        !attributes.Contains(oid)
        || (Find(attributes, oid == Oids.SigningCertificate) is { } found && found.Certificates[0].Matches(certificate));

    private static SigningCertificate? Find(CmsAttributes attributes, bool version1) =>
        attributes.FindSingle(version1 ? Oids.SigningCertificate : Oids.SigningCertificateV2) is { } value
        && Der.TryDecode(value, r => Decode(r, version1), out SigningCertificate? found, AsnEncodingRules.BER)
            ? found
            : null;

    private static SigningCertificate Decode(AsnReader reader, bool version1)
    {
        AsnReader fields = reader.ReadSequence();
        AsnReader list = fields.ReadSequence();
        var certificates = new List<EssCertificateId>();
        do
        {
            certificates.Add(EssCertificateId.Decode(list, version1));
        }
        while (list.HasData);

        List<string> policies = fields.HasData ? ReadPolicies(fields.ReadSequence()) : [];
        fields.ThrowIfNotEmpty();
        return new SigningCertificate(version1, certificates, policies);
    }

    // PolicyInformation ::= SEQUENCE { policyIdentifier OBJECT IDENTIFIER, policyQualifiers SEQUENCE OPTIONAL }, RFC 5280 §4.2.1.4
    private static List<string> ReadPolicies(AsnReader list)
    {
        var policies = new List<string>();
        while (list.HasData)
        {
            policies.Add(list.ReadSequence().ReadObjectIdentifier());
        }

        return policies;
    }
}
