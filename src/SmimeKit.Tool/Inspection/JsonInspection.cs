using System.Text.Json;
using SmimeKit.Certificates;
using SmimeKit.Cms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Inspection;

/// <summary>The structure as JSON.</summary>
internal static class JsonInspection
{
    internal static void Write(TextWriter output, InspectedFile found) => JsonLine.Write(output, json =>
    {
        json.WriteString("file", found.File);
        json.WriteString("outcome", (found.Failure?.Outcome ?? Outcome.Ok).ToName());
        json.WriteError(found.Failure);
        WriteParts(json, "parts", found.Parts);
        if (found.Cms is { } cms)
        {
            json.WritePropertyName("cms");
            Write(json, cms);
        }
    });

    private static void WriteParts(Utf8JsonWriter json, string name, IReadOnlyList<InspectedPart> parts)
    {
        json.WriteStartArray(name);
        foreach (InspectedPart part in parts)
        {
            json.WriteStartObject();
            json.WriteString("part", part.Path);
            json.WriteString("type", part.MediaType);
            json.WriteString("encoding", part.TransferEncoding);
            json.WriteString("name", part.FileName);
            json.WriteNumber("offset", part.Offset);
            json.WriteNumber("bodyOffset", part.BodyOffset);
            json.WriteNumber("bytes", part.EndOffset - part.BodyOffset);
            if (part.Cms is { } cms)
            {
                json.WritePropertyName("cms");
                Write(json, cms);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, InspectedCms cms)
    {
        json.WriteStartObject();
        json.WriteString("contentType", cms.ContentType is { } type ? OidNames.Of(type) : null);
        json.WriteString("encapsulatedContentType", cms.EncapsulatedContentType is { } inner ? OidNames.Of(inner) : null);
        json.WriteError(cms.Failure);
        json.WriteStartObject("fields");
        foreach ((string name, string value) in cms.Fields)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteStartArray("recipients");
        foreach (RecipientInfo recipient in cms.Recipients)
        {
            JsonOpenReport.WriteRecipient(json, recipient, matched: null);
        }

        json.WriteEndArray();
        WriteSigners(json, cms);
        json.WriteStartArray("certificates");
        foreach (Certificate certificate in cms.Carried.Certificates)
        {
            JsonCertificate.WriteBrief(json, certificate);
        }

        json.WriteEndArray();
        json.WriteNumber("crls", cms.Carried.Crls.Count);
        if (cms.Elements.Count > 0)
        {
            WriteElements(json, cms.Elements);
        }

        if (cms.Nested is { } nested)
        {
            json.WritePropertyName("nested");
            Write(json, nested);
        }

        WriteParts(json, "parts", cms.Content);
        json.WriteEndObject();
    }

    private static void WriteSigners(Utf8JsonWriter json, InspectedCms cms)
    {
        json.WriteStartArray("signers");
        foreach (SignerReport signer in cms.Signers)
        {
            json.WriteStartObject();
            json.WriteString("id", signer.Identifier?.ToString() ?? "");
            json.WriteString("digest", OidNames.Digest(signer.DigestAlgorithm));
            json.WriteString("algorithm", signer.SignatureAlgorithm is { } a ? OidNames.Of(a.Oid) : "unknown");
            json.WriteString("signingTime", signer.SigningTime is { } time ? JsonLine.Instant(time) : null);
            json.WriteStrings("signedAttributes", signer.SignedAttributes.Select(attribute => OidNames.Of(attribute.Oid)));
            json.WriteStrings("unsignedAttributes", signer.UnsignedAttributes.Select(attribute => OidNames.Of(attribute.Oid)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteElements(Utf8JsonWriter json, IEnumerable<CmsElement> elements)
    {
        json.WriteStartArray("asn1");
        foreach (CmsElement element in elements)
        {
            json.WriteStartObject();
            json.WriteNumber("offset", element.Offset);
            json.WriteNumber("depth", element.Depth);
            json.WriteNumber("header", element.HeaderLength);
            json.WritePropertyName("length");
            if (element.Length is { } length)
            {
                json.WriteNumberValue(length);
            }
            else
            {
                json.WriteNullValue();
            }

            json.WriteString("type", ElementText.Type(element));
            json.WriteString("value", ElementText.Value(element));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
