namespace SmimeKit.Certificates;

/// <summary>How a certificate came into a store. A later entry never weakens an earlier one: pinned outranks imported outranks harvested.</summary>
public enum CertificateProvenance
{
    /// <summary>Learned from a fully valid signed message.</summary>
    Harvested,

    /// <summary>Imported by the user or an administrator.</summary>
    Imported,

    /// <summary>Chosen by the user for its address; never displaced by learning.</summary>
    Pinned,
}
