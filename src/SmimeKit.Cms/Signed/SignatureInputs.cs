using System.Formats.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Signed;

/// <summary>What a signature may be over, RFC 5652 §5.4.</summary>
internal static class SignatureInputs
{
    private const byte SetOf = 0x31;

    /// <summary>
    /// Gets the hashes to try, in order: of the content, or of the DER of the signed attributes, and then of what was received where that
    /// is tolerated. None when the attributes are refused for their encoding.
    /// </summary>
    internal static byte[][] Hash(
        SignerInfoAsn signer, ContentDigester content, DigestAlgorithm digest, CmsReaderOptions options, SortedSet<string> deviations)
    {
        if (signer.SignedAttributes.IsEmpty)
        {
            return [content.GetDigest(digest)!];
        }

        byte[] received = signer.SignedAttributes.ToArray();
        received[0] = SetOf;
        if (DerEncoding.IsDer(received, options.Limits.MaxAsn1Depth))
        {
            return [digest.Hash(received)];
        }

        deviations.Add("signed-attributes-not-der");
        return options.Policy.ToleratesDeviations && TryReencode(signer.SignedAttributes, options.Limits.MaxAsn1Depth) is { } der
            ? [digest.Hash(der), digest.Hash(received)] // R3369-5.4-d, then R3369-5.4-e
            : [];
    }

    private static byte[]? TryReencode(ReadOnlyMemory<byte> attributes, int maxDepth)
    {
        try
        {
            return DerEncoding.Reencode(attributes, Asn1Tag.SetOf, maxDepth, "signedAttrs");
        }
        catch (MalformedDataException)
        {
            return null; // this signer's fault, not the message's
        }
    }
}
