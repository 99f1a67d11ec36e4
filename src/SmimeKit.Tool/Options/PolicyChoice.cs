using System.Collections.Immutable;
using System.Text.Json;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Tool.Options;

/// <summary>What is accepted in messages and in certificates: one of the library's levels, or such a level changed by a JSON file.</summary>
internal sealed record PolicyChoice(CmsPolicy Messages, CertificatePolicy Certificates)
{
    private const int MaxFileSize = 64 * 1024;

    /// <summary>Reads what <c>--policy</c> names.</summary>
    internal static async Task<PolicyChoice> ReadAsync(string policy, CancellationToken cancellationToken)
    {
        if (FindLevel(policy) is { } level)
        {
            return level;
        }

        if (!policy.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            throw ToolException.Usage($"--policy is strict, default, legacy, or a file with the ending .json, not '{policy}'.");
        }

        FileStream file = File.OpenRead(policy);
        await using (file.ConfigureAwait(false))
        {
            if (file.Length > MaxFileSize)
            {
                throw ToolException.Usage($"{policy}: a policy has at most {MaxFileSize} bytes.");
            }

            try
            {
                using JsonDocument document = await JsonDocument
                    .ParseAsync(file, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }, cancellationToken).ConfigureAwait(false);
                return Apply(document.RootElement, Path.GetFileName(policy));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                throw ToolException.Usage($"{policy}: this is no policy: {e.Message}");
            }
        }
    }

    private static PolicyChoice? FindLevel(string name) => name switch
    {
        "strict" => new(CmsPolicy.Strict, CertificatePolicy.Strict),
        "default" => new(CmsPolicy.Default, CertificatePolicy.Default),
        "legacy" => new(CmsPolicy.Legacy, CertificatePolicy.Legacy),
        _ => null,
    };

    private static PolicyChoice Apply(JsonElement root, string name)
    {
        string level = root.TryGetProperty("base", out JsonElement based) ? based.GetString()! : "default";
        PolicyChoice policy = FindLevel(level) ?? throw ToolException.Usage($"{name}: 'base' is strict, default or legacy, not '{level}'.");
        policy = policy with { Messages = policy.Messages with { Name = name } };
        return root.EnumerateObject().Where(p => p.Name != "base").Aggregate(policy, (changed, property) => changed.With(property));
    }

    private PolicyChoice With(JsonProperty property) => property.Name switch
    {
        "digests" => this with
        {
            Messages = Messages with { Digests = Listed(property.Value, Digest) },
            Certificates = Certificates with { SignatureDigests = Digests(property.Value) },
        },
        "weakDigests" => this with
        {
            Messages = Messages with { WeakDigests = [.. Names(property.Value).Select(Digest)] },
            Certificates = Certificates with { WeakSignatureDigests = Digests(property.Value) },
        },
        "ciphers" => this with { Messages = Messages with { ContentEncryption = Listed(property.Value, Cipher) } },
        "weakCiphers" => this with { Messages = Messages with { WeakContentEncryption = [.. Names(property.Value).Select(Cipher)] } },
        "minimumRsaBits" => this with
        {
            Messages = Messages with { MinimumRsaBits = property.Value.GetInt32() },
            Certificates = Certificates with { MinRsaKeySize = property.Value.GetInt32() },
        },
        "maximumRsaBits" => this with
        {
            Messages = Messages with { MaximumRsaBits = property.Value.GetInt32() },
            Certificates = Certificates with { MaxRsaKeySize = property.Value.GetInt32() },
        },
        "toleratesDeviations" => this with { Messages = Messages with { ToleratesDeviations = property.Value.GetBoolean() } },
        "requiresSignedAttributes" => this with { Messages = Messages with { RequiresSignedAttributes = property.Value.GetBoolean() } },
        "allowsRsaPkcs1Decryption" => this with { Messages = Messages with { AllowsRsaPkcs1Decryption = property.Value.GetBoolean() } },
        "allowsUnauthenticatedContent" => this with { Messages = Messages with { AllowsUnauthenticatedContent = property.Value.GetBoolean() } },
        "sendsModernToStrangers" => this with { Messages = Messages with { SendsModernToStrangers = property.Value.GetBoolean() } },
        "requiresExtendedKeyUsage" => this with { Certificates = Certificates with { RequireExtendedKeyUsage = property.Value.GetBoolean() } },
        "acceptsAnyExtendedKeyUsage" => this with { Certificates = Certificates with { AcceptAnyExtendedKeyUsage = property.Value.GetBoolean() } },
        "checksAnchorValidity" => this with { Certificates = Certificates with { CheckAnchorValidity = property.Value.GetBoolean() } },
        _ => throw ToolException.Usage($"A policy has no property '{property.Name}'."),
    };

    private static ImmutableDictionary<string, DateTimeOffset> Listed(JsonElement names, Func<string, string> oid) =>
        Names(names).ToImmutableDictionary(oid, _ => DateTimeOffset.MaxValue);

    private static IEnumerable<string> Names(JsonElement array) => array.EnumerateArray().Select(e => e.GetString()!);

    private static ImmutableArray<DigestAlgorithm> Digests(JsonElement names) => [.. Names(names).Select(AlgorithmNames.Digest)];

    private static string Digest(string name) => AlgorithmNames.Digest(name).Oid;

    private static string Cipher(string name) => AlgorithmNames.Cipher(name).Oid;
}
