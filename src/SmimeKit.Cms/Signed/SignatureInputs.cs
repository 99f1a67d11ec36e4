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
    /// Gets what to try, in order: the content, or the DER of the signed attributes and then what was received where that is tolerated; as
    /// digests, or as they are when the scheme signs the message. None when the attributes are refused for their encoding.
    /// </summary>
    internal static ReadOnlyMemory<byte>[] Prepare(
        SignerInfoAsn signer,
        ContentDigester content,
        DigestAlgorithm? digest,
        SignatureAlgorithm scheme,
        CmsReaderOptions options,
        SortedSet<string> deviations)
    {
        if (signer.SignedAttributes.IsEmpty)
        {
            return [scheme.SignsMessage ? content.Content : content.GetDigest(digest!)!];
        }

        byte[] received = signer.SignedAttributes.ToArray();
        received[0] = SetOf;
        if (DerEncoding.IsDer(received, options.Limits.MaxAsn1Depth))
        {
            return [GetInput(received)];
        }

        deviations.Add("signed-attributes-not-der");
        return options.Policy.ToleratesDeviations && TryReencode(signer.SignedAttributes, options.Limits.MaxAsn1Depth) is { } der
            ? [GetInput(der), GetInput(received)] // R3369-5.4-d, then R3369-5.4-e
            : [];

        ReadOnlyMemory<byte> GetInput(byte[] attributes) => scheme.SignsMessage ? attributes : digest!.Hash(attributes);
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
