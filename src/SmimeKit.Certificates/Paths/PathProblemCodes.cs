namespace SmimeKit.Certificates;

/// <summary>The stable codes of <see cref="PathProblem"/>. Codes are added, never renamed.</summary>
public static class PathProblemCodes
{
    /// <summary>The validation time is after notAfter (<see cref="PathAspect.Time"/>).</summary>
    public const string Expired = "expired";

    /// <summary>The validation time is before notBefore (<see cref="PathAspect.Time"/>).</summary>
    public const string NotYetValid = "not-yet-valid";

    /// <summary>
    /// keyUsage or the kind of key refuses the purpose, or keyUsage has a bit that is forbidden for the kind of key
    /// (<see cref="PathAspect.Usage"/>; RFC 8550 §4.4.2, RFC 8410 §5, RFC 9881 §5).
    /// </summary>
    public const string KeyUsage = "key-usage";

    /// <summary>extKeyUsage refuses the purpose (<see cref="PathAspect.Usage"/>; RFC 8550 §4.4.4).</summary>
    public const string ExtendedKeyUsage = "extended-key-usage";

    /// <summary>extKeyUsage of an issuer refuses the purpose for all that is below (<see cref="PathAspect.Usage"/>).</summary>
    public const string IssuerExtendedKeyUsage = "issuer-extended-key-usage";

    /// <summary>The digest of a signature is not accepted (<see cref="PathAspect.Policy"/>).</summary>
    public const string WeakAlgorithm = "weak-algorithm";

    /// <summary>The key is too short, too long, or of a kind or curve that is not accepted (<see cref="PathAspect.Policy"/>).</summary>
    public const string WeakKey = "weak-key";

    /// <summary>The path ends in a certificate that is no anchor and whose issuer was not found.</summary>
    public const string NoAnchor = "no-anchor";

    /// <summary>The signature was not made with the issuer's key.</summary>
    public const string SignatureMismatch = "signature-mismatch";

    /// <summary>The signature algorithm is not implemented, or does not fit the issuer's key.</summary>
    public const string UnsupportedAlgorithm = "unsupported-algorithm";

    /// <summary>The algorithm inside the signed part differs from the one outside (RFC 5280 §4.1.1.2).</summary>
    public const string AlgorithmMismatch = "algorithm-mismatch";

    /// <summary>The issuer's name differs from the name that the certificate gives, though its key identifier fits.</summary>
    public const string NameChaining = "name-chaining";

    /// <summary>The issuer field is empty (RFC 5280 §4.1.2.4).</summary>
    public const string EmptyIssuer = "empty-issuer";

    /// <summary>The issuer is not a CA: basicConstraints is absent or says so, or the version is 1 or 2 (RFC 5280 §6.1.4 (k)).</summary>
    public const string NotACa = "not-a-ca";

    /// <summary>More intermediate certificates than a CA's pathLenConstraint allows (RFC 5280 §6.1.4 (m)).</summary>
    public const string PathLength = "path-length";

    /// <summary>The issuer's keyUsage lacks keyCertSign (RFC 5280 §6.1.4 (n)), or has a bit that is forbidden for the kind of key.</summary>
    public const string IssuerKeyUsage = "issuer-key-usage";

    /// <summary>A critical extension is not understood (RFC 5280 §6.1.4 (o), §6.1.5 (f)).</summary>
    public const string UnknownCriticalExtension = "unknown-critical-extension";

    /// <summary>An extension occurs twice (RFC 5280 §4.2).</summary>
    public const string DuplicateExtension = "duplicate-extension";

    /// <summary>An extension does not decode, or stands in a certificate of version 1 or 2.</summary>
    public const string MalformedExtension = "malformed-extension";

    /// <summary>The certificate carries name constraints, which are not evaluated: refused rather than ignored.</summary>
    public const string NameConstraintsUnsupported = "name-constraints-unsupported";

    /// <summary>A critical policy extension is not evaluated: refused rather than ignored.</summary>
    public const string PolicyConstraintsUnsupported = "policy-constraints-unsupported";

    /// <summary>A limit of <see cref="PathLimits"/> ended the search before a trusted path was found.</summary>
    public const string BudgetExhausted = "budget-exhausted";

    /// <summary>Warning only: an empty subject without critical subjectAltName (RFC 5280 §4.1.2.6).</summary>
    public const string EmptySubject = "empty-subject";

    internal static PathAspect AspectOf(string code) => code switch
    {
        Expired or NotYetValid => PathAspect.Time,
        KeyUsage or ExtendedKeyUsage or IssuerExtendedKeyUsage => PathAspect.Usage,
        WeakAlgorithm or WeakKey => PathAspect.Policy,
        _ => PathAspect.Path,
    };
}
