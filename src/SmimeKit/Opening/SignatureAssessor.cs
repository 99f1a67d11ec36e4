using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;

namespace SmimeKit.Opening;

/// <summary>Turns what CMS says about a signer into the checks of a mail: certificate, path, address, time, algorithms, coverage.</summary>
internal sealed class SignatureAssessor(SmimeOpenOptions options, MessageContext context, MessagePaths paths, DateTimeOffset at)
{
    private static readonly Check _noCertificate = new Check.NotChecked("certificate-not-found");

    private readonly TimeStampProof _proof = new(options, paths, at);

    /// <summary>Assesses one signer.</summary>
    internal async ValueTask<SignatureReport> AssessAsync(
        int layer, SignerReport signer, CarriedCertificates carried, bool coversPlaintext, bool hasEmbeddedContent, CancellationToken cancellationToken)
    {
        Check integrity = hasEmbeddedContent
            ? new Check.Fail("embedded-content", "the detached signature carries content of its own")
            : AssessIntegrity(signer.Verdict);
        (PathValidationResult? path, TimeStampReport? stamp) = signer.Certificate is { } certificate && signer.Verdict is not SignerVerdict.CertificateNotFound
            ? await ValidateAsync(signer, certificate, carried.Certificates, cancellationToken).ConfigureAwait(false)
            : default;
        (Check address, string? matched) = AssessAddress(signer.Certificate);
        var report = new SignatureReport
        {
            Layer = layer,
            Signer = signer,
            Path = path,
            TimeStamp = stamp,
            Integrity = integrity.HasPassed && !HasTrueParameters(signer, path)
                ? new Check.Fail("dsa-parameters", "the DSA parameters come from another certificate than the path's")
                : integrity,
            Identity = AssessIdentity(signer),
            Chain = path is null ? _noCertificate
                : FindUnlisted(signer, path) is { } unlisted
                    ? new Check.Fail("signing-certificate-path", $"the signer does not admit {unlisted.Subject} into the path")
                : From(path, path.Trust == TrustStatus.Trusted, "path-untrusted", _ => true),
            Usage = path is null ? _noCertificate : From(path, path.Usage == UsageStatus.Ok, "usage-refused", IsUsage),
            Revocation = AssessRevocation(path),
            Address = address,
            MatchedAddress = matched,
            Time = path is null ? _noCertificate : From(path, path.Time == TimeStatus.Valid, "not-valid-at-this-time", IsTime),
            Algorithms = AssessAlgorithms(signer.Verdict, path),
            Coverage = coversPlaintext
                ? Check.Passed
                : new Check.Fail("signs-ciphertext", "the signature covers ciphertext, not what was decrypted from it"),
            IsTrusted = false,
        };
        return report with { IsTrusted = IsTrusted(report) };
    }

    // At the present time, never at the claimed signing time (RFC 8550 §5, CVE-2026-59641). What has expired since is good as of a proven time.
    private async ValueTask<(PathValidationResult Path, TimeStampReport? Stamp)> ValidateAsync(
        SignerReport signer, Certificate certificate, IReadOnlyList<Certificate> carried, CancellationToken cancellationToken)
    {
        PathValidationResult path = await ValidateAtAsync(at).ConfigureAwait(false);
        if (path.Time != TimeStatus.Expired || signer.Verdict is not SignerVerdict.Valid
            || await _proof.FindAsync(signer, carried, cancellationToken).ConfigureAwait(false) is not { } stamp)
        {
            return (path, null);
        }

        PathValidationResult then = await ValidateAtAsync(stamp.Info!.Latest).ConfigureAwait(false); // R3161-4-a
        return then.Outcome == TrustStatus.Trusted ? (then, stamp) : (path, null);

        ValueTask<PathValidationResult> ValidateAtAsync(DateTimeOffset instant) =>
            paths.ValidateAsync(certificate, CertificatePurpose.EmailSigning, instant, carried, cancellationToken);
    }

    /// <summary>Finds a certificate of the path that the signer does not admit: one that names further certificates admits no others (R5035-5.4.1-d).</summary>
    internal static Certificate? FindUnlisted(SignerReport signer, PathValidationResult path) =>
        path.Path.Skip(1).FirstOrDefault(c => !c.Equals(path.Anchor) && !signer.AllowsInPath(c));

    private static Check AssessIntegrity(SignerVerdict verdict) => verdict switch
    {
        SignerVerdict.Valid => Check.Passed,
        SignerVerdict.RefusedByPolicy { Rule: "content-looks-like-signed-attributes" or "rsa-key-too-large" } refused =>
            new Check.Fail(refused.Rule, "the signature was not tried"),
        SignerVerdict.RefusedByPolicy => Check.Passed, // sound, and refused for its algorithms
        SignerVerdict.DigestMismatch => new Check.Fail("digest-mismatch", "the content was changed after it was signed"),
        SignerVerdict.SignatureMismatch => new Check.Fail("signature-mismatch", "the signature does not fit the certificate's key"),
        SignerVerdict.Malformed malformed => new Check.Fail("malformed-signer", malformed.Rule),
        SignerVerdict.ContentMissing => new Check.NotChecked("content-missing"),
        SignerVerdict.Unsupported unsupported => new Check.NotChecked("unsupported:" + unsupported.Oid),
        _ => _noCertificate,
    };

