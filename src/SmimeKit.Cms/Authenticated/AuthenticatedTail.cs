using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Authenticated;

/// <summary>What AuthenticatedData holds after its content, RFC 5652 §9.1.</summary>
/// <param name="Attributes">The authenticated attributes.</param>
/// <param name="AttributesEncoded">Their DER under the tag of SET OF: what the MAC covers (RFC 5652 §9.2). Empty without attributes.</param>
/// <param name="Mac">The code.</param>
/// <param name="UnauthenticatedAttributes">The attributes that nothing protects.</param>
internal sealed record AuthenticatedTail(
    CmsAttributes Attributes, byte[] AttributesEncoded, byte[] Mac, CmsAttributes UnauthenticatedAttributes)
{
    private const byte AttributesTag = 0xA2;
    private const byte UnauthenticatedTag = 0xA3;
    private const int MaxMacSize = 1024; // with tag and length; the longest in use has 64 octets

    internal static async ValueTask<AuthenticatedTail> ReadAsync(CmsInput input, CancellationToken cancellationToken)
    {
        const string Field = "unauthAttrs";
        BerTokenizer ber = input.Ber;
        byte[]? received = await ReadAttributesAsync(input, AttributesTag, "authAttrs", cancellationToken).ConfigureAwait(false);
        byte[] encoded = received is null ? [] : DerEncoding.Reencode(received, Asn1Tag.SetOf, input.Limits.MaxAsn1Depth, "authAttrs");
        CmsAttributes attributes = received is null
            ? CmsAttributes.Empty
            : Der.Decode(encoded, "authAttrs", r => CmsAttributes.Decode(r, Asn1Tag.SetOf));
        byte[] mac = await ber.ReadLeafAsync("mac", MaxMacSize, nameof(MaxMacSize), cancellationToken).ConfigureAwait(false);
        mac = Der.Decode(mac, "mac", r => r.ReadOctetString(), AsnEncodingRules.BER, ber.Position - mac.Length);
        byte[]? unprotected = await ReadAttributesAsync(input, UnauthenticatedTag, Field, cancellationToken).ConfigureAwait(false);
        CmsAttributes unauthenticated = unprotected is null
            ? CmsAttributes.Empty
            : Der.Decode(unprotected, Field, r => CmsAttributes.Decode(r, Der.Context(3)), AsnEncodingRules.BER);
        return new AuthenticatedTail(attributes, encoded, mac, unauthenticated);
    }

    private static async ValueTask<byte[]?> ReadAttributesAsync(
        CmsInput input, byte identifier, string field, CancellationToken cancellationToken)
    {
        BerHeader? next = await input.Ber.PeekAsync(field, cancellationToken).ConfigureAwait(false);
        return next?.Identifier != identifier
            ? null
            : await input.Ber
                .ReadLeafAsync(field, input.Limits.MaxAttributesSize, nameof(input.Limits.MaxAttributesSize), cancellationToken)
                .ConfigureAwait(false);
    }
}
