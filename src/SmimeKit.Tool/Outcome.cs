namespace SmimeKit.Tool;

/// <summary>What became of one input, from good to bad: the worst of what happened counts.</summary>
internal enum Outcome
{
    Ok,
    Plain,
    Unsigned,
    Untrusted,
    Invalid,
    DecryptFailed,
    NoKey,
    Refused,
    Unsupported,
    Limit,
    Malformed,
    Io,
    Usage,
    Interrupted,
    Bug,
}

/// <summary>How outcomes are spelled and which exit code they have.</summary>
internal static class OutcomeExtensions
{
    internal static string ToName(this Outcome outcome) => outcome switch
    {
        Outcome.Ok => "ok",
        Outcome.Plain => "plain",
        Outcome.Unsigned => "unsigned",
        Outcome.Untrusted => "untrusted",
        Outcome.Invalid => "invalid",
        Outcome.DecryptFailed => "decrypt-failed",
        Outcome.NoKey => "no-key",
        Outcome.Refused => "refused",
        Outcome.Unsupported => "unsupported",
        Outcome.Limit => "limit",
        Outcome.Malformed => "malformed",
        Outcome.Io => "io",
        Outcome.Usage => "usage",
        Outcome.Interrupted => "interrupted",
        _ => "internal-error",
    };

    internal static int ToExitCode(this Outcome outcome) => outcome switch
    {
        Outcome.Ok or Outcome.Plain or Outcome.Unsigned => ExitCode.Ok,
        Outcome.Untrusted or Outcome.Invalid => ExitCode.NotTrusted,
        Outcome.DecryptFailed or Outcome.NoKey => ExitCode.NoKey,
        Outcome.Refused or Outcome.Unsupported => ExitCode.Refused,
        Outcome.Limit => ExitCode.Limit,
        Outcome.Malformed => ExitCode.Malformed,
        Outcome.Io => ExitCode.Io,
        Outcome.Usage => ExitCode.Usage,
        Outcome.Interrupted => ExitCode.Interrupted,
        _ => ExitCode.Bug,
    };
}
