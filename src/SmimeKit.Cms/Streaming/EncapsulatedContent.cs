using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Streaming;

/// <summary>The content as most types carry it, RFC 5652 §5.2: how it begins, how it ends, and what PKCS #7 did instead.</summary>
/// <remarks><code>
/// EncapsulatedContentInfo ::= SEQUENCE {
///     eContentType  ContentType,
///     eContent      [0] EXPLICIT OCTET STRING OPTIONAL }
/// </code></remarks>
/// <param name="ContentType">The type of the content as an object identifier.</param>
/// <param name="IsPresent">Whether the message carries its content; when not, it comes from outside. Absent is not the same as empty.</param>
/// <param name="IsBareValue">Whether a value of another type stands where an OCTET STRING should.</param>
internal readonly record struct EncapsulatedContent(string ContentType, bool IsPresent, bool IsBareValue)
{
    internal const string Field = "encapContentInfo";
    internal const string ContentField = "encapContentInfo.eContent";
    internal const string TypeField = "encapContentInfo.eContentType";

    /// <summary>The code of the deviation that <see cref="IsBareValue"/> is.</summary>
    internal const string BareValueDeviation = "pkcs7-content";

    internal const byte Sequence = 0x30;
    internal const byte Explicit = 0xA0;
    internal const byte OctetString = 0x04;

    /// <summary>Reads up to the first octet of the content; past the whole value when there is none.</summary>
    internal static async ValueTask<EncapsulatedContent> BeginAsync(CmsInput input, CmsPolicy policy, CancellationToken cancellationToken)
    {
        BerTokenizer ber = input.Ber;
        await ber.EnterAsync(Sequence, Field, cancellationToken).ConfigureAwait(false);
        string contentType = await input.ReadOidAsync(TypeField, cancellationToken).ConfigureAwait(false);
        if (!await ber.TryEnterAsync(Explicit, ContentField, cancellationToken).ConfigureAwait(false))
        {
            await ber.LeaveAsync(Field, cancellationToken).ConfigureAwait(false);
            return new EncapsulatedContent(contentType, IsPresent: false, IsBareValue: false);
        }

        bool isBare = await BeginOctetsAsync(ber, contentType, policy, cancellationToken).ConfigureAwait(false);
        return new EncapsulatedContent(contentType, IsPresent: true, isBare);
    }

    /// <summary>Begins to stream the octets of the content; true when they are the contents octets of a bare value.</summary>
    internal static async ValueTask<bool> BeginOctetsAsync(
        BerTokenizer ber, string contentType, CmsPolicy policy, CancellationToken cancellationToken)
    {
        bool isBare = await IsBareValueAsync(ber, contentType, policy, cancellationToken).ConfigureAwait(false);
        if (isBare)
        {
            await ber.BeginContentsAsync(ContentField, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await ber.BeginOctetStringAsync(OctetString, ContentField, cancellationToken).ConfigureAwait(false);
        }

        return isBare;
    }

    /// <summary>
    /// Tells whether the value itself stands where an OCTET STRING should, as PKCS #7 put it, and Authenticode does still: then its
    /// contents octets are what was digested (RFC 5652 §5.2.1).
    /// </summary>
    internal static async ValueTask<bool> IsBareValueAsync(
        BerTokenizer ber, string contentType, CmsPolicy policy, CancellationToken cancellationToken)
    {
        BerHeader? header = await ber.PeekAsync(ContentField, cancellationToken).ConfigureAwait(false);
        bool isOctetString = header is { } value && (value.Identifier & ~0x20) == OctetString;
        return !isOctetString && contentType != Oids.Data && policy.ToleratesDeviations;
    }

    /// <summary>Reads what follows the last octet of the content.</summary>
    internal async ValueTask EndAsync(BerTokenizer ber, CancellationToken cancellationToken)
    {
        if (IsPresent)
        {
            await ber.LeaveAsync(ContentField, cancellationToken).ConfigureAwait(false);
            await ber.LeaveAsync(Field, cancellationToken).ConfigureAwait(false);
        }
    }
}
