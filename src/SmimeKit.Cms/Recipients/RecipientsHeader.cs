using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Recipients;

/// <summary>How every content type with recipients begins: RFC 5652 §6.1 and §9.1, RFC 5083 §2.1.</summary>
/// <remarks><code>
/// SEQUENCE {
///     version         CMSVersion,
///     originatorInfo  [0] IMPLICIT OriginatorInfo OPTIONAL,
///     recipientInfos  RecipientInfos,
///     … }
/// OriginatorInfo ::= SEQUENCE { certs [0] IMPLICIT CertificateSet OPTIONAL, crls [1] IMPLICIT RevocationInfoChoices OPTIONAL }
/// </code></remarks>
internal sealed record RecipientsHeader(int Version, CarriedCertificates Originator, RecipientList Recipients) : IDisposable
{
    private const byte Sequence = 0x30;
    private const byte OriginatorInfo = 0xA0;

    /// <summary>Enters the value and reads up to the field after the recipients.</summary>
    internal static async ValueTask<RecipientsHeader> ReadAsync(CmsInput input, string name, CancellationToken cancellationToken)
    {
        BerTokenizer ber = input.Ber;
        await ber.EnterAsync(Sequence, name, cancellationToken).ConfigureAwait(false);
        int version = await input.ReadVersionAsync("version", cancellationToken).ConfigureAwait(false);
        CarriedCertificates originator = CarriedCertificates.None;
        if (await ber.TryEnterAsync(OriginatorInfo, "originatorInfo", cancellationToken).ConfigureAwait(false))
        {
            originator = await CarriedCertificates.ReadAsync(ber, input.Limits, cancellationToken).ConfigureAwait(false);
            await ber.LeaveAsync("originatorInfo", cancellationToken).ConfigureAwait(false);
        }

        return new RecipientsHeader(
            version, originator, await RecipientList.ReadAsync(ber, input.Limits, cancellationToken).ConfigureAwait(false));
    }

    public void Dispose() => Recipients.Dispose();
}
