namespace SmimeKit.Certificates;

/// <summary>A file in a folder of certificates that was left out.</summary>
/// <param name="Name">The name of the file in the folder.</param>
/// <param name="Code">Why: <c>symbolic-link</c>, or the code of the error that reading it gave.</param>
public sealed record SkippedFile(string Name, string Code);
