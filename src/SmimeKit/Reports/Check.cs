namespace SmimeKit;

/// <summary>The outcome of one check: it passed, it failed, or it was not made.</summary>
public abstract record Check
{
    private Check()
    {
    }

    /// <summary>Gets the outcome of a check that passed.</summary>
    public static Check Passed { get; } = new Pass();

    /// <summary>Gets whether the check was made and passed. A check that was not made has not passed.</summary>
    public bool HasPassed => this is Pass;

    /// <summary>The check was made and passed.</summary>
    public sealed record Pass : Check;

    /// <summary>The check was made and failed.</summary>
    /// <param name="Code">The stable code of the reason.</param>
    /// <param name="Explanation">The reason, for people; built from verified data only.</param>
    public sealed record Fail(string Code, string Explanation) : Check;

    /// <summary>The check was not made.</summary>
    /// <param name="Reason">The stable code of the reason.</param>
    public sealed record NotChecked(string Reason) : Check;
}
