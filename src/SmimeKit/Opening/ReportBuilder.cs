using SmimeKit.Cms.Signed;

namespace SmimeKit.Opening;

/// <summary>Draws the conclusions of a report from its layers and signatures.</summary>
internal static class ReportBuilder
{
    internal static SmimeReport Build(
        IReadOnlyList<LayerReport> layers,
        IReadOnlyList<SignatureReport> signatures,
        IReadOnlyList<string> warnings,
        IReadOnlyList<string> errantParts,
        long contentLength,
        byte[] contentDigest)
    {
        bool trusted = signatures.Any(s => s.IsTrusted);
        return new SmimeReport
        {
            Outcome = DecideOutcome(signatures),
            Coverage = trusted ? SignatureCoverage.Whole : SignatureCoverage.None,
            Encryption = DecideEncryption(layers),
            Layers = [.. layers],
            ErrantParts = [.. errantParts],
            Signatures = [.. signatures],
            Warnings = [.. warnings.Distinct()],
            ContentLength = contentLength,
            ContentSha256 = contentDigest,
        };
    }

    // Signatures around ciphertext vouch for nothing inside it: they can spoil a mail, not make it signed (RFC 9787 §6).
    private static MessageOutcome DecideOutcome(IReadOnlyList<SignatureReport> signatures)
    {
        if (signatures.Any(s => s.Integrity is Check.Fail))
        {
            return MessageOutcome.NotValid;
        }

        List<SignatureReport> covering = [.. signatures.Where(s => s.Coverage.HasPassed)];
        if (covering.Count == 0)
        {
            return MessageOutcome.NoSignature;
        }

        // A signer that cannot be processed neither helps nor harms one that can: dual signatures of old and new algorithms.
        List<SignatureReport> processed = covering.FindAll(s => !IsUnsupported(s.Signer));
        return processed.Count > 0 && processed.TrueForAll(s => s.IsTrusted) ? MessageOutcome.Valid
            : covering.Exists(s => s.Integrity is Check.NotChecked) ? MessageOutcome.Indeterminate
            : MessageOutcome.NotValid;
    }

    private static bool IsWeakness(string remark) => remark is "weak-cipher" or "weak-rsa-key" or "short-tag";

    /// <summary>Tells whether a signer uses what is not implemented. A digest that was merely not computed is another matter.</summary>
    internal static bool IsUnsupported(SignerReport signer) =>
        signer.Verdict is SignerVerdict.Unsupported { Oid: not "digest-not-computed" };

    private static EncryptionStatus DecideEncryption(IReadOnlyList<LayerReport> layers)
    {
        List<LayerReport> encrypted = [.. layers.Where(l => l.Kind == LayerKind.Encrypted)];
        List<LayerReport> strong = encrypted.FindAll(l => !l.Remarks.Any(IsWeakness));
        return encrypted.Count == 0 ? EncryptionStatus.None
            : strong.Count == 0 ? EncryptionStatus.Weak // R9787-6.5-a
            : strong.Exists(l => l.IsAuthenticated == true) ? EncryptionStatus.Authenticated
            : EncryptionStatus.Unauthenticated;
    }
}
