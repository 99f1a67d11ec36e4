using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Checks one SignerInfo against the digests of the content: RFC 5652 §5.4-5.6, RFC 8933, RFC 6211, RFC 5035.</summary>
internal sealed class SignerVerifier(
    ContentDigester content,
    string encapsulatedContentType,
    CmsReaderOptions options,
    DateTimeOffset at)
{
    /// <summary>Checks a signer with the certificates that may be meant, in order.</summary>
    internal SignerReport Verify(SignerInfoAsn signer, IReadOnlyList<Certificate> candidates)
    {
        var deviations = ImmutableArray.CreateBuilder<string>();
        SignerReport report = Describe(signer, deviations);
        SignerVerdict? refusal = FindRefusal(signer, report, out SignatureAlgorithm? scheme, out DigestAlgorithm? digest);
        if (refusal is not null)
        {
            return report with { Verdict = refusal, Certificate = FirstOrNull(candidates), Deviations = deviations.ToImmutable() };
        }

        if (candidates.Count == 0)
        {
            return report with { Verdict = new SignerVerdict.CertificateNotFound(), Deviations = deviations.ToImmutable() };
        }

        // R3851-2.6-b: several certificates may have the same identifier; each is tried before failure is reported.
        (Certificate Certificate, SignerVerdict Verdict)? worst = null;
        foreach (Certificate candidate in candidates)
        {
            SignerVerdict verdict = VerifyWith(candidate, signer, report.SignedAttributes, scheme!, digest!, deviations);
            worst = worst is { Verdict: not SignerVerdict.SignatureMismatch } ? worst : (candidate, verdict);
            if (verdict is SignerVerdict.Valid or SignerVerdict.RefusedByPolicy)
            {
                worst = (candidate, verdict);
                break;
            }
        }

        return report with { Verdict = worst!.Value.Verdict, Certificate = worst.Value.Certificate, Deviations = deviations.ToImmutable() };
    }

    private static Certificate? FirstOrNull(IReadOnlyList<Certificate> candidates) => candidates.Count > 0 ? candidates[0] : null;

    private static SignerReport Describe(SignerInfoAsn signer, ImmutableArray<string>.Builder deviations)
    {
        CmsAttributes attributes = CmsAttributes.Empty;
        if (!signer.SignedAttributes.IsEmpty
            && Der.TryDecode(signer.SignedAttributes, r => CmsAttributes.Decode(r, Der.Context(0)), out CmsAttributes? decoded, AsnEncodingRules.BER))
        {
            attributes = decoded!;
        }

        if (signer.Version != signer.ProperVersion)
        {
            deviations.Add("signer-version"); // R3369-1-b: the version explains, it does not decide
        }

        return new SignerReport
        {
            Identifier = signer.Identifier,
            DigestAlgorithm = signer.DigestAlgorithm,
            SignatureAlgorithm = signer.SignatureAlgorithm,
            SchemeName = SignatureAlgorithm.Resolve(signer.SignatureAlgorithm)?.Name,
            SignedAttributes = attributes,
            UnsignedAttributes = signer.UnsignedAttributes,
            Signature = signer.Signature,
            SigningTime = SigningTime.Find(attributes),
            Verdict = new SignerVerdict.CertificateNotFound(),
        };
    }

    /// <summary>Everything that can be refused without a certificate.</summary>
    private SignerVerdict? FindRefusal(
        SignerInfoAsn signer, SignerReport report, out SignatureAlgorithm? scheme, out DigestAlgorithm? digest)
    {
        digest = DigestAlgorithm.Find(signer.DigestAlgorithm);
        scheme = SignatureAlgorithm.Resolve(signer.SignatureAlgorithm, digest);
        if (!signer.HasKnownVersion && !options.Policy.ToleratesDeviations)
        {
            return new SignerVerdict.Unsupported("version"); // R3369-5.1-l
        }

        if (signer.Version < 0 || signer.Version > 5)
        {
            return new SignerVerdict.Unsupported("version");
        }

        if (digest is null)
        {
            return new SignerVerdict.Unsupported(signer.DigestAlgorithm.Oid);
        }

        if (scheme is null)
        {
            return new SignerVerdict.Unsupported(signer.SignatureAlgorithm.Oid);
        }

        if (scheme.Digest != digest) // RFC 8933 §3: one digest for content and attributes
        {
            return new SignerVerdict.Malformed("digest-algorithm-mismatch");
        }

        return CheckDigest(signer, report, digest);
    }

    private SignerVerdict? CheckDigest(SignerInfoAsn signer, SignerReport report, DigestAlgorithm digest)
    {
        if (signer.SignedAttributes.IsEmpty)
        {
            return CheckAbsentAttributes(digest);
        }

        if (FindAttributeFault(report.SignedAttributes, signer) is { } fault)
        {
            return new SignerVerdict.Malformed(fault);
        }

        byte[]? actual = content.GetDigest(digest);
        if (actual is null)
        {
            return new SignerVerdict.Unsupported("digest-not-computed"); // R8933-3.1-b
        }

        ReadOnlyMemory<byte> claimed = report.SignedAttributes.FindSingle(Oids.MessageDigest)!.Value;
        return Der.TryDecode(claimed, r => r.ReadOctetString(), out byte[]? value, AsnEncodingRules.BER)
            ? CryptographicOperations.FixedTimeEquals(actual, value) ? null : new SignerVerdict.DigestMismatch()
            : new SignerVerdict.Malformed("message-digest-type");
    }

    private SignerVerdict? CheckAbsentAttributes(DigestAlgorithm digest)
    {
        if (encapsulatedContentType != Oids.Data) // RFC 5652 §5.3
        {
            return new SignerVerdict.Malformed("signed-attributes-missing");
        }

        // A signature with attributes, replayed as one over content that is those attributes (R3369-5.6-e).
        if (!content.PossibleAttributes.IsEmpty && CmsAttributes.LooksLikeSignedAttributes(content.PossibleAttributes))
        {
            return new SignerVerdict.RefusedByPolicy("content-looks-like-signed-attributes");
        }

        return content.GetDigest(digest) is null ? new SignerVerdict.Unsupported("digest-not-computed") : null;
    }

    private string? FindAttributeFault(CmsAttributes attributes, SignerInfoAsn signer)
    {
        if (attributes.Count == 0)
        {
            return "signed-attributes";
        }

        // RFC 5652 §11.1, §11.2: present, once, with one value of the right type.
        if (attributes.FindSingle(Oids.ContentType) is not { } contentType
            || !Der.TryDecode(contentType, r => r.ReadObjectIdentifier(), out string? oid, AsnEncodingRules.BER))
        {
            return "content-type-attribute";
        }

        if (oid != encapsulatedContentType) // RFC 5652 §5.6
        {
            return "content-type-mismatch";
        }

        if (attributes.FindSingle(Oids.MessageDigest) is null)
        {
            return "message-digest-attribute";
        }

        if (attributes.OfType(Oids.SigningTime).Any() && attributes.FindSingle(Oids.SigningTime) is null)
        {
            return "signing-time-attribute"; // R3369-11.3-g
        }

        return AlgorithmProtection.Agrees(attributes, signer.DigestAlgorithm, signer.SignatureAlgorithm)
            ? null
            : "algorithm-protection"; // RFC 6211 §3.1
    }

    private SignerVerdict VerifyWith(
        Certificate certificate,
        SignerInfoAsn signer,
        CmsAttributes attributes,
        SignatureAlgorithm scheme,
        DigestAlgorithm digest,
        ImmutableArray<string>.Builder deviations)
    {
        if (certificate.PublicKey.IsRsa && certificate.PublicKey.KeySize > options.Policy.MaximumRsaBits)
        {
            return new SignerVerdict.RefusedByPolicy(options.Policy.FindRsaObjection(certificate.PublicKey.KeySize)!); // not even tried
        }

        SignatureCheck check = CheckSignature(certificate, signer, scheme, digest, deviations);
        if (check != SignatureCheck.Match)
        {
            return check == SignatureCheck.UnusableKey
                ? new SignerVerdict.Unsupported(certificate.PublicKey.Algorithm.Oid)
                : new SignerVerdict.SignatureMismatch();
        }

        if (!SigningCertificateV2.Names(attributes, certificate))
        {
            return new SignerVerdict.Malformed("signing-certificate"); // R5035-5.4.1-b
        }

        return FindObjection(certificate, attributes, digest) is { } rule
            ? new SignerVerdict.RefusedByPolicy(rule)
            : new SignerVerdict.Valid(FindWeaknesses(certificate, digest));
    }

    /// <summary>What the policy holds against a sound signature.</summary>
    private string? FindObjection(Certificate certificate, CmsAttributes attributes, DigestAlgorithm digest) =>
        options.Policy.FindDigestObjection(digest.Oid, at)
            ?? (certificate.PublicKey.IsRsa ? options.Policy.FindRsaObjection(certificate.PublicKey.KeySize) : null)
            ?? (options.Policy.RequiresSignedAttributes && attributes.Count == 0 ? "signed-attributes-required" : null);

    private SignatureCheck CheckSignature(
        Certificate certificate,
        SignerInfoAsn signer,
        SignatureAlgorithm scheme,
        DigestAlgorithm digest,
        ImmutableArray<string>.Builder deviations)
    {
        if (signer.SignedAttributes.IsEmpty)
        {
            return scheme.Verify(certificate.PublicKey, content.GetDigest(digest), digest, signer.Signature.Span);
        }

        // RFC 5652 §5.4: the DER encoding under the tag of SET OF is what was signed, whatever was received.
        byte[] der = DerEncoding.Reencode(
            signer.SignedAttributes, Asn1Tag.SetOf, options.Limits.MaxAsn1Depth, "signedAttrs");
        SignatureCheck check = scheme.Verify(certificate.PublicKey, digest.Hash(der), digest, signer.Signature.Span);
        if (check == SignatureCheck.Match || !options.Policy.ToleratesDeviations)
        {
            return check;
        }

        // R3369-5.4-e: some producers sign what they wrote although it is not DER.
        byte[] received = signer.SignedAttributes.ToArray();
        received[0] = der[0];
        if (received.AsSpan().SequenceEqual(der))
        {
            return check;
        }

        SignatureCheck second = scheme.Verify(certificate.PublicKey, digest.Hash(received), digest, signer.Signature.Span);
        if (second == SignatureCheck.Match)
        {
            deviations.Add("signed-attributes-not-der");
        }

        return second;
    }

    private ImmutableArray<string> FindWeaknesses(Certificate certificate, DigestAlgorithm digest)
    {
        var weaknesses = ImmutableArray.CreateBuilder<string>();
        if (options.Policy.WeakDigests.Contains(digest.Oid))
        {
            weaknesses.Add("weak-digest");
        }

        if (certificate.PublicKey.IsRsa && certificate.PublicKey.KeySize < options.Policy.MinimumStrongRsaBits)
        {
            weaknesses.Add("weak-rsa-key");
        }

        return weaknesses.ToImmutable();
    }
}
