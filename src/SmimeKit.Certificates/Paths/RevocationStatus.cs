namespace SmimeKit.Certificates;

/// <summary>What is known about the revocation of the certificates of a path.</summary>
public enum RevocationStatus
{
    /// <summary>Nobody asked: no evidence was given.</summary>
    NotChecked,

    /// <summary>Fresh evidence says that no certificate of the path is revoked.</summary>
    Good,

    /// <summary>A certificate of the path is revoked.</summary>
    Revoked,

    /// <summary>Asked, but the evidence is missing, stale or does not cover a certificate of the path.</summary>
    Unknown,
}
