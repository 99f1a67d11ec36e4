namespace SmimeKit.Cms.Streaming;

/// <summary>When decrypted content of AuthEnvelopedData is handed out (RFC 5083 §2.2).</summary>
public enum ReleaseMode
{
    /// <summary>After its tag has verified: until then the ciphertext waits in memory, then in a temporary file.</summary>
    Verified,

    /// <summary>
    /// As it is decrypted. Whoever uses it before the reader has completed acts on bytes that an attacker may have chosen (EFAIL).
    /// </summary>
    Provisional,
}
