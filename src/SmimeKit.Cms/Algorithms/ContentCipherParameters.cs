namespace SmimeKit.Cms.Algorithms;

/// <summary>The parameters of a content-encryption algorithm, whichever it has. Their encoding is the matter of its family.</summary>
internal readonly struct ContentCipherParameters
{
    internal const int MinTagSize = 12; // RFC 5084 §3.2; shorter tags can be guessed (CVE-2026-57062)
    internal const int MaxTagSize = 16;

    /// <summary>Gets the initialization vector or nonce.</summary>
    internal required byte[] Iv { get; init; }

    /// <summary>Gets the size of the tag in bytes; 0 without authentication.</summary>
    internal int TagSize { get; init; }

    /// <summary>Gets how many bits of the key count, whatever its size; of interest to RC2 only.</summary>
    internal int EffectiveKeyBits { get; init; }
}
