using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary>What the command line asks to be opened, and how far.</summary>
internal sealed record OpenRequest
{
    internal required OpenMode Mode { get; init; }

    internal required IReadOnlyList<string> Files { get; init; }

    internal string? Output { get; init; }

    /// <summary>Gets the file with the content of a detached signature.</summary>
    internal string? Content { get; init; }

    /// <summary>Gets the address that signers must have instead of that of From.</summary>
    internal string? From { get; init; }

    /// <summary>Gets whether the result is written although its signature is not trusted.</summary>
    internal bool EvenUntrusted { get; init; }

    /// <summary>Gets whether the store learns from valid mail.</summary>
    internal bool Learns { get; init; }

    /// <summary>Gets whether a mail stays a mail: its header is kept around what was decrypted.</summary>
    internal bool KeepsMessageHeader => Mode == OpenMode.Decrypt && Output is not null;

    internal SmimeOpenOptions Adapt(SmimeOpenOptions options) => options with
    {
        Decrypts = Mode != OpenMode.Verify,
        PeelsSignatures = Mode != OpenMode.Decrypt,
        ExpectedAddress = From,
        ComputesContentDigest = Content is not null,
    };

    internal Outcome OutcomeOf(SmimeReport report) => Mode == OpenMode.Decrypt
        ? report.Layers.IsEmpty ? Outcome.Plain : Outcome.Ok
        : OutcomeRules.Of(report);

    /// <summary>Gets the exit code. Whoever asks to verify wants a signature: its absence is a failure.</summary>
    internal int ExitCodeOf(OpenResult result) => Mode == OpenMode.Verify && (result.Outcome is Outcome.Unsigned or Outcome.Plain)
        ? ExitCode.NotTrusted
        : result.Outcome.ToExitCode();

    internal bool MayWrite(Outcome outcome) => outcome switch
    {
        Outcome.Ok => true,
        Outcome.Plain or Outcome.Unsigned => Mode != OpenMode.Verify || EvenUntrusted,
        _ => EvenUntrusted,
    };
}

/// <summary>How far a file is opened.</summary>
internal enum OpenMode
{
    /// <summary>Every layer is peeled.</summary>
    Open,

    /// <summary>Signatures are verified, nothing is decrypted.</summary>
    Verify,

    /// <summary>Encryption is removed, signatures stay.</summary>
    Decrypt,
}
