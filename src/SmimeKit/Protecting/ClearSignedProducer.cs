using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using SmimeKit.Cms.Signed;
using SmimeKit.Mime;

namespace SmimeKit.Protecting;

/// <summary><c>multipart/signed</c>, RFC 8551 §3.5.3: the entity passes to the output and is digested on the way.</summary>
internal sealed class ClearSignedProducer(EntityProducer inner, SignedDataWriterOptions signature, string micalg) : EntityProducer
{
    internal override async ValueTask WriteAsync(Stream output, CancellationToken cancellationToken)
    {
        using var shell = new MultipartSigned();
        shell.ContentType.Parameters.Add("protocol", "application/pkcs7-signature");
        shell.ContentType.Parameters.Add("micalg", micalg);
        string boundary = shell.Boundary!;
        await MailFormat.WriteHeaderAsync(shell.Headers, endsHeader: true, output, cancellationToken).ConfigureAwait(false);
        await WriteAsync(output, $"--{boundary}\r\n", cancellationToken).ConfigureAwait(false);
        byte[] signed = await SignAsync(output, cancellationToken).ConfigureAwait(false);
        await WriteAsync(output, $"\r\n--{boundary}\r\n", cancellationToken).ConfigureAwait(false);
        await WriteSignatureAsync(output, signed, cancellationToken).ConfigureAwait(false);
        await WriteAsync(output, $"\r\n--{boundary}--\r\n", cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask WriteAsync(Stream output, string text, CancellationToken cancellationToken) =>
        output.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

    private static async ValueTask WriteSignatureAsync(Stream output, byte[] signature, CancellationToken cancellationToken)
    {
        using var part = new MimePart("application", "pkcs7-signature") { ContentTransferEncoding = ContentEncoding.Base64 };
        part.ContentType.Name = "smime.p7s";
        part.ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "smime.p7s" };
        await MailFormat.WriteHeaderAsync(part.Headers, endsHeader: true, output, cancellationToken).ConfigureAwait(false);
        using var encoded = new Base64LineStream(output);
        await encoded.WriteAsync(signature, cancellationToken).ConfigureAwait(false);
        await encoded.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<byte[]> SignAsync(Stream output, CancellationToken cancellationToken)
    {
        using var der = new MemoryStream();
        using SignedDataWriter writer = await SignedDataWriter.OpenAsync(der, signature, cancellationToken).ConfigureAwait(false);
        using (var both = new SplitStream(output, writer.Content))
        {
            await inner.WriteAsync(both, cancellationToken).ConfigureAwait(false);
            await both.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }

        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return der.ToArray();
    }
}
