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
/// RFC 6211, RFC 5035; RFC 8419, RFC 9882, RFC 9814 and RFC 9708 for schemes that sign the message. With <see cref="Countersignature"/> as the
/// content type, the content is the signature of another signer.
/// </summary>
internal sealed class SignerVerifier(
    ContentDigester? content,
    string? encapsulatedContentType,
    CmsReaderOptions options,
    DateTimeOffset at,
    SignatureBudget budget,
    SignerCandidates candidates)
{
    /// <summary>The content type of what a countersignature is over: none (RFC 5652 §11.4).</summary>
    internal const string? Countersignature = null;

    private const int HighestVersion = 5; // CMSVersion, RFC 5652 §10.2.5

    private CmsPolicy Policy => options.Policy;

    /// <summary>Checks a signer with the certificates that may be meant, in order.</summary>
    internal SignerReport Verify(SignerInfoAsn signer, IReadOnlyList<Certificate> certificates)
    {
        var deviations = new SortedSet<string>(StringComparer.Ordinal);
        SignerReport report = Describe(signer, deviations);
        if (encapsulatedContentType == Countersignature && report.SignedAttributes.Contains(Oids.ContentType))
        {
            deviations.Add("countersignature-content-type"); // R3369-11.4-d
        }

        (SignerVerdict verdict, Certificate? certificate) = Judge(signer, report, certificates, deviations);
        return report with
        {
            Verdict = verdict,
            Certificate = certificate,
            ParametersFrom = certificate is null ? null : candidates.GetKey(certificate).ParametersFrom,
            Deviations = [.. deviations],
        };
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
        SignerInfoAsn signer, SignerReport report, IReadOnlyList<Certificate> certificates, SortedSet<string> deviations)
    {
        DigestAlgorithm? digest = DigestAlgorithm.Find(signer.DigestAlgorithm);
        SignatureAlgorithm? scheme = SignatureAlgorithm.Resolve(signer.SignatureAlgorithm, digest);
        SignerVerdict? refusal = FindUnsupported(signer, digest, scheme)
            ?? (FindFault(signer, report) is { } fault ? new SignerVerdict.Malformed(fault) : null)
            ?? (SignsContent(signer, scheme!) ? CheckContent() : CheckDigest(signer, report, digest!));
        if (refusal is not null || certificates.Count == 0)
        {
            return (refusal ?? new SignerVerdict.CertificateNotFound(), certificates.Count > 0 ? certificates[0] : null);
        }

        DigestAlgorithm? computed = SignsContent(signer, scheme!) ? null : digest; // nothing is digested (R9882-3.3-e)

        // R3851-2.6-b: several certificates may have the same identifier; each is tried before failure is reported.
        ReadOnlyMemory<byte>[] inputs = SignatureInputs.Prepare(signer, content!, computed, scheme!, options, deviations);
        Attempt best = default;
        foreach (Certificate candidate in certificates)
        {
            string? deviation = FindDeviation(signer, digest, scheme!.Specialize(candidates.GetKey(candidate).Key));
            Attempt attempt = Try(candidate, signer, report.SignedAttributes, new Terms(scheme, computed, deviation), inputs) with
            {
                Deviation = deviation,
            };
            best = best.Verdict is null || attempt.Progress > best.Progress ? attempt : best;
            if (attempt.Progress == Progress.Valid)
            {
                break;
            }
        }

        return (best.Tell(deviations), best.Certificate);
    }

    // Whether the signature is over the content itself: the scheme digests nothing, and there are no attributes.
    private static bool SignsContent(SignerInfoAsn signer, SignatureAlgorithm scheme) =>
        scheme.SignsMessage && signer.SignedAttributes.IsEmpty;

    // What deviates from the RFC of the algorithms, and harms nothing: reported when tolerated, else the rule that refuses the signature.
    private static string? FindDeviation(SignerInfoAsn signer, DigestAlgorithm? digest, SignatureAlgorithm scheme)
    {
        bool paired = !scheme.SignsMessage || (digest is null
            ? scheme is MLDsaSignature or SlhDsaSignature // ignored without attributes (R9882-3.3-e, R9814-4-d)
            : scheme.IsPairedWith(digest, !signer.SignedAttributes.IsEmpty));
        string? deviation = !paired ? "digest-not-of-scheme" // R8419-3-b, R9882-3.3-c, R9814-4-c, R9708-5-a
            : scheme.HasDeviatingParameters || digest?.HasProperParameters(signer.DigestAlgorithm) == false ? "null-parameters"
            : null;
        return deviation;
    }

    private SignerVerdict? FindUnsupported(SignerInfoAsn signer, DigestAlgorithm? digest, SignatureAlgorithm? scheme)
    {
        if (signer.Version is < 0 or > HighestVersion || (!signer.HasKnownVersion && !Policy.ToleratesDeviations))
        {
            return new SignerVerdict.Unsupported("version"); // R3369-5.1-l
        }

        if (scheme is null)
        {
            return new SignerVerdict.Unsupported(digest is null ? signer.DigestAlgorithm.Oid : signer.SignatureAlgorithm.Oid);
        }

        return digest is null && !SignsContent(signer, scheme) ? new SignerVerdict.Unsupported(signer.DigestAlgorithm.Oid)
            : !scheme.SignsMessage && scheme.Digest != digest ? new SignerVerdict.Malformed("digest-algorithm-mismatch") // RFC 8933 §3
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

        return CheckLookalike(content);
    }

    private SignerVerdict? CheckContent() =>
        content is null ? new SignerVerdict.ContentMissing() // R3369-5.2-c
        : !content.KeepsContent ? new SignerVerdict.Unsupported("content-not-kept") // R8419-4-a: more than CmsLimits.MaxContentSignedWhole
        : CheckLookalike(content);

    // A signature with attributes, replayed as one over content that is those attributes (R3369-5.6-e).
    private static SignerVerdict.RefusedByPolicy? CheckLookalike(ContentDigester content) =>
        CmsAttributes.LooksLikeSignedAttributes(content.PossibleAttributes)
            ? new SignerVerdict.RefusedByPolicy("content-looks-like-signed-attributes")
            : null;

    private Attempt Try(
        Certificate certificate, SignerInfoAsn signer, CmsAttributes attributes, Terms terms, ReadOnlyMemory<byte>[] inputs)
    {
        if (inputs.Length == 0)
        {
            return new Attempt(certificate, new SignerVerdict.Malformed("signed-attributes-not-der"), Progress.NotTried);
        }

        SubjectPublicKeyInfo key = candidates.GetKey(certificate).Key;
        if (key.IsRsa && key.KeySize > Policy.MaximumRsaBits)
        {
            string rule = Policy.FindRsaObjection(key.KeySize)!;
            return new Attempt(certificate, new SignerVerdict.RefusedByPolicy(rule), Progress.NotTried);
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            switch (Check(terms, key, inputs[i].Span, signer.Signature.Span))
            {
                case SignatureCheck.Match:
                    return JudgeSound(certificate, key, attributes, terms) with { AsReceived = i > 0 };
                case SignatureCheck.UnusableKey:
                    return new Attempt(certificate, new SignerVerdict.Unsupported(key.Algorithm.Oid), Progress.NotTried);
            }
        }

        return new Attempt(certificate, new SignerVerdict.SignatureMismatch(), Progress.Mismatch);
    }

    private SignatureCheck Check(Terms terms, SubjectPublicKeyInfo key, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        budget.SpendCheck();
        return terms.Scheme.Verify(key, input, terms.Digest ?? DigestAlgorithm.Sha512, signature);
    }

    private Attempt JudgeSound(Certificate certificate, SubjectPublicKeyInfo key, CmsAttributes attributes, Terms terms)
    {
        if (!SigningCertificate.Names(attributes, certificate))
        {
            return new Attempt(certificate, new SignerVerdict.Malformed("signing-certificate"), Progress.OtherMeant); // R5035-5.4.1-b
        }

        bool otherMgf = terms.Scheme is RsaPssSignature pss && pss.MgfDigest != pss.Digest; // R4056-3-c
        string? rule = (terms.Digest is null ? null : Policy.FindDigestObjection(terms.Digest.Oid, at))
            ?? Policy.FindSignatureObjection(terms.Scheme.Name, at)
            ?? (key.IsRsa ? Policy.FindRsaObjection(key.KeySize) : key.IsDsa ? Policy.FindDsaObjection(key.KeySize) : null)
            ?? (Policy.RequiresSignedAttributes && attributes.Count == 0 ? "signed-attributes-required" : null)
            ?? (otherMgf && !Policy.ToleratesDeviations ? "mgf1-digest-differs" : null)
            ?? (Policy.ToleratesDeviations ? null : terms.Deviation);
        return rule is not null
            ? new Attempt(certificate, new SignerVerdict.RefusedByPolicy(rule), Progress.Refused)
            : new Attempt(certificate, new SignerVerdict.Valid(FindWeaknesses(key, terms)), Progress.Valid) { OtherMgf = otherMgf };
    }

    private ImmutableArray<string> FindWeaknesses(SubjectPublicKeyInfo key, Terms terms)
    {
        var weaknesses = ImmutableArray.CreateBuilder<string>();
        if (terms.Digest is not null && Policy.WeakDigests.Contains(terms.Digest.Oid))
        {
            weaknesses.Add("weak-digest");
        }

        if (Policy.WeakSignatures.Contains(terms.Scheme.Name))
        {
            weaknesses.Add("weak-signature");
        }

        if (key.IsRsa && key.KeySize < Policy.MinimumStrongRsaBits)
        {
            weaknesses.Add("weak-rsa-key");
        }

        return weaknesses.DrainToImmutable();
    }

    /// <summary>The algorithms of a signature: no digest when it is over the content itself; their deviation from the RFCs, if any.</summary>
    private readonly record struct Terms(SignatureAlgorithm Scheme, DigestAlgorithm? Digest, string? Deviation);

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

        internal string? Deviation { get; init; }

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

            if (Deviation is not null)
            {
                deviations.Add(Deviation);
            }

            return Verdict;
        }
    }
}
