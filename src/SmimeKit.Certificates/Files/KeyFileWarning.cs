namespace SmimeKit.Certificates;

/// <summary>Something about a key file that did not keep it from being read.</summary>
/// <param name="Code">
/// The stable code: <c>weak-encryption</c>, <c>weak-mac</c>, <c>no-mac</c>, <c>unsupported-key</c>, <c>key-without-certificate</c>.
/// </param>
/// <param name="Message">The explanation, for people.</param>
public sealed record KeyFileWarning(string Code, string Message);
