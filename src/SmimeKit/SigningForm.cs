namespace SmimeKit;

/// <summary>How a signature is attached to a mail.</summary>
public enum SigningForm
{
    /// <summary><c>multipart/signed</c>: readable without S/MIME (RFC 8551 §3.5.3).</summary>
    Clear,

    /// <summary><c>application/pkcs7-mime; smime-type=signed-data</c>: survives relays, unreadable without S/MIME (RFC 8551 §3.5.2).</summary>
    Opaque,
}
