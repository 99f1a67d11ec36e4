using System.Text.Json;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.Tool.Reporting;

/// <summary>The JSON of <c>open</c>, <c>verify</c> and <c>decrypt</c>. Its fields are a promise: see docs/cli.md.</summary>
internal static class JsonOpenReport
{
    internal static void Write(TextWriter output, OpenResult result) => JsonLine.Write(output, json =>
    {
        json.WriteString("file", result.File);
        json.WriteString("outcome", result.Outcome.ToName());
        json.WriteError(result.Failure);
        WriteSummary(json, result);
        json.WriteStartArray("layers");
        for (int i = 0; i < result.Layers.Count; i++)
        {
            WriteLayer(json, result, i);
        }

        json.WriteEndArray();
        json.WriteStartArray("signatures");
        foreach (SignatureReport signature in result.Report?.Signatures ?? [])
        {
            WriteSignature(json, signature, result.RequiresRevocation);
        }

        json.WriteEndArray();
        json.WriteStrings("errantParts", result.Report?.ErrantParts ?? []);
        json.WriteStrings("warnings", result.Report?.Warnings ?? []);
        WriteContent(json, result);
    });

    private static void WriteSummary(Utf8JsonWriter json, OpenResult result)
    {
        json.WriteStartObject("summary");
        json.WriteBoolean("signed", result.Report?.Signatures.Any(s => s.Coverage.HasPassed) ?? false);
        json.WriteBoolean("encrypted", result.Layers.Any(l => l.Kind == LayerKind.Encrypted));
        json.WriteString("covers", VerdictNames.Covers(result.Report?.Coverage ?? SignatureCoverage.None));
        json.WriteBoolean("headersProtected", false);
        json.WriteEndObject();
    }

    private static void WriteLayer(Utf8JsonWriter json, OpenResult result, int index)
    {
        LayerReport layer = result.Layers[index];
        json.WriteStartObject();
        json.WriteString("kind", VerdictNames.Kind(layer.Kind));
        json.WriteString("form", layer.Form);
        json.WriteString("part", layer.Part);
        if (layer.Algorithm is { } algorithm)
        {
            json.WriteString("algorithm", OidNames.Cipher(algorithm));
        }

        if (layer.IsAuthenticated is { } authenticated)
        {
            json.WriteBoolean("authenticated", authenticated);
        }

        if (layer.Kind == LayerKind.Encrypted)
        {
            json.WriteStartArray("recipients");
            foreach (RecipientInfo recipient in layer.Recipients)
            {
                WriteRecipient(json, recipient, ReferenceEquals(recipient, layer.OpenedFor));
            }

            json.WriteEndArray();
        }

        if (layer.Kind == LayerKind.Signed)
        {
            json.WriteStartArray("signatures");
            foreach ((int position, _) in (result.Report?.Signatures ?? []).Index().Where(s => s.Item.Layer == index))
            {
                json.WriteNumberValue(position);
            }

            json.WriteEndArray();
        }

        json.WriteStrings("remarks", layer.Remarks);
        json.WriteEndObject();
    }

    internal static void WriteRecipient(Utf8JsonWriter json, RecipientInfo recipient, bool? matched)
    {
        json.WriteStartObject();
        json.WriteString("kind", OidNames.Recipient(recipient.Kind));
        json.WriteString("id", recipient.Identifier?.ToString() ?? recipient.OtherType ?? Convert.ToHexString(recipient.KeyIdentifier.Span));
        json.WriteString("algorithm", recipient.KeyEncryptionAlgorithm is { } algorithm ? OidNames.Of(algorithm.Oid) : "unknown");
        if (matched is { } known)
        {
            json.WriteBoolean("matched", known);
        }

        json.WriteEndObject();
    }

    private static void WriteSignature(Utf8JsonWriter json, SignatureReport signature, bool requiresRevocation)
    {
        json.WriteStartObject();
        json.WriteNumber("layer", signature.Layer);
        if (signature.Certificate is { } certificate)
        {
            json.WritePropertyName("signer");
            JsonCertificate.WriteBrief(json, certificate);
        }

        json.WriteString("digest", OidNames.Digest(signature.Signer.DigestAlgorithm));
        json.WriteString("algorithm", signature.Signer.SchemeName ?? (signature.Signer.SignatureAlgorithm is { } a ? OidNames.Of(a.Oid) : "unknown"));
        if (signature.Signer.SigningTime is { } time)
        {
            json.WriteString("signingTime", JsonLine.Instant(time));
        }

        json.WriteString("integrity", VerdictNames.Integrity(signature));
        json.WriteString("path", VerdictNames.Path(signature));
        json.WriteString("revocation", VerdictNames.Revocation(signature.Path?.Revocation));
        json.WriteString("time", VerdictNames.Time(signature));
        json.WriteString("usage", VerdictNames.Usage(signature));
        json.WriteString("address", VerdictNames.Address(signature));
        json.WriteString("policy", VerdictNames.Policy(signature));
        json.WriteBoolean("trusted", signature.IsTrusted);
        json.WriteStrings("problems", VerdictNames.Problems(signature, requiresRevocation));
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, OpenResult result)
    {
        json.WriteStartObject("content");
        if (result.ContentSha256.IsEmpty)
        {
            json.WriteNull("sha256");
        }
        else
        {
            json.WriteString("sha256", JsonLine.Hex(result.ContentSha256));
        }

        json.WriteNumber("bytes", result.ContentLength);
        json.WriteEndObject();
        if (result.Output is { } output)
        {
            json.WriteString("output", output);
        }
    }
}
