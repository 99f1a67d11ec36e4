namespace SmimeKit.Benchmarks.Ratios;

/// <summary>One work that contestants do one after the other in turn; the first one is the ceiling.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Bytes">The size of the content, or 0 when operations are counted.</param>
/// <param name="Repeats">How often one measurement does it.</param>
/// <param name="Contestants">Who does it, and how.</param>
internal sealed record Work(string Name, long Bytes, int Repeats, IReadOnlyList<(string Name, Action Run)> Contestants);
