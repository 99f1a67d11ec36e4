namespace SmimeKit.Certificates;

/// <summary>The side of path validation that a problem belongs to, mildest first.</summary>
public enum PathAspect
{
    /// <summary>The certificate is outside its validity.</summary>
    Time,

    /// <summary>The certificate is not meant for the purpose asked for.</summary>
    Usage,

    /// <summary>An algorithm or a key is refused by the policy.</summary>
    Policy,

    /// <summary>The path itself does not hold: a signature, an issuer, a constraint, the anchor.</summary>
    Path,
}
