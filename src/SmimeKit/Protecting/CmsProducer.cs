using MimeKit;
using SmimeKit.Mime;

namespace SmimeKit.Protecting;

/// <summary><c>application/pkcs7-mime</c>, RFC 8551 §3.3: the entity passes through a CMS writer and base64 to the output.</summary>
internal sealed class CmsProducer(
    string smimeType, Func<Stream, CancellationToken, ValueTask> writeMessage) : EntityProducer
{
    /// <summary>Writes the message alone, without MIME around it.</summary>
    internal ValueTask WriteMessageAsync(Stream output, CancellationToken cancellationToken) => writeMessage(output, cancellationToken);

    internal override async ValueTask WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        using var shell = new MimePart("application", "pkcs7-mime") { ContentTransferEncoding = ContentEncoding.Base64 };
        shell.ContentType.Parameters.Add("smime-type", smimeType);
        shell.ContentType.Name = "smime.p7m";
        shell.ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "smime.p7m" };
        await MailFormat.WriteHeaderAsync(shell.Headers, endsHeader: true, output, cancellationToken).ConfigureAwait(false);

        using var encoded = new Base64LineStream(output);
        await writeMessage(encoded, cancellationToken).ConfigureAwait(false);
        await encoded.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }
}
