using System.Text.Json;

namespace SmimeKit.Tool.Tests;

/// <summary>The promise about the JSON of <c>open</c>, <c>verify</c> and <c>decrypt</c>: which fields are always there, and what they may say.</summary>
internal static class OpenSchema
{
    private static readonly string[] _outcomes =
    [
        "ok", "untrusted", "invalid", "unsigned", "plain", "malformed", "no-key", "decrypt-failed", "limit", "refused", "unsupported", "io",
    ];

    internal static JsonElement Check(JsonElement json)
    {
        Assert.Equal(JsonValueKind.String, json.GetProperty("file").ValueKind);
        Assert.Contains(json.GetProperty("outcome").GetString(), _outcomes);
        CheckError(json);
        JsonElement summary = json.GetProperty("summary");
        Bool(summary, "signed", "encrypted", "headersProtected");
        OneOf(summary, "covers", "whole", "part", "none");
        foreach (JsonElement layer in json.GetProperty("layers").EnumerateArray())
        {
            OneOf(layer, "kind", "signed", "encrypted", "compressed", "certs-only");
            Text(layer, "form", "part");
            if (layer.GetProperty("kind").GetString() == "encrypted")
            {
                CheckEncrypted(layer);
            }
        }

        foreach (JsonElement signature in json.GetProperty("signatures").EnumerateArray())
        {
            CheckSignature(signature);
        }

        JsonElement content = json.GetProperty("content");
        Assert.True(content.GetProperty("sha256").ValueKind is JsonValueKind.String or JsonValueKind.Null);
        Assert.True(content.GetProperty("bytes").GetInt64() >= 0);
        return json;
    }

    private static void CheckError(JsonElement json)
    {
        JsonElement error = json.GetProperty("error");
        if (error.ValueKind != JsonValueKind.Null)
        {
            Text(error, "code", "message");
            Assert.True(error.GetProperty("offset").ValueKind is JsonValueKind.Number or JsonValueKind.Null);
        }
    }

    private static void CheckEncrypted(JsonElement layer)
    {
        Text(layer, "algorithm");
        Bool(layer, "authenticated");
        foreach (JsonElement recipient in layer.GetProperty("recipients").EnumerateArray())
        {
            OneOf(recipient, "kind", "ktri", "kari", "kekri", "pwri", "ori", "unknown");
            Text(recipient, "id", "algorithm");
            Bool(recipient, "matched");
        }
    }

    private static void CheckSignature(JsonElement signature)
    {
        Assert.True(signature.GetProperty("layer").GetInt32() >= 0);
        if (signature.TryGetProperty("signer", out JsonElement signer))
        {
            Text(signer, "subject", "issuer", "serial", "sha256");
            Assert.Equal(JsonValueKind.Array, signer.GetProperty("emails").ValueKind);
        }

        Text(signature, "digest", "algorithm");
        OneOf(signature, "integrity", "valid", "digest-mismatch", "signature-mismatch", "malformed", "unsupported", "no-certificate", "not-checked");
        OneOf(signature, "path", "trusted", "untrusted", "not-checked");
        OneOf(signature, "revocation", "good", "revoked", "unknown", "not-checked");
        OneOf(signature, "time", "valid", "expired", "not-yet-valid", "not-checked");
        OneOf(signature, "usage", "ok", "refused", "not-checked");
        OneOf(signature, "address", "match", "mismatch", "absent", "not-checked");
        OneOf(signature, "policy", "ok", "refused", "not-checked");
        Bool(signature, "trusted");
        Assert.All(signature.GetProperty("problems").EnumerateArray(), p => Assert.Matches("^[a-z0-9.:-]+: .", p.GetString()));
    }

    private static void Text(JsonElement json, params string[] names) =>
        Assert.All(names, name => Assert.Equal(JsonValueKind.String, json.GetProperty(name).ValueKind));

    private static void Bool(JsonElement json, params string[] names) =>
        Assert.All(names, name => Assert.True(json.GetProperty(name).ValueKind is JsonValueKind.True or JsonValueKind.False));

    private static void OneOf(JsonElement json, string name, params string[] values) => Assert.Contains(json.GetProperty(name).GetString(), values);
}