    /// <summary>Tells whether inherited DSA parameters are those of the issuer in the path; anybody else's prove nothing (RFC 3279 §2.3.2).</summary>
    internal static bool HasTrueParameters(SignerReport signer, PathValidationResult? path) =>
        signer.ParametersFrom is not { } issuer || path?.Path.Contains(issuer) == true;

    private static Check AssessIdentity(SignerReport signer) => signer switch
    {
        { Certificate: null } => new Check.Fail("certificate-not-found", "no certificate matches the signer's identifier"),
        { Verdict: SignerVerdict.Malformed { Rule: "signing-certificate" } } =>
            new Check.Fail("signing-certificate", "the signer names another certificate than the one that matches"), // RFC 5035 §5.4
        _ => Check.Passed,
    };

    private static Check AssessAlgorithms(SignerVerdict verdict, PathValidationResult? path)
    {
        if (verdict is SignerVerdict.RefusedByPolicy refused)
        {
            return new Check.Fail(refused.Rule, "the policy does not accept the signature's algorithms");
        }

        // The requirements' legacy policy: flagged, and never a plain "valid".
        if (verdict is SignerVerdict.Valid { Weaknesses: [var weakness, ..] })
        {
            return new Check.Fail(weakness, "accepted for reading only");
        }

        if (path is null)
        {
            return _noCertificate;
        }

        if (verdict is SignerVerdict.ContentMissing or SignerVerdict.Unsupported)
        {
            return AssessIntegrity(verdict);
        }

        return path.Policy != PolicyStatus.Ok ? From(path, false, "policy-refused", IsAlgorithm)
            : path.Warnings is [var warning, ..] ? new Check.Fail(warning.Code, warning.Message)
            : Check.Passed;
    }

    private static Check AssessRevocation(PathValidationResult? path) => path?.Revocation switch
    {
        null => _noCertificate,
        RevocationStatus.NotChecked => new Check.NotChecked("revocation-not-checked"),
        _ => new Check.Fail("revocation", "the certificate's revocation status is not good"),
    };

    private (Check Check, string? Matched) AssessAddress(Certificate? certificate)
    {
        if (certificate is null)
        {
            return (_noCertificate, null);
        }

        IReadOnlyList<string> certified = Addresses(certificate);
        if (certified.Count == 0)
        {
            return (new Check.NotChecked("address-absent"), null); // RFC 8550 §3: legal, and bound to nobody
        }

        if (options.ExpectedAddress is null && !context.IsMail)
        {
            return (new Check.NotChecked("no-mail"), null); // an entity alone has no address to compare
        }

        if (FindMatch(certified, options.ExpectedAddress ?? context.Author) is { } author)
        {
            return (Check.Passed, author);
        }

        // RFC 8550 §3 asks for From or Sender; what a reader is shown is From.
        if (options.ExpectedAddress is null && FindMatch(certified, context.Sender) is { } sender)
        {
            return options.AcceptsSender
                ? (Check.Passed, sender)
                : (new Check.Fail("signed-by-sender", $"the signature is that of the Sender, {sender}, not of the author"), null);
        }

        return options.ExpectedAddress is null && context.Author is null
            ? (new Check.Fail("originator-unclear", "the message does not name one author"), null)
            : (new Check.Fail("address-mismatch", $"the certificate belongs to {string.Join(", ", certified)}"), null);
    }

    private static string? FindMatch(IReadOnlyList<string> certified, string? claimed) =>
        claimed is null ? null : certified.FirstOrDefault(c => EmailAddressComparison.AreEqual(claimed, c));

    /// <summary>Gets the addresses of a certificate; none when they cannot be read.</summary>
    internal static IReadOnlyList<string> Addresses(Certificate certificate)
    {
        try
        {
            return certificate.EmailAddresses;
        }
        catch (MalformedDataException)
        {
            return [];
        }
    }

    private bool IsTrusted(SignatureReport report) =>
        report.Integrity.HasPassed && report.Identity.HasPassed && report.Chain.HasPassed && report.Usage.HasPassed
        && report.Time.HasPassed && report.Algorithms.HasPassed && report.Coverage.HasPassed
        && (report.Revocation.HasPassed || (options.AcceptsUncheckedRevocation && report.Revocation is Check.NotChecked))
        && IsAddressAccepted(report.Address);

    private bool IsAddressAccepted(Check address) => address switch
    {
        Check.Pass => true,
        Check.NotChecked { Reason: "address-absent" } => options.AcceptsCertificatesWithoutAddress,
        Check.NotChecked { Reason: "no-mail" } => true,
        _ => false,
    };

    private static Check From(PathValidationResult path, bool passed, string code, Func<PathProblem, bool> concerns)
    {
        if (passed)
        {
            return Check.Passed;
        }

        PathProblem? problem = path.Problems.FirstOrDefault(concerns) ?? path.Problems.FirstOrDefault();
        return new Check.Fail(problem?.Code ?? code, problem?.Message ?? code);
    }

    private static bool IsUsage(PathProblem problem) => problem.Code.Contains("usage", StringComparison.Ordinal);

    private static bool IsTime(PathProblem problem) => problem.Code is "expired" or "not-yet-valid";

    private static bool IsAlgorithm(PathProblem problem) => problem.Code.StartsWith("weak-", StringComparison.Ordinal);
}
