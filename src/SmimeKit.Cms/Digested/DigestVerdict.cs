namespace SmimeKit.Cms.Digested;

/// <summary>Outcome of checking the digest of DigestedData. Whoever changes the content can change the digest with it.</summary>
public abstract record DigestVerdict
{
    private DigestVerdict()
    {
    }

    /// <summary>The digest is the one of the content: nothing was damaged by accident. Says nothing about the origin (R3369-7-c).</summary>
    public sealed record Matches : DigestVerdict;

    /// <summary>The digest is not the one of the content.</summary>
    public sealed record Mismatch : DigestVerdict;

    /// <summary>The digest algorithm is refused by the named rule; nothing was compared.</summary>
    /// <param name="Rule">The stable name of the rule.</param>
    public sealed record RefusedByPolicy(string Rule) : DigestVerdict;

    /// <summary>The digest algorithm, or its parameters, are not implemented.</summary>
    /// <param name="Oid">The object identifier.</param>
    public sealed record Unsupported(string Oid) : DigestVerdict;

    /// <summary>The message carries no content and none was given (RFC 5652 §5.2).</summary>
    public sealed record ContentMissing : DigestVerdict;
}
