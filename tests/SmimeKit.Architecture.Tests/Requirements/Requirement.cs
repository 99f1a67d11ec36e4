namespace SmimeKit.Architecture.Tests.Requirements;

/// <summary>One row of the requirement tables.</summary>
/// <param name="Id">The identifier: <c>R</c>, the RFC, the section, a letter: <c>R5652-5.3-a</c>.</param>
/// <param name="Level">MUST, MUST NOT, SHALL, SHOULD, SHOULD NOT, MAY or note.</param>
internal sealed record Requirement(string Id, string Level)
{
    /// <summary>Gets whether a missing test is reported.</summary>
    internal bool IsMandatory => Level is "MUST" or "MUST NOT" or "SHALL" or "SHALL NOT" or "note";
}
