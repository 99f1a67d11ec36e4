namespace SmimeKit.Certificates;

/// <summary>What a store does with an announcement.</summary>
public enum LearningOutcome
{
    /// <summary>It is news: the store records it in place of what it held for the address.</summary>
    Record,

    /// <summary>The store holds exactly this already.</summary>
    AlreadyHeld,

    /// <summary>What the store holds is as new or newer: ignored.</summary>
    NotNewer,

    /// <summary>Another encryption certificate is pinned for the address: ignored.</summary>
    Pinned,

    /// <summary>The certificate does not name the address or is not for encrypting mail: ignored.</summary>
    Unsuitable,
}
