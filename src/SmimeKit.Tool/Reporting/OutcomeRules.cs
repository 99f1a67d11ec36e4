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
        _ when report.Signatures.Any(s => s.Signer.Verdict is SignerVerdict.Unsupported) => Outcome.Unsupported,
        _ when report.Signatures.Any(s => s.Integrity is Check.Fail) => Outcome.Invalid,
        _ => Outcome.Untrusted, // signatures around ciphertext included: they vouch for nothing that was read
    };
}
