using System.Text.Json;

namespace SmimeKit.TestKit;

/// <summary>One file of the vector collection with its expected outcome.</summary>
public sealed class VectorEntry(JsonElement json)
{
    /// <summary>Gets the whole entry.</summary>
    public JsonElement Json { get; } = json;

    /// <summary>Gets the path relative to the collection.</summary>
    public string Path => Text("path")!;

    /// <summary>Gets the first folder of the path.</summary>
    public string Group => Text("group")!;

    /// <summary>Gets the kind: eml, cms-der, cms-pem, p12, cert, crl, key, json, plaintext.</summary>
    public string Kind => Text("kind")!;

    /// <summary>Gets the expected outcome.</summary>
    public JsonElement Expect => Json.GetProperty("expect");

    /// <summary>Gets one member of the expected outcome: verify, decrypt, open, signature, chain, reason.</summary>
    public string? Expected(string member) =>
        Expect.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Gets a member as text, or null.</summary>
    public string? Text(string member) =>
        Json.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Gets a member that is one path or a list of paths.</summary>
    public IReadOnlyList<string> List(string member) =>
        !Json.TryGetProperty(member, out JsonElement value) ? []
            : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => v.GetString()!)]
            : value.ValueKind == JsonValueKind.String ? [value.GetString()!] : [];

    /// <inheritdoc/>
    public override string ToString() => Path;
}
