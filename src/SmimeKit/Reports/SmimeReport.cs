using System.Collections.Immutable;

namespace SmimeKit;

/// <summary>What opening a mail found. Immutable; there is no conversion to a truth value.</summary>
public sealed record SmimeReport
{
    /// <summary>Gets the verdict on the signatures of the mail.</summary>
    public required MessageOutcome Outcome { get; init; }

    /// <summary>Gets how much of the body the trusted signatures cover.</summary>
    public required SignatureCoverage Coverage { get; init; }

    /// <summary>Gets how the body was encrypted.</summary>
    public required EncryptionStatus Encryption { get; init; }

    /// <summary>Gets the layers that form the cryptographic envelope, from the outside in (RFC 9787 §4).</summary>
    public required ImmutableArray<LayerReport> Layers { get; init; }

    /// <summary>Gets where further S/MIME parts are that lie outside the envelope. They were neither verified nor decrypted.</summary>
    public ImmutableArray<string> ErrantParts { get; init; } = [];

    /// <summary>Gets the signatures, from the outside in.</summary>
    public required ImmutableArray<SignatureReport> Signatures { get; init; }

    /// <summary>Gets what is odd but decides nothing, as stable codes: micalg-mismatch, date-mismatch, canonicalized, signed-by-sender, …</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Gets the number of bytes of the innermost entity, header included.</summary>
    public required long ContentLength { get; init; }

    /// <summary>Gets the SHA-256 of the innermost entity, header included.</summary>
    public required ReadOnlyMemory<byte> ContentSha256 { get; init; }

    /// <summary>Ends with an exception unless the mail is signed and every signature is trusted.</summary>
    /// <exception cref="PolicyViolationException">The outcome is not <see cref="MessageOutcome.Valid"/>; the rule names it.</exception>
    public void ThrowIfNotValid()
    {
        if (Outcome != MessageOutcome.Valid)
        {
            string why = Signatures.SelectMany(s => s.Problems).FirstOrDefault() ?? (Signatures.IsEmpty ? "nobody signed it" : "not everything could be checked");
            throw new PolicyViolationException("message-not-valid", $"The message is not validly signed ({Outcome}): {why}.");
        }
    }
}
