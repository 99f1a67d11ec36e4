namespace SmimeKit;

/// <summary>The operation is possible but the policy refuses it.</summary>
public sealed class PolicyViolationException : SmimeKitException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="rule">The stable name of the rule that refuses.</param>
    /// <param name="message">What is refused and how to allow it.</param>
    public PolicyViolationException(string rule, string message)
        : base(rule, message) => Rule = rule;

    /// <summary>Gets the stable name of the rule that refuses.</summary>
    public string Rule { get; }
}
