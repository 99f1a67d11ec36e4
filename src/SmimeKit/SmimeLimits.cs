namespace SmimeKit;

/// <summary>Named budgets for hostile mail. Sizes are in bytes. Whatever exceeds one ends with a <see cref="LimitExceededException"/>.</summary>
public sealed record SmimeLimits
{
    /// <summary>Gets the limits used when the caller names none.</summary>
    public static SmimeLimits Default { get; } = new();

    /// <summary>Gets how many cryptographic layers are peeled. Triple wrapping needs three (RFC 2634 §1.1).</summary>
    public int MaxLayers { get; init; } = 8;

    /// <summary>Gets how deep MIME parts may nest.</summary>
    public int MaxMimeDepth { get; init; } = 64;

    /// <summary>Gets how many MIME parts a layer may have.</summary>
    public int MaxMimeParts { get; init; } = 10_000;

    /// <summary>Gets the size of one header block.</summary>
    public int MaxHeaderSize { get; init; } = 1024 * 1024;

    /// <summary>Gets how many fields one header block may have.</summary>
    public int MaxHeaderFields { get; init; } = 2000;

    /// <summary>Gets the size of a detached signature, its certificates and CRLs included.</summary>
    public int MaxSignatureSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Gets how much signed content is kept so that it can be digested again when the <c>micalg</c> parameter has named the wrong
    /// digests (larger content then needs a seekable input), and for signatures over the content itself (Ed25519 and its like without
    /// signed attributes; those over larger content are unsupported).
    /// </summary>
    public int MaxContentInMemory { get; init; } = 1024 * 1024;

    /// <summary>Gets how many addresses of a message are compared with a certificate.</summary>
    public int MaxAddresses { get; init; } = 1000;
}
