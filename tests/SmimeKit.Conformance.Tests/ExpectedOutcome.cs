using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Conformance.Tests;

/// <summary>Compares a report with a manifest entry, layer by layer.</summary>
internal static class ExpectedOutcome
{
    /// <summary>Compares a report and the content with everything that the manifest prescribes.</summary>
    internal static void CheckAll(VectorEntry entry, SmimeReport report, byte[] content)
    {
        Assert.NotEqual("fail", entry.Expected("decrypt"));
        if (entry.Expected("verify") == "invalid")
        {
            Assert.NotEqual(MessageOutcome.Valid, report.Outcome);
        }
        else if (entry.Expect.TryGetProperty("layers", out _))
        {
            Check(entry, report);
        }

        if (entry.Expected("verify") == "valid")
        {
            Assert.All(report.Signatures, s => Assert.True(s.Integrity.HasPassed, $"integrity: {s.Integrity}"));
        }

        if (entry.Text("expected_content") is { } expected)
        {
            Assert.Equal(Vectors.Read(expected), content);
        }
    }

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
