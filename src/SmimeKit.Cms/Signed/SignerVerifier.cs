using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>
/// Checks the signers of a message against the digests of its content (null when there is no content): RFC 5652 §5.4-5.6, RFC 8933,
/// RFC 6211, RFC 5035. With <see cref="Countersignature"/> as the content type, the content is the signature of another signer.
/// </summary>
internal sealed class SignerVerifier(
    ContentDigester? content,
    string? encapsulatedContentType,
    CmsReaderOptions options,
    DateTimeOffset at,
    SignatureBudget budget)
{
    /// <summary>The content type of what a countersignature is over: none (RFC 5652 §11.4).</summary>
    internal const string? Countersignature = null;

    private const int HighestVersion = 5; // CMSVersion, RFC 5652 §10.2.5

    private CmsPolicy Policy => options.Policy;

    /// <summary>Checks a signer with the certificates that may be meant, in order.</summary>
    internal SignerReport Verify(SignerInfoAsn signer, IReadOnlyList<Certificate> candidates)
    {
        var deviations = new SortedSet<string>(StringComparer.Ordinal);
        SignerReport report = Describe(signer, deviations);
        if (encapsulatedContentType == Countersignature && report.SignedAttributes.Contains(Oids.ContentType))
        {
            deviations.Add("countersignature-content-type"); // R3369-11.4-d
        }

        (SignerVerdict verdict, Certificate? certificate) = Judge(signer, report, candidates, deviations);
        return report with { Verdict = verdict, Certificate = certificate, Deviations = [.. deviations] };
    }

    private static SignerReport Describe(SignerInfoAsn signer, SortedSet<string> deviations)
    {
        CmsAttributes attributes = signer.ReadSignedAttributes();
        if (signer.Version != signer.ProperVersion)
        {
            deviations.Add("signer-version"); // R3369-1-b: the version explains, it does not decide
        }

        if (SignedAttributeRules.HasMisplaced(attributes, signer.UnsignedAttributes))
        {
            deviations.Add("misplaced-attribute");
        }

        if (signer.HasEmptyUnsignedAttributes)
        {
            deviations.Add("empty-unsigned-attributes"); // R5652-5.3-a
        }

        if (SigningTime.IsUnusual(attributes))
        {
            deviations.Add("signing-time-form"); // R3369-11.3-f
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

    private (SignerVerdict Verdict, Certificate? Certificate) Judge(
        SignerInfoAsn signer, SignerReport report, IReadOnlyList<Certificate> candidates, SortedSet<string> deviations)
    {
        DigestAlgorithm? digest = DigestAlgorithm.Find(signer.DigestAlgorithm);
        SignatureAlgorithm? scheme = SignatureAlgorithm.Resolve(signer.SignatureAlgorithm, digest);
        SignerVerdict? refusal = FindUnsupported(signer, digest, scheme)
            ?? (FindFault(signer, report) is { } fault ? new SignerVerdict.Malformed(fault) : null)
            ?? CheckDigest(signer, report, digest!);
        if (refusal is not null || candidates.Count == 0)
        {
            return (refusal ?? new SignerVerdict.CertificateNotFound(), candidates.Count > 0 ? candidates[0] : null);
        }

        // R3851-2.6-b: several certificates may have the same identifier; each is tried before failure is reported.
        byte[][] inputs = SignatureInputs.Hash(signer, content!, digest!, options, deviations);
        Attempt best = default;
        foreach (Certificate candidate in candidates)
        {
            Attempt attempt = Try(candidate, signer, report.SignedAttributes, scheme!, digest!, inputs);
            best = best.Verdict is null || attempt.Progress > best.Progress ? attempt : best;
            if (attempt.Progress == Progress.Valid)
            {
                break;
            }
        }

        return (best.Tell(deviations), best.Certificate);
    }

    private SignerVerdict? FindUnsupported(SignerInfoAsn signer, DigestAlgorithm? digest, SignatureAlgorithm? scheme)
    {
        if (signer.Version is < 0 or > HighestVersion || (!signer.HasKnownVersion && !Policy.ToleratesDeviations))
        {
            return new SignerVerdict.Unsupported("version"); // R3369-5.1-l
        }

        if (digest is null)
        {
            return new SignerVerdict.Unsupported(signer.DigestAlgorithm.Oid);
        }

        return scheme is null ? new SignerVerdict.Unsupported(signer.SignatureAlgorithm.Oid)
            : scheme.Digest != digest ? new SignerVerdict.Malformed("digest-algorithm-mismatch") // RFC 8933 §3: one for content and attributes
            : null;
    }

    private string? FindFault(SignerInfoAsn signer, SignerReport report)
    {
        string? fault = SignedAttributeRules.FindUnsignedFault(report.UnsignedAttributes);
        if (!signer.SignedAttributes.IsEmpty)
        {
            fault ??= SignedAttributeRules.FindFault(
                report.SignedAttributes, encapsulatedContentType, signer.DigestAlgorithm, signer.SignatureAlgorithm);
        }
        else if (encapsulatedContentType is not (Oids.Data or Countersignature)) // RFC 5652 §5.3
        {
            fault ??= "signed-attributes-missing";
        }

        if (!Policy.ToleratesDeviations)
        {
            fault ??= SignedAttributeRules.HasMisplaced(report.SignedAttributes, report.UnsignedAttributes) ? "misplaced-attribute"
                : SigningTime.IsUnusual(report.SignedAttributes) ? "signing-time-attribute"
                : signer.HasEmptyUnsignedAttributes ? "empty-unsigned-attributes"
                : encapsulatedContentType == Countersignature && report.SignedAttributes.Contains(Oids.ContentType) ? "content-type-attribute"
                : null;
        }

        return fault;
    }

    private SignerVerdict? CheckDigest(SignerInfoAsn signer, SignerReport report, DigestAlgorithm digest)
    {
        if (content is null)
        {
            return new SignerVerdict.ContentMissing(); // R3369-5.2-c
        }

        if (content.GetDigest(digest) is not { } actual)
        {
            return new SignerVerdict.Unsupported("digest-not-computed"); // R8933-3.1-b
        }

        if (!signer.SignedAttributes.IsEmpty)
        {
            ReadOnlyMemory<byte> claimed = report.SignedAttributes.FindSingle(Oids.MessageDigest)!.Value;
            byte[] value = Der.Decode(claimed, "messageDigest", r => r.ReadOctetString(), AsnEncodingRules.BER);
            return CryptographicOperations.FixedTimeEquals(actual, value) ? null : new SignerVerdict.DigestMismatch();
        }

        // A signature with attributes, replayed as one over content that is those attributes (R3369-5.6-e).
        return !content.PossibleAttributes.IsEmpty && CmsAttributes.LooksLikeSignedAttributes(content.PossibleAttributes)
            ? new SignerVerdict.RefusedByPolicy("content-looks-like-signed-attributes")
            : null;
    }

    private Attempt Try(
        Certificate certificate,
        SignerInfoAsn signer,
        CmsAttributes attributes,
        SignatureAlgorithm scheme,
        DigestAlgorithm digest,
        byte[][] inputs)
    {
        if (inputs.Length == 0)
        {
            return new Attempt(certificate, new SignerVerdict.Malformed("signed-attributes-not-der"), Progress.NotTried);
        }

        if (certificate.PublicKey.IsRsa && certificate.PublicKey.KeySize > Policy.MaximumRsaBits)
        {
            string rule = Policy.FindRsaObjection(certificate.PublicKey.KeySize)!;
            return new Attempt(certificate, new SignerVerdict.RefusedByPolicy(rule), Progress.NotTried);
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            switch (Check(scheme, certificate.PublicKey, inputs[i], digest, signer.Signature.Span))
            {
                case SignatureCheck.Match:
                    return JudgeSound(certificate, attributes, scheme, digest) with { AsReceived = i > 0 };
                case SignatureCheck.UnusableKey:
                    return new Attempt(certificate, new SignerVerdict.Unsupported(certificate.PublicKey.Algorithm.Oid), Progress.NotTried);
            }
        }

        return new Attempt(certificate, new SignerVerdict.SignatureMismatch(), Progress.Mismatch);
    }

    private SignatureCheck Check(
        SignatureAlgorithm scheme, SubjectPublicKeyInfo key, byte[] hash, DigestAlgorithm digest, ReadOnlySpan<byte> signature)
    {
        budget.SpendCheck();
        return scheme.Verify(key, hash, digest, signature);
    }

    private Attempt JudgeSound(
        Certificate certificate, CmsAttributes attributes, SignatureAlgorithm scheme, DigestAlgorithm digest)
    {
        if (!SigningCertificate.Names(attributes, certificate))
        {
            return new Attempt(certificate, new SignerVerdict.Malformed("signing-certificate"), Progress.OtherMeant); // R5035-5.4.1-b
        }

        bool otherMgf = scheme is RsaPssSignature pss && pss.MgfDigest != digest; // R4056-3-c
        string? rule = Policy.FindDigestObjection(digest.Oid, at)
            ?? (certificate.PublicKey.IsRsa ? Policy.FindRsaObjection(certificate.PublicKey.KeySize) : null)
            ?? (Policy.RequiresSignedAttributes && attributes.Count == 0 ? "signed-attributes-required" : null)
            ?? (otherMgf && !Policy.ToleratesDeviations ? "mgf1-digest-differs" : null);
        return rule is not null
            ? new Attempt(certificate, new SignerVerdict.RefusedByPolicy(rule), Progress.Refused)
            : new Attempt(certificate, new SignerVerdict.Valid(FindWeaknesses(certificate, digest)), Progress.Valid) { OtherMgf = otherMgf };
    }

    private ImmutableArray<string> FindWeaknesses(Certificate certificate, DigestAlgorithm digest)
    {
        bool weakDigest = Policy.WeakDigests.Contains(digest.Oid);
        bool weakKey = certificate.PublicKey.IsRsa && certificate.PublicKey.KeySize < Policy.MinimumStrongRsaBits;
        return (weakDigest, weakKey) switch
        {
            (true, true) => ["weak-digest", "weak-rsa-key"],
            (true, false) => ["weak-digest"],
            (false, true) => ["weak-rsa-key"],
            _ => [],
        };
    }

    /// <summary>How far a certificate came: the farthest is reported.</summary>
    private enum Progress
    {
        NotTried,
        Mismatch,
        OtherMeant,
        Refused,
        Valid,
    }

    /// <summary>One certificate tried.</summary>
    private readonly record struct Attempt(Certificate Certificate, SignerVerdict Verdict, Progress Progress)
    {
        internal bool AsReceived { get; init; }

        internal bool OtherMgf { get; init; }

        internal SignerVerdict Tell(SortedSet<string> deviations)
        {
            if (AsReceived)
            {
                deviations.Add("signed-attributes-signed-as-received");
            }

            if (OtherMgf)
            {
                deviations.Add("mgf1-digest-differs");
            }

            return Verdict;
        }
    }
}
