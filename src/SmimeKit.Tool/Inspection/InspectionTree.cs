using SmimeKit.Certificates;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Inspection;

/// <summary>Puts what was found into words, as a tree. The words are the message's own: whoever writes them makes them harmless.</summary>
internal static class InspectionTree
{
    internal static IReadOnlyList<InspectionNode> Of(IReadOnlyList<InspectedPart> parts, InspectedCms? cms) =>
        [.. parts.Select(Of), .. cms is null ? (InspectionNode[])[] : [Of(cms)]];

    private static InspectionNode Of(InspectedPart part)
    {
        string encoding = part.TransferEncoding is { } e ? $", {e}" : "";
        string name = part.FileName is { } f ? $", \"{f}\"" : "";
        return new InspectionNode(InspectionKind.Part, part.Path, part.MediaType)
        {
            Details = FormattableString.Invariant($"{encoding}{name}, {part.EndOffset - part.BodyOffset} bytes at {part.Offset}"),
            Children = part.Cms is { } cms ? [Of(cms)] : [],
        };
    }

    private static InspectionNode Of(InspectedCms cms) => new(InspectionKind.Layer, cms.ContentType is { } type ? OidNames.Of(type) : "no CMS")
    {
        Children = [.. Below(cms)],
    };

    private static IEnumerable<InspectionNode> Below(InspectedCms cms)
    {
        foreach (InspectionNode field in Fields(cms))
        {
            yield return field;
        }

        if (cms.Elements.Count > 0)
        {
            yield return new InspectionNode(InspectionKind.Values, FormattableString.Invariant($"ASN.1, {cms.Elements.Count} values")) { Elements = cms.Elements };
        }

        if (cms.Nested is { } nested)
        {
            yield return Of(nested);
        }

        foreach (InspectedPart part in cms.Content)
        {
            yield return Of(part);
        }
    }

    private static IEnumerable<InspectionNode> Fields(InspectedCms cms)
    {
        if (cms.Failure is { } failure)
        {
            yield return new InspectionNode(InspectionKind.Problem, "problem", $"{failure.Message} ({failure.Code})");
        }

        foreach ((string name, string value) in cms.Fields)
        {
            yield return Field(name, value);
        }

        if (cms.EncapsulatedContentType is { } inner)
        {
            yield return Field("content type", OidNames.Of(inner));
        }

        foreach (RecipientInfo recipient in cms.Recipients)
        {
            string algorithm = recipient.KeyEncryptionAlgorithm is { } a ? OidNames.Of(a.Oid) : "unknown";
            yield return Field("recipient", $"{OidNames.Recipient(recipient.Kind)}, {algorithm}: {recipient.Identifier}");
        }

        foreach (SignerReport signer in cms.Signers)
        {
            yield return Of(signer);
        }

        foreach (Certificate certificate in cms.Carried.Certificates)
        {
            yield return Field("certificate", $"{certificate.Subject}, issuer {certificate.Issuer}, serial {certificate.SerialNumberHex}");
        }

        if (cms.Carried.Crls.Count > 0)
        {
            yield return Field("CRLs", FormattableString.Invariant($"{cms.Carried.Crls.Count}"));
        }
    }

    private static InspectionNode Of(SignerReport signer)
    {
        string algorithm = signer.SignatureAlgorithm is { } a ? OidNames.Of(a.Oid) : "unknown";
        return Field("signer", $"{signer.Identifier}, {algorithm}, {OidNames.Digest(signer.DigestAlgorithm)}") with
        {
            Children =
            [
                .. signer.SignedAttributes.Select(attribute => Field("signed attribute", Describe(attribute, signer))),
                .. signer.UnsignedAttributes.Select(attribute => Field("unsigned attribute", OidNames.Of(attribute.Oid))),
            ],
        };
    }

    private static string Describe(CmsAttribute attribute, SignerReport signer) => attribute.Oid switch
    {
        "1.2.840.113549.1.9.5" when signer.SigningTime is { } time => $"signing-time {JsonLine.Instant(time)}",
        "1.2.840.113549.1.9.4" when attribute.Values.Count == 1 => $"message-digest {JsonLine.Hex(attribute.Values[0])[4..]}",
        _ => OidNames.Of(attribute.Oid),
    };

    private static InspectionNode Field(string name, string value) => new(InspectionKind.Field, name, value);
}
