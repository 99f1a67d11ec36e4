namespace SmimeKit.Cms.Algorithms.ContentCiphers;

/// <summary>A cipher whose tag covers the content and additional data.</summary>
internal abstract class AuthenticatingCipher : ContentCipher
{
    /// <summary>Tells beforehand what the tag covers, which some ciphers need at the start; before any content.</summary>
    /// <returns>False when content of this length is beyond the cipher with these parameters.</returns>
    internal virtual bool Begin(ReadOnlySpan<byte> additionalData, long contentLength) => true;

    /// <summary>Computes the tag of 16 octets, of which shorter ones are the beginning, after <see cref="ContentCipher.Finish"/>; once.</summary>
    internal abstract void ComputeTag(ReadOnlySpan<byte> additionalData, Span<byte> tag);
}
