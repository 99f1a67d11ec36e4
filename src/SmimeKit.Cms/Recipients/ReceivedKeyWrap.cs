using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Recipients;

/// <summary>A key wrap as a message names it, accepted by the policy.</summary>
internal sealed class ReceivedKeyWrap
{
    private const string Weakness = "weak-key-wrap";

    private readonly AlgorithmIdentifier _identifier;

    private ReceivedKeyWrap(KeyWrapAlgorithm algorithm, AlgorithmIdentifier identifier)
    {
        Algorithm = algorithm;
        _identifier = identifier;
    }

    internal KeyWrapAlgorithm Algorithm { get; }

    /// <summary>Accepts a key wrap, or says why it is refused.</summary>
    internal static (ReceivedKeyWrap? Wrap, SmimeKitException? Objection) Accept(AlgorithmIdentifier identifier, RecoveryContext context)
    {
        if (KeyWrapAlgorithm.Resolve(identifier, context.Policy.ToleratesDeviations) is not { } algorithm)
        {
            return (null, new UnsupportedAlgorithmException(identifier.Oid, "The key wrap is not supported."));
        }

        return context.Policy.FindKeyWrapObjection(algorithm.Oid, context.At) is { } rule
            ? (null, new PolicyViolationException(rule, $"The policy refuses {algorithm.Name}."))
            : (new ReceivedKeyWrap(algorithm, identifier), null);
    }

    /// <summary>Notes what is wrong with the wrap in the report of a recovery.</summary>
    internal void Describe(KeyRecovery recovery, CmsPolicy policy)
    {
        if (!Algorithm.HasProperParameters(_identifier))
        {
            recovery.Deviations.Add(_identifier.Parameters.IsEmpty ? "key-wrap-parameters-absent" : "key-wrap-parameters-null");
        }

        if (policy.WeakKeyWraps.Contains(Algorithm.Oid))
        {
            recovery.Weaknesses.Add(Weakness);
        }
    }

    /// <summary>Notes when the wrap is weaker than the key that it protects (R5652-14-a).</summary>
    internal void Compare(KeyRecovery recovery, int keySize)
    {
        if (!KeyWrapAlgorithm.IsStrongEnough(Algorithm.KeySize, keySize) && !recovery.Weaknesses.Contains(Weakness))
        {
            recovery.Weaknesses.Add(Weakness);
        }
    }
}
