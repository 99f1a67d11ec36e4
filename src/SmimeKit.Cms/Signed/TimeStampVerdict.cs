using System.Collections.Immutable;

namespace SmimeKit.Cms.Signed;

/// <summary>Outcome of checking one time-stamp. None of its forms says that anyone trusts the time-stamping authority.</summary>
public abstract record TimeStampVerdict
{
    private TimeStampVerdict()
    {
    }

    /// <summary>
    /// The authority's signature holds, its certificate is for time-stamping only, and what it stamped is what was given. Not proved: that
    /// the certificate's issuer is trusted, that the certificate was valid and not revoked then, and that the clock was right. All of
    /// that is for path validation at the time of the stamp, and for the caller.
    /// </summary>
    /// <param name="Weaknesses">Algorithms and sizes that only a legacy policy admits, as stable codes; empty under the others.</param>
    public sealed record Valid(ImmutableArray<string> Weaknesses) : TimeStampVerdict;

    /// <summary>The stamp is over something else.</summary>
    public sealed record ImprintMismatch : TimeStampVerdict;

    /// <summary>The authority's signature is not valid: <see cref="TimeStampReport.Signer"/> says why.</summary>
    public sealed record SignatureNotValid : TimeStampVerdict;

    /// <summary>Sound, but refused by the named rule.</summary>
    /// <param name="Rule">The stable name of the rule.</param>
    public sealed record RefusedByPolicy(string Rule) : TimeStampVerdict;

    /// <summary>The token breaks a rule of its format.</summary>
    /// <param name="Rule">The stable name of the rule.</param>
    public sealed record Malformed(string Rule) : TimeStampVerdict;

    /// <summary>The token uses something that is not implemented.</summary>
    /// <param name="Oid">The object identifier.</param>
    public sealed record Unsupported(string Oid) : TimeStampVerdict;

    /// <summary>The token is not the answer to the request.</summary>
    /// <param name="Rule">The stable name of the difference: <c>nonce</c>, <c>imprint</c>, <c>policy</c>, <c>time</c>.</param>
    public sealed record NotForRequest(string Rule) : TimeStampVerdict;
}
