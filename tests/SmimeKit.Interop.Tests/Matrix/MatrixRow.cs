namespace SmimeKit.Interop.Tests.Matrix;

/// <summary>One line of the published table: cases that have something in common.</summary>
/// <param name="Title">What they have in common.</param>
/// <param name="Includes">Which cases.</param>
/// <param name="IsScheme">Whether the line is about the algorithm; then it also shows what fails in some of its cases only.</param>
internal sealed record MatrixRow<TCase>(string Title, Func<TCase, bool> Includes, bool IsScheme = false);
