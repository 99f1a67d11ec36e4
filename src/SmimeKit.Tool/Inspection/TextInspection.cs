using SmimeKit.Certificates;
using SmimeKit.Cms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Inspection;

/// <summary>The structure for people.</summary>
internal sealed class TextInspection(TextWriter output)
{
    internal void Write(IReadOnlyList<InspectedPart> parts, int indent)
    {
        foreach (InspectedPart part in parts)
        {
            string encoding = part.TransferEncoding is { } e ? $", {e}" : "";
            string name = part.FileName is { } f ? $", \"{f}\"" : "";
            Line(indent, FormattableString.Invariant($"{part.Path} {part.MediaType}{encoding}{name}, {part.EndOffset - part.BodyOffset} bytes at {part.Offset}"));
            if (part.Cms is { } cms)
            {
                Write(cms, indent + 1);
            }
        }
    }

    internal void Write(InspectedCms cms, int indent)
    {
        Line(indent, cms.ContentType is { } type ? OidNames.Of(type) : "no CMS");
        if (cms.Failure is { } failure)
        {
            Line(indent + 1, $"problem: {failure.Message} ({failure.Code})");
        }

        foreach ((string name, string value) in cms.Fields)
        {
            Line(indent + 1, $"{name}: {value}");
        }

        if (cms.EncapsulatedContentType is { } inner)
        {
            Line(indent + 1, $"content type: {OidNames.Of(inner)}");
        }

        foreach (RecipientInfo recipient in cms.Recipients)
        {
            string algorithm = recipient.KeyEncryptionAlgorithm is { } a ? OidNames.Of(a.Oid) : "unknown";
            Line(indent + 1, $"recipient: {OidNames.Recipient(recipient.Kind)}, {algorithm}: {recipient.Identifier}");
        }

        foreach (SignerReport signer in cms.Signers)
        {
            Write(signer, indent + 1);
        }

        foreach (Certificate certificate in cms.Carried.Certificates)
        {
            Line(indent + 1, $"certificate: {certificate.Subject}, issuer {certificate.Issuer}, serial {certificate.SerialNumberHex}");
        }

        if (cms.Carried.Crls.Count > 0)
        {
            Line(indent + 1, FormattableString.Invariant($"CRLs: {cms.Carried.Crls.Count}"));
        }

        foreach (CmsElement element in cms.Elements)
        {
            Write(element);
        }

        if (cms.Nested is { } nested)
        {
            Write(nested, indent + 1);
        }

        Write(cms.Content, indent + 1);
    }

    private void Write(SignerReport signer, int indent)
    {
        string algorithm = signer.SignatureAlgorithm is { } a ? OidNames.Of(a.Oid) : "unknown";
        Line(indent, $"signer: {signer.Identifier}, {algorithm}, {OidNames.Digest(signer.DigestAlgorithm)}");
        foreach (CmsAttribute attribute in signer.SignedAttributes)
        {
            Line(indent + 1, $"signed attribute: {Describe(attribute, signer)}");
        }

        foreach (CmsAttribute attribute in signer.UnsignedAttributes)
        {
            Line(indent + 1, $"unsigned attribute: {OidNames.Of(attribute.Oid)}");
        }
    }

    private static string Describe(CmsAttribute attribute, SignerReport signer) => attribute.Oid switch
    {
        "1.2.840.113549.1.9.5" when signer.SigningTime is { } time => $"signing-time {JsonLine.Instant(time)}",
        "1.2.840.113549.1.9.4" when attribute.Values.Count == 1 => $"message-digest {JsonLine.Hex(attribute.Values[0])[4..]}",
        _ => OidNames.Of(attribute.Oid),
    };

    private void Write(CmsElement element)
    {
        string length = element.Length is { } l ? FormattableString.Invariant($"{l}") : "indefinite";
        string value = ElementText.Value(element) is { } v ? $": {v}" : "";
        output.WriteLine(FormattableString.Invariant(
            $"{element.Offset,10} {element.HeaderLength}+{length,-10} {new string(' ', element.Depth * 2)}{ElementText.Type(element)}{value}"));
    }

    private void Line(int indent, string text) => output.WriteLine(new string(' ', indent * 2) + Printable.Of(text));
}
