namespace SmimeKit.Certificates;

/// <summary>The keys that certificates are issued for here.</summary>
public enum CertificateKeyKind
{
    /// <summary>RSA with 3072 bits: what every mail program can use.</summary>
    Rsa3072,

    /// <summary>RSA with 2048 bits: the least that is accepted today (RFC 8551 §4).</summary>
    Rsa2048,

    /// <summary>Elliptic curve P-256.</summary>
    EcP256,

    /// <summary>Elliptic curve P-384.</summary>
    EcP384,
}
