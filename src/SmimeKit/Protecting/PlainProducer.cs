using MimeKit;
using SmimeKit.Mime;

namespace SmimeKit.Protecting;

/// <summary>The innermost entity, as MimeKit writes it with CRLF (RFC 8551 §3.1.1).</summary>
internal sealed class PlainProducer(MimeEntity entity) : EntityProducer
{
    internal override async ValueTask WriteAsync(Stream output, CancellationToken cancellationToken) =>
        await entity.WriteToAsync(MailFormat.Crlf, output, cancellationToken).ConfigureAwait(false);
}
