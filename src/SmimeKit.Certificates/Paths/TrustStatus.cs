namespace SmimeKit.Certificates;

/// <summary>Whether something is trusted. There is no third value: what could not be decided is not trusted.</summary>
public enum TrustStatus
{
    /// <summary>Not established.</summary>
    Untrusted,

    /// <summary>Established, within what the property that says so covers.</summary>
    Trusted,
}
