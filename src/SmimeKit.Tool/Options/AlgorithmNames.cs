using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Tool.Options;

/// <summary>Algorithms by the names that the command line gives them.</summary>
internal static class AlgorithmNames
{
    /// <summary>Gets a digest; hyphens in the name do not matter.</summary>
    internal static DigestAlgorithm Digest(string name) =>
        DigestAlgorithm.BuiltIn.FirstOrDefault(d => Same(d.Name, name))
            ?? throw ToolException.Usage($"There is no digest '{name}': {string.Join(", ", DigestAlgorithm.BuiltIn.Select(d => d.Name).Distinct())}.");

    /// <summary>Gets a content-encryption algorithm.</summary>
    internal static ContentEncryptionAlgorithm Cipher(string name) =>
        ContentEncryptionAlgorithm.BuiltIn.FirstOrDefault(c => Same(c.Name, name)) ?? name.ToUpperInvariant() switch
        {
            "3DES-CBC" or "DES-EDE3-CBC" => ContentEncryptionAlgorithm.TripleDesCbc,
            _ => throw ToolException.Usage(
                $"There is no cipher '{name}': {string.Join(", ", ContentEncryptionAlgorithm.BuiltIn.Select(c => c.Name))}."),
        };

    private static bool Same(string left, string right) => string.Equals(
        left.Replace("-", "", StringComparison.Ordinal), right.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
