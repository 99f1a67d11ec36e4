using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;

namespace SmimeKit.Tool.Reporting;

/// <summary>How the sides of a verdict are spelled in JSON and in text.</summary>
internal static class VerdictNames
{
    private const string NotChecked = "not-checked";

    internal static string Integrity(SignatureReport signature) => signature.Signer.Verdict switch
    {
        SignerVerdict.DigestMismatch => "digest-mismatch",
        SignerVerdict.SignatureMismatch => "signature-mismatch",
        SignerVerdict.Unsupported => "unsupported",
        SignerVerdict.CertificateNotFound => "no-certificate",
        SignerVerdict.ContentMissing => NotChecked,
        SignerVerdict.Valid or SignerVerdict.RefusedByPolicy when signature.Integrity.HasPassed => "valid",
        _ => "malformed", // whatever is not known to be valid is not called so
    };

    internal static string Path(SignatureReport signature) => signature.Path is null ? NotChecked
        : signature.Chain.HasPassed ? "trusted" : "untrusted";

    internal static string Revocation(RevocationStatus? status) => status switch
    {
        RevocationStatus.Good => "good",
        RevocationStatus.Revoked => "revoked",
        RevocationStatus.Unknown => "unknown",
        _ => NotChecked,
    };

    internal static string Time(SignatureReport signature) => signature.Path?.Time switch
    {
        TimeStatus.Valid => "valid",
        TimeStatus.Expired => "expired",
        TimeStatus.NotYetValid => "not-yet-valid",
        _ => NotChecked,
    };

    internal static string Usage(SignatureReport signature) => OkOrRefused(signature.Usage);

    internal static string Policy(SignatureReport signature) => OkOrRefused(signature.Algorithms);

    internal static string Address(SignatureReport signature) => signature.Address switch
    {
        Check.Pass => "match",
        Check.Fail => "mismatch",
        Check.NotChecked { Reason: "address-absent" } => "absent",
        _ => NotChecked,
    };

    /// <summary>Gets the reasons against trust, as <c>code: explanation</c>.</summary>
    internal static IEnumerable<string> Problems(SignatureReport signature, bool requiresRevocation)
    {
        IEnumerable<string> problems = signature.Problems;
        if (signature.Signer.Verdict is SignerVerdict.ContentMissing)
        {
            problems = problems.Prepend("content-missing: the signature is detached, and what it signs is not here");
        }

        if (requiresRevocation && signature.Revocation is Check.NotChecked)
        {
            problems = problems.Append("revocation-not-checked: revocation is required, and this version does not check it");
        }

        return signature.Address is Check.NotChecked { Reason: "address-absent" } && !signature.IsTrusted
            ? problems.Append("address-absent: the certificate names no mail address, so it is bound to nobody")
            : problems;
    }

    internal static string Covers(SignatureCoverage coverage) => coverage switch
    {
        SignatureCoverage.Whole => "whole",
        SignatureCoverage.Part => "part",
        _ => "none",
    };

    internal static string Kind(LayerKind kind) => kind switch
    {
        LayerKind.Signed => "signed",
        LayerKind.Encrypted => "encrypted",
        LayerKind.Compressed => "compressed",
        _ => "certs-only",
    };

    private static string OkOrRefused(Check check) => check switch
    {
        Check.Pass => "ok",
        Check.Fail => "refused",
        _ => NotChecked,
    };
}
