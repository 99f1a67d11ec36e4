namespace SmimeKit.Cms.Signed;

/// <summary>PKIFailureInfo, RFC 3161 §2.4.2: why a request was not granted.</summary>
[Flags]
public enum TimeStampFailures : uint
{
    /// <summary>Nothing is said.</summary>
    None = 0,

    /// <summary>The digest algorithm is not supported.</summary>
    BadAlgorithm = 1U << 0,

    /// <summary>The request is not permitted or supported.</summary>
    BadRequest = 1U << 2,

    /// <summary>The data has the wrong format.</summary>
    BadDataFormat = 1U << 5,

    /// <summary>The time source is not available.</summary>
    TimeNotAvailable = 1U << 14,

    /// <summary>The policy asked for is not supported.</summary>
    UnacceptedPolicy = 1U << 15,

    /// <summary>An extension asked for is not supported.</summary>
    UnacceptedExtension = 1U << 16,

    /// <summary>Additional information asked for is not available.</summary>
    AdditionalInformationNotAvailable = 1U << 17,

    /// <summary>The request cannot be handled for a failure of the system.</summary>
    SystemFailure = 1U << 25,
}
