namespace SmimeKit;

/// <summary>What a layer of a mail does.</summary>
public enum LayerKind
{
    /// <summary>Signed, clear or opaque.</summary>
    Signed,

    /// <summary>Encrypted, with or without integrity protection.</summary>
    Encrypted,

    /// <summary>Compressed: no protection at all.</summary>
    Compressed,

    /// <summary>Certificates only: nothing is protected (RFC 8551 §3.8).</summary>
    CertificatesOnly,
}
