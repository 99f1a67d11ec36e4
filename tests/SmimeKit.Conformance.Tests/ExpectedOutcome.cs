using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Conformance.Tests;

/// <summary>Compares a report with a manifest entry, layer by layer.</summary>
internal static class ExpectedOutcome
{
    internal static void Check(VectorEntry entry, SmimeReport report)
    {
        JsonElement[] layers = [.. entry.Expect.GetProperty("layers").EnumerateArray()];
        Assert.Equal(layers.Select(l => Form(l.GetProperty("type").GetString()!)), report.Layers.Select(l => l.Form));
        Assert.Equal(layers.Select(l => l.GetProperty("path").GetString()), report.Layers.Select(l => l.Part));
        for (int i = 0; i < layers.Length; i++)
        {
            CheckLayer(layers[i], [.. report.Signatures.Where(s => s.Layer == i)]);
        }
    }

    private static void CheckLayer(JsonElement expected, SignatureReport[] signatures)
    {
        bool chainIsPrescribed = expected.TryGetProperty("chain", out JsonElement chain);
        if (!expected.TryGetProperty("signature", out JsonElement signature))
        {
            Assert.Empty(signatures);
            return;
        }

        Assert.NotEmpty(signatures);
        bool good = signature.GetString() == "ok";
        Assert.All(signatures, s => Assert.True(s.Integrity.HasPassed == good, $"integrity: {s.Integrity}"));
        if (good && chainIsPrescribed)
        {
            Assert.All(signatures, s => Assert.True(s.Chain.HasPassed == (chain.GetString() == "ok"), $"chain: {s.Chain} {string.Join("; ", s.Problems)}"));
        }
    }

    private static string Form(string type) => type switch
    {
        "signedData" => "signed-data",
        "envelopedData" => "enveloped-data",
        "authEnvelopedData" => "authEnveloped-data",
        _ => type,
    };
}
