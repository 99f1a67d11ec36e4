namespace SmimeKit.Cms.Signed;

/// <summary>PKIStatus, RFC 3161 §2.4.2.</summary>
public enum TimeStampStatus
{
    /// <summary>There is a token.</summary>
    Granted = 0,

    /// <summary>There is a token, with modifications.</summary>
    GrantedWithModifications = 1,

    /// <summary>The request was refused.</summary>
    Rejection = 2,

    /// <summary>The request has not been processed yet.</summary>
    Waiting = 3,

    /// <summary>A revocation of the authority is imminent.</summary>
    RevocationWarning = 4,

    /// <summary>The authority has been revoked.</summary>
    RevocationNotification = 5,
}
