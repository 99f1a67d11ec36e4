using System.Globalization;

namespace SmimeKit.Certificates;

/// <summary>The purse of one search. Once a limit is reached nothing more is granted, and the purse knows which it was.</summary>
internal sealed class PathBudget(PathLimits limits, TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();
    private int _candidatePaths;

    internal int SignatureChecks { get; private set; }

    /// <summary>Gets the limit that was reached as <c>name = value</c>, or null.</summary>
    internal string? Exhausted { get; private set; }

    internal bool TrySpendSignatureCheck() =>
        HasTime() && (SignatureChecks < limits.SignatureChecks
            ? ++SignatureChecks > 0
            : Exhaust(nameof(limits.SignatureChecks), limits.SignatureChecks));

    internal bool TrySpendCandidatePath() =>
        _candidatePaths < limits.CandidatePaths
            ? ++_candidatePaths > 0
            : Exhaust(nameof(limits.CandidatePaths), limits.CandidatePaths);

    internal bool HasTime() =>
        Exhausted is null && (clock.GetElapsedTime(_start) <= limits.Elapsed || Exhaust(nameof(limits.Elapsed), limits.Elapsed));

    private bool Exhaust(string name, IFormattable value)
    {
        Exhausted ??= $"{name} = {value.ToString(null, CultureInfo.InvariantCulture)}";
        return false;
    }
}
