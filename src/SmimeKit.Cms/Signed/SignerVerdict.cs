using System.Collections.Immutable;

namespace SmimeKit.Cms.Signed;

/// <summary>Outcome of checking one SignerInfo. None of its forms says whom the certificate names or whether anyone trusts it.</summary>
public abstract record SignerVerdict
{
    private SignerVerdict()
    {
    }

    /// <summary>Digest, signature and policy hold for the certificate in the report.</summary>
    /// <param name="Weaknesses">Algorithms and sizes that only a legacy policy admits, as stable codes; empty under the others.</param>
    public sealed record Valid(ImmutableArray<string> Weaknesses) : SignerVerdict;

    /// <summary>Cryptographically sound but refused by the named rule; or not tried, for content and keys that are traps.</summary>
    /// <param name="Rule">The stable name of the rule.</param>
    public sealed record RefusedByPolicy(string Rule) : SignerVerdict;

    /// <summary>The signature is detached and no content was given: there is nothing to check it against (RFC 5652 §5.2).</summary>
    public sealed record ContentMissing : SignerVerdict;

    /// <summary>No certificate at hand matches the signer's identifier.</summary>
    public sealed record CertificateNotFound : SignerVerdict;

    /// <summary>The content is not what was signed: its digest differs from the message-digest attribute.</summary>
    public sealed record DigestMismatch : SignerVerdict;

    /// <summary>The signature does not fit the signed attributes (or the content) and the certificate's key.</summary>
    public sealed record SignatureMismatch : SignerVerdict;

    /// <summary>The SignerInfo breaks a rule of its format.</summary>
    /// <param name="Rule">The stable name of the rule.</param>
    public sealed record Malformed(string Rule) : SignerVerdict;

    /// <summary>The SignerInfo uses something that is not implemented.</summary>
    /// <param name="Oid">The object identifier, or a word for what has none.</param>
    public sealed record Unsupported(string Oid) : SignerVerdict;
}
