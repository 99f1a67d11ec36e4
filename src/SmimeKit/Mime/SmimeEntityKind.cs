namespace SmimeKit.Mime;

/// <summary>What an entity is, as far as its header tells.</summary>
internal enum SmimeEntityKind
{
    /// <summary>Nothing cryptographic.</summary>
    Plain,

    /// <summary><c>multipart/signed</c> of S/MIME, RFC 8551 §3.5.3.</summary>
    SignedMultipart,

    /// <summary><c>application/pkcs7-mime</c> in any disguise, RFC 8551 §3.3.</summary>
    Cms,
}
