using System.Globalization;
using SmimeKit.Certificates;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.Tool.Reporting;

/// <summary>The report of <c>open</c>, <c>verify</c> and <c>decrypt</c> for people.</summary>
internal sealed class TextOpenReport(TextWriter output, bool verbose)
{
    private const int MaxRecipients = 8; // of a mailing list nobody reads them all

    internal void Write(OpenResult result)
    {
        output.WriteLine($"{Printable.Of(result.File)}: {Describe(result)}");
        foreach (LayerReport layer in result.Layers)
        {
            WriteLayer(layer);
        }

        if (result.Report is { } report)
        {
            for (int i = 0; i < report.Signatures.Length; i++)
            {
                WriteSignature(i + 1, report.Signatures[i], result.RequiresRevocation);
            }

            WriteRest(report);
        }

        if (!result.ContentSha256.IsEmpty)
        {
            string where = result.Output is null ? "" : $" in {Printable.Of(result.Output)}";
            Line("content", string.Create(CultureInfo.InvariantCulture, $"{result.ContentLength} bytes{where}, SHA-256 {JsonLine.Hex(result.ContentSha256)}"));
        }
    }

    private static string Describe(OpenResult result) => result.Outcome switch
    {
        Outcome.Ok when result.Report?.Outcome == MessageOutcome.Valid => "signed and trusted",
        Outcome.Ok => "decrypted",
        Outcome.Plain => "neither signed nor encrypted",
        Outcome.Unsigned => "not signed",
        Outcome.Untrusted => "SIGNED, BUT NOT TRUSTED",
        Outcome.Invalid => "SIGNATURE NOT VALID",
        Outcome.NoKey => "NO KEY to open it",
        Outcome.DecryptFailed => "DECRYPTION FAILED",
        Outcome.Unsupported => "NOT SUPPORTED",
        _ => result.Outcome.ToName().ToUpperInvariant(),
    };

    private void WriteLayer(LayerReport layer)
    {
        string protection = layer.IsAuthenticated switch
        {
            true => ", integrity protected",
            false => ", without integrity protection of its own",
            null => "",
        };
        string algorithm = layer.Algorithm is { } name ? $" with {OidNames.Cipher(name)}" : "";
        Line("layer", $"{VerdictNames.Kind(layer.Kind)} ({layer.Form}{algorithm}{protection}), part {layer.Part}");
        foreach (RecipientInfo recipient in layer.Recipients.Take(verbose ? int.MaxValue : MaxRecipients))
        {
            WriteRecipient(recipient, ReferenceEquals(recipient, layer.OpenedFor));
        }

        if (!verbose && layer.Recipients.Length > MaxRecipients)
        {
            Detail("recipient", string.Create(CultureInfo.InvariantCulture, $"and {layer.Recipients.Length - MaxRecipients} more"));
        }

        foreach (string remark in layer.Remarks)
        {
            Detail("remark", remark);
        }
    }

    internal void WriteRecipient(RecipientInfo recipient, bool opened)
    {
        string algorithm = recipient.KeyEncryptionAlgorithm is { } a ? $", {OidNames.Of(a.Oid)}" : "";
        Detail("recipient", $"{OidNames.Recipient(recipient.Kind)}{algorithm}: {recipient.Identifier}{(opened ? " (opened with this key)" : "")}");
    }

    private void WriteSignature(int number, SignatureReport signature, bool requiresRevocation)
    {
        string digest = OidNames.Digest(signature.Signer.DigestAlgorithm);
        Line(
            string.Create(CultureInfo.InvariantCulture, $"signature {number}"),
            $"{(signature.IsTrusted ? "trusted" : "NOT TRUSTED")} ({signature.Signer.SchemeName ?? "unknown"}, {digest}), layer {signature.Layer + 1}");
        if (signature.Certificate is { } certificate)
        {
            Detail("signer", $"{certificate.Subject} <{string.Join(", ", CertificateFacts.EmailAddresses(certificate))}>");
            WriteCertificateDetails(certificate);
        }
        else
        {
            Detail("signer", $"{signature.Signer.Identifier}, whose certificate was not found");
        }

        Detail("integrity", VerdictNames.Integrity(signature));
        Detail("path", DescribePath(signature));
        Detail("address", signature.MatchedAddress is { } matched ? $"match: {matched}" : VerdictNames.Address(signature));
        Detail("validity", VerdictNames.Time(signature));
        Detail("usage", VerdictNames.Usage(signature));
        Detail("algorithms", VerdictNames.Policy(signature));
        Detail("revocation", VerdictNames.Revocation(signature.Path?.Revocation));
        if (signature.Signer.SigningTime is { } time)
        {
            Detail("says", $"signed at {JsonLine.Instant(time)}");
        }

        foreach (string problem in VerdictNames.Problems(signature, requiresRevocation))
        {
            Detail("problem", problem);
        }
    }

    private void WriteCertificateDetails(Certificate certificate)
    {
        if (verbose)
        {
            Detail("", $"issuer {certificate.Issuer}, serial {certificate.SerialNumberHex}");
            Detail("", $"{CertificateFacts.Key(certificate)}, {JsonLine.Instant(certificate.NotBefore)} to {JsonLine.Instant(certificate.NotAfter)}");
            Detail("", $"SHA-256 {JsonLine.Hex(certificate.Sha256)}");
        }
    }

    private static string DescribePath(SignatureReport signature)
    {
        string verdict = VerdictNames.Path(signature);
        return signature.Path is { Path.Length: > 1 } path
            ? $"{verdict}: {string.Join(" < ", path.Path.Select(c => c.Subject.CommonName ?? c.Subject.ToString()))}"
            : verdict;
    }

    private void WriteRest(SmimeReport report)
    {
        if (report.Signatures.Length > 0)
        {
            Line("covers", report.Coverage switch
            {
                SignatureCoverage.Whole => "the whole body",
                SignatureCoverage.Part => "a part of the body",
                _ => "nothing that anybody trusted vouches for",
            });
        }

        foreach (string part in report.ErrantParts)
        {
            Line("not opened", $"part {part}: S/MIME inside the body that covers a part of it only");
        }

        foreach (string warning in report.Warnings)
        {
            Line("warning", warning);
        }
    }

    private void Line(string name, string text) => output.WriteLine($"  {name,-12} {Printable.Of(text)}");

    private void Detail(string name, string text) => output.WriteLine($"    {name,-10} {Printable.Of(text)}");
}
