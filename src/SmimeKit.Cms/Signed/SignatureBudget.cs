using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Signed;

/// <summary>What the signers of one message, their countersigners and their time-stamps may cost together.</summary>
internal sealed class SignatureBudget(CmsLimits limits)
{
    private int _checks;
    private int _countersignatures;
    private int _timeStamps;

    internal void SpendCheck() => Spend(ref _checks, limits.MaxSignatureChecks, nameof(CmsLimits.MaxSignatureChecks));

    /// <summary>Counts one countersignature.</summary>
    /// <param name="depth">1 for one over a signer's signature, 2 for one over that, and so on.</param>
    internal void SpendCountersignature(int depth)
    {
        if (depth > limits.MaxCountersignatureDepth)
        {
            throw new LimitExceededException(nameof(CmsLimits.MaxCountersignatureDepth), limits.MaxCountersignatureDepth);
        }

        Spend(ref _countersignatures, limits.MaxCountersignatures, nameof(CmsLimits.MaxCountersignatures));
    }

    internal void SpendTimeStamp() => Spend(ref _timeStamps, limits.MaxTimeStamps, nameof(CmsLimits.MaxTimeStamps));

    private static void Spend(ref int spent, int limit, string name)
    {
        if (++spent > limit)
        {
            throw new LimitExceededException(name, limit);
        }
    }
}
