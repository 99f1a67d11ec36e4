namespace SmimeKit.Certificates;

/// <summary>How the integrity of a PKCS #12 file is protected.</summary>
public enum Pkcs12Integrity
{
    /// <summary>HMAC-SHA-256 with the key derivation of RFC 7292 B: read by far more programs.</summary>
    HmacSha256,

    /// <summary>PBMAC1 with PBKDF2 and HMAC-SHA-256, RFC 9879: stronger, read by OpenSSL from 3.4 and by few others.</summary>
    Pbmac1,
}

/// <summary>How a PKCS #12 file is written.</summary>
/// <remarks>Keys and certificates are always encrypted with AES-256 under PBKDF2 with HMAC-SHA-256.</remarks>
public sealed record Pkcs12Options
{
    /// <summary>Gets the options used when the caller names none.</summary>
    public static Pkcs12Options Default { get; } = new();

    /// <summary>Gets the iterations of each key derivation: 600 000 (RFC 8018 §4; about a quarter of a second).</summary>
    public int Iterations { get; init; } = 600_000;

    /// <summary>Gets the protection of integrity.</summary>
    public Pkcs12Integrity Integrity { get; init; } = Pkcs12Integrity.HmacSha256;
}
