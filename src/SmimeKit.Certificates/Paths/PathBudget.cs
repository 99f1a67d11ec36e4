using System.Globalization;

namespace SmimeKit.Certificates;

/// <summary>
/// The purse of one search. Signature checks and time end it; when no more candidates are granted, those at hand are still looked at.
/// </summary>
internal sealed class PathBudget(PathLimits limits, TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _leftOut;
    private int _candidatePaths;
    private bool _isOver;

    internal int SignatureChecks { get; private set; }

    /// <summary>Gets the first limit that was reached as <c>name = value</c>, or null.</summary>
    internal string? Exhausted { get; private set; }

    internal long Timestamp => clock.GetTimestamp();

    /// <summary>Takes the time since an instant off the bill: waiting for anchors and stores is the caller's own affair.</summary>
    internal void LeaveOutSince(long timestamp) => _leftOut += clock.GetElapsedTime(timestamp);

    internal bool TrySpendSignatureCheck()
    {
        if (SignatureChecks >= limits.SignatureChecks)
        {
            _isOver = true;
            return Refuse(nameof(limits.SignatureChecks), limits.SignatureChecks);
        }

        SignatureChecks++;
        return true;
    }

    internal bool TrySpendCandidatePath() =>
        _candidatePaths++ < limits.CandidatePaths || Refuse(nameof(limits.CandidatePaths), limits.CandidatePaths);

    internal int LimitCandidates(int count)
    {
        if (count > limits.CandidatesPerIssuer)
        {
            Refuse(nameof(limits.CandidatesPerIssuer), limits.CandidatesPerIssuer);
        }

        return Math.Min(count, limits.CandidatesPerIssuer);
    }

    internal bool MayGoOn()
    {
        if (!_isOver && clock.GetElapsedTime(_start) - _leftOut > limits.Elapsed)
        {
            _isOver = true;
            Refuse(nameof(limits.Elapsed), limits.Elapsed);
        }

        return !_isOver;
    }

    private bool Refuse(string name, IFormattable value)
    {
        Exhausted ??= $"{name} = {value.ToString(null, CultureInfo.InvariantCulture)}";
        return false;
    }
}
