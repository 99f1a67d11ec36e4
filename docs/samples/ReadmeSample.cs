using MimeKit;
using SmimeKit.Stores.Sqlite;

namespace SmimeKit.Samples;

public static class ReadmeSample
{
    public static async Task<MimeMessage> ReplyAsync(Stream received, MimeMessage reply, SqliteCertificateStore store)
    {
        var opener = new SmimeOpener(new() { Anchors = store, Stores = [store], KeyStores = [store], LearnInto = store });
        using OpenedMessage opened = await opener.OpenAsync(received);
        opened.Report.ThrowIfNotValid(); // the report says who signed what, and why that is (not) trusted

        // The valid signature taught the store how to encrypt to its sender.
        var protector = new SmimeProtector(new() { Anchors = store, Stores = [store], KeyStores = [store] });
        return await protector.SignThenEncryptAsync(reply);
    }
}
