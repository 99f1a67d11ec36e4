namespace SmimeKit.Certificates;

/// <summary>How the validation time lies to the validity of the certificates of a path.</summary>
public enum TimeStatus
{
    /// <summary>Within the validity of every certificate that counts.</summary>
    Valid,

    /// <summary>After the end of the validity of one of them.</summary>
    Expired,

    /// <summary>Before the beginning of the validity of one of them.</summary>
    NotYetValid,
}
