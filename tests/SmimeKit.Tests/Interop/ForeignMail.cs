using MimeKit;

namespace SmimeKit.Tests.Interop;

/// <summary>Takes our mails apart for programs that know CMS but no MIME.</summary>
internal static class ForeignMail
{
    internal static async Task<MimeMessage> ProtectAsync(InteropPerson from, SmimeProtectOptions options, params ProtectionLayer[] layers) =>
        MimeMessage.Load(new MemoryStream(RawMail.Bytes(await ProtectToTextAsync(from, options, layers))));

    internal static async Task<string> ProtectToTextAsync(InteropPerson from, SmimeProtectOptions options, params ProtectionLayer[] layers)
    {
        using MimeMessage mail = InteropPerson.CreateMail(from, InteropPerson.OtherRsa);
        using var output = new MemoryStream();
        await new SmimeProtector(options with { UsesMessageRecipients = false }).ProtectAsync(mail, layers, output);
        return RawMail.Text(output.ToArray());
    }

    internal static byte[] Decode(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content!.DecodeTo(content);
        return content.ToArray();
    }

    /// <summary>Splits a clear-signed mail into the signed octets and the signature.</summary>
    internal static (byte[] Content, byte[] Signature) Split(string mail)
    {
        var body = (Multipart)MimeMessage.Load(new MemoryStream(RawMail.Bytes(mail))).Body!;
        string delimiter = $"--{body.Boundary}\r\n";
        int start = mail.IndexOf(delimiter, StringComparison.Ordinal) + delimiter.Length;
        int end = mail.IndexOf("\r\n" + delimiter, start, StringComparison.Ordinal);
        return (RawMail.Bytes(mail[start..end]), Decode((MimePart)body[1]));
    }
}
