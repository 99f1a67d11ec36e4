namespace SmimeKit.Tool.Reporting;

/// <summary>What became of opening one file.</summary>
internal sealed record OpenResult
{
    internal required string File { get; init; }

    internal required Outcome Outcome { get; init; }

    /// <summary>Gets why it could not be opened to its end; null when it was.</summary>
    internal Failure? Failure { get; init; }

    /// <summary>Gets the library's report; null when the file could not be opened to its end.</summary>
    internal SmimeReport? Report { get; init; }

    /// <summary>Gets the layers: all of them, or those that were found before the failure.</summary>
    internal IReadOnlyList<LayerReport> Layers { get; init; } = [];

    /// <summary>Gets whether the user wants revocation known.</summary>
    internal bool RequiresRevocation { get; init; }

    /// <summary>Gets the number of bytes of the result.</summary>
    internal long ContentLength { get; init; }

    /// <summary>Gets the SHA-256 of the result; empty when there is none.</summary>
    internal ReadOnlyMemory<byte> ContentSha256 { get; init; }

    /// <summary>Gets where the result was written; null when it was not.</summary>
    internal string? Output { get; init; }
}
