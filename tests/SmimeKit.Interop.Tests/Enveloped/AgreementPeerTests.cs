using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>The key agreements that only OpenSSL among the peers knows, both ways.</summary>
public static class AgreementPeerTests
{
    private static readonly byte[] _content = MessageCase.Content;

    /// <summary>The rows, each with the options by which <c>openssl cms</c> writes the same.</summary>
    public static TheoryData<string, string> Rows => new()
    {
        { "ecdh-p256-sha224", "ecdh_kdf_md:sha224" },
        { "ecdh-cofactor-p256-sha1", "ecdh_cofactor_mode:1 ecdh_kdf_md:sha1" },
        { "ecdh-cofactor-p256-sha224", "ecdh_cofactor_mode:1 ecdh_kdf_md:sha224" },
        { "ecdh-cofactor-p256-sha256", "ecdh_cofactor_mode:1 ecdh_kdf_md:sha256" },
        { "ecdh-cofactor-p384-sha384", "ecdh_cofactor_mode:1 ecdh_kdf_md:sha384" },
        { "ecdh-cofactor-p521-sha512", "ecdh_cofactor_mode:1 ecdh_kdf_md:sha512" },
        { "ecdh-brainpool-p256-sha256", "ecdh_kdf_md:sha256" },
        { "ecdh-brainpool-p384-sha384", "ecdh_kdf_md:sha384" },
        { "ecdh-brainpool-p512-sha512", "ecdh_kdf_md:sha512" },
        { "dh-ephemeral", "" },
    };

    public static TheoryData<string> Names => [.. Rows.Select(r => r.Data.Item1)];

    [Theory]
    [MemberData(nameof(Names))]
    public static async Task OurMessage_IsDecryptedByOpenSsl(string name)
    {
        Peer.OpenSsl.Require();
        byte[] message = await Case(name).WriteAsync(_content, synchronous: true);
        Assert.Null(new OpenSsl().FindObjection(message, _content, Recipient(name)));
    }

    /// <summary>The rows with a sender's certificate: OpenSSL 3.0 reads them, and writes none ("unsupported static key agreement").</summary>
    public static TheoryData<string, string> StaticRows => new() { { "ecdh-p256-static", "p256" }, { "ecdh-p384-static-keyid", "p384" } };

    [Theory]
    [MemberData(nameof(StaticRows))]
    public static async Task OurMessage_OfASenderWithACertificate_IsDecryptedByOpenSsl(string name, string kind)
    {
        Peer.OpenSsl.Require();
        using var folder = new WorkFolder();
        byte[] message = await Case(name).WriteAsync(_content, synchronous: true);
        TestIdentity recipient = Recipient(name);
        byte[] read = Peer.OpenSsl.Run(
        [
            "cms", "-decrypt", "-binary", "-inform", "DER", "-recip", folder.Write("recipient.pem", recipient.CertificatePem + "\n" + recipient.KeyPem),
            "-originator", folder.Write("sender.pem", RecipientRow.SenderOf(kind).CertificatePem),
        ], message).Succeeded();
        Assert.Equal(_content, read);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public static async Task MessageOfOpenSsl_IsDecrypted(string name, string options)
    {
        Peer.OpenSsl.Require();
        using var folder = new WorkFolder();
        byte[] message = Peer.OpenSsl.Run(
        [
            "cms", "-encrypt", "-binary", "-outform", "DER", "-aes128", "-recip", folder.Write("recipient.pem", Recipient(name).CertificatePem),
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(o => new[] { "-keyopt", o }),
        ], _content).Succeeded();
        Assert.Equal(_content, await Case(name).ReadAsync(new MemoryStream(message), synchronous: true));
    }

    private static MessageCase Case(string name) => MessageCases.All.Single(c => c.Name.StartsWith($"envelopedData/{name}/AES-128-CBC/", StringComparison.Ordinal));

    private static TestIdentity Recipient(string name) => RecipientRow.All.Single(r => r.Name == name).Identity!();
}
