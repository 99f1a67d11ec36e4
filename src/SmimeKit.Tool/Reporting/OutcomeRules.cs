using SmimeKit.Cms.Signed;

namespace SmimeKit.Tool.Reporting;

/// <summary>Turns the library's report into the one word that scripts look at. It adds no judgement of its own.</summary>
internal static class OutcomeRules
{
    internal static Outcome Of(SmimeReport report) => report.Outcome switch
    {
        MessageOutcome.Valid => Outcome.Ok,
        MessageOutcome.NoSignature when report.Layers.IsEmpty => Outcome.Plain,
        MessageOutcome.NoSignature when report.Signatures.IsEmpty => Outcome.Unsigned,
        _ when IsContentMissing(report) => Outcome.Malformed,
        _ when report.Signatures.Any(s => s.Signer.Verdict is SignerVerdict.Unsupported) => Outcome.Unsupported,
        _ when report.Signatures.Any(s => s.Integrity is Check.Fail) => Outcome.Invalid,
        _ => Outcome.Untrusted, // signatures around ciphertext included: they vouch for nothing that was read
    };

    /// <summary>Gets why a report without exception is not that of a whole message; null when it is.</summary>
    internal static Failure? FailureOf(SmimeReport report) => IsContentMissing(report)
        ? new Failure(Outcome.Malformed, "content-missing", "The signature is detached: name what was signed with verify --content.")
        : null;

    private static bool IsContentMissing(SmimeReport report) =>
        report.Signatures.Any(s => s.Signer.Verdict is SignerVerdict.ContentMissing);
}
