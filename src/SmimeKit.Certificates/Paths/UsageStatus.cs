namespace SmimeKit.Certificates;

/// <summary>Whether keyUsage and extKeyUsage along a path admit the purpose asked for (RFC 8550 §4.4.2, §4.4.4).</summary>
public enum UsageStatus
{
    /// <summary>They admit it.</summary>
    Ok,

    /// <summary>One of them refuses it.</summary>
    Refused,
}
