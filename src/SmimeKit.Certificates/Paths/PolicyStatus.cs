namespace SmimeKit.Certificates;

/// <summary>Whether the algorithms and keys of a path are accepted by a <see cref="CertificatePolicy"/>.</summary>
public enum PolicyStatus
{
    /// <summary>They are accepted; <see cref="PathValidationResult.Warnings"/> names those accepted though weak.</summary>
    Ok,

    /// <summary>One of them is refused.</summary>
    Refused,
}
