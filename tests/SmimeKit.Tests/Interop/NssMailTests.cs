using MimeKit;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Interop;

/// <summary>Mails exchanged with NSS, the library of Thunderbird, through <c>cmsutil</c>. This NSS knows neither OAEP, ECDH nor GCM, and does not sign with PSS.</summary>
public sealed class NssMailTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-").FullName;

    public NssMailTests()
    {
        Peer.CmsUtil.Require();
        Peer.CertUtil.Run(["-N", "-d", Database, "--empty-password"]).Succeeded();
        File.WriteAllText(In("root.pem"), InteropPerson.RootPem);
        Peer.CertUtil.Run(["-A", "-d", Database, "-n", "root", "-t", "CT,C,C", "-a", "-i", In("root.pem")]).Succeeded();
        foreach (InteropPerson person in new[] { InteropPerson.Rsa, InteropPerson.Ec })
        {
            File.WriteAllBytes(In("key.p12"), person.Pkcs12);
            Peer.Pk12Util.Run(["-i", In("key.p12"), "-d", Database, "-W", InteropPerson.Password]).Succeeded();
        }
    }

    private string Database => "sql:" + _folder;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("rsa", false)]
    [InlineData("rsa", true)]
    [InlineData("ec", false)]
    [InlineData("ec", true)]
    public async Task SignedOpaque_ByUs_IsGoodForNss(string name, bool byKeyIdentifier)
    {
        InteropPerson signer = InteropPerson.ByName(name);
        MimeMessage mail = await ForeignMail.ProtectAsync(
            signer, InteropPerson.ProtectOptions(signer, signer) with { Form = SigningForm.Opaque, UsesSubjectKeyIdentifier = byKeyIdentifier }, ProtectionLayer.Sign);
        File.WriteAllBytes(In("m.p7m"), ForeignMail.Decode((MimePart)mail.Body!));
        string report = RawMail.Text(Peer.CmsUtil.Run(["-D", "-d", Database, "-h", "0", "-u", "4", "-i", In("m.p7m")]).Succeeded());
        Assert.Contains("GoodSignature", report, StringComparison.Ordinal);
        Assert.Contains("Content-Type: multipart/mixed", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("ec")]
    public async Task SignedClear_ByUs_IsGoodForNss(string name)
    {
        InteropPerson signer = InteropPerson.ByName(name);
        string mail = await ForeignMail.ProtectToTextAsync(signer, InteropPerson.ProtectOptions(signer, signer), ProtectionLayer.Sign);
        (byte[] content, byte[] signature) = ForeignMail.Split(mail);
        File.WriteAllBytes(In("content"), content);
        File.WriteAllBytes(In("sig.p7s"), signature);
        string report = RawMail.Text(Peer.CmsUtil.Run(["-D", "-d", Database, "-h", "0", "-u", "4", "-i", In("sig.p7s"), "-c", In("content")]).Succeeded());
        Assert.Contains("GoodSignature", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignedAndEncrypted_ByUs_IsDecryptedByNss()
    {
        MimeMessage mail = await ForeignMail.ProtectAsync(
            InteropPerson.OtherRsa, InteropPerson.ProtectOptions(InteropPerson.OtherRsa, InteropPerson.Rsa), ProtectionLayer.Sign, ProtectionLayer.Encrypt);
        File.WriteAllBytes(In("m.p7m"), ForeignMail.Decode((MimePart)mail.Body!));
        string inner = RawMail.Text(Peer.CmsUtil.Run(["-D", "-d", Database, "-i", In("m.p7m")]).Succeeded());
        Assert.StartsWith("Content-Type: multipart/signed", inner, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("rsa", "-G", "-P")]
    [InlineData("rsa", "-H", "SHA512", "-G")]
    [InlineData("ec", "-G")]
    public async Task Signed_ByNss_IsValid(string name, params string[] options)
    {
        File.WriteAllBytes(In("entity"), RawMail.Bytes(RawMail.Entity));
        string address = InteropPerson.ByName(name).Address;
        byte[] opaque = Sign(address, "entity", options);
        byte[] detached = Sign(address, "entity", ["-T", .. options]);
        string header = $"From: {address}\r\nMIME-Version: 1.0\r\n";
        foreach (string mail in new[]
        {
            header + RawMail.Pkcs7Mime(opaque),
            header + RawMail.MultipartSigned("; protocol=\"application/pkcs7-signature\"; micalg=sha-256", RawMail.Entity, RawMail.SignaturePart(detached)),
        })
        {
            (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail, InteropPerson.OpenOptions());
            Assert.True(report.Outcome == MessageOutcome.Valid, string.Join("; ", report.Signatures.SelectMany(s => s.Problems)));
            Assert.Equal(address, Assert.Single(report.Signatures).MatchedAddress);
            Assert.Equal(RawMail.Entity, RawMail.Text(content));
        }
    }

    [Fact]
    public async Task SignedAndEncrypted_ByNss_IsOpened()
    {
        File.WriteAllBytes(In("entity"), RawMail.Bytes(RawMail.Entity));
        File.WriteAllBytes(In("signed"), RawMail.Bytes(RawMail.Pkcs7Mime(Sign(InteropPerson.Rsa.Address, "entity", []))));
        Peer.CmsUtil.Run(["-E", "-d", Database, "-r", InteropPerson.Rsa.Address, "-i", In("signed"), "-o", In("m.p7m")]).Succeeded();
        string mail = $"From: {InteropPerson.Rsa.Address}\r\nMIME-Version: 1.0\r\n" + RawMail.Pkcs7Mime(File.ReadAllBytes(In("m.p7m")));
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail, InteropPerson.OpenOptions(InteropPerson.Rsa) with { Policy = Cms.Policy.CmsPolicy.Legacy });
        Assert.Equal(["enveloped-data", "signed-data"], report.Layers.Select(l => l.Form));
        Assert.Equal(MessageOutcome.Valid, report.Outcome);
        Assert.Equal(RawMail.Entity, RawMail.Text(content));
    }

    private byte[] Sign(string nickname, string file, string[] options)
    {
        Peer.CmsUtil.Run(["-S", "-d", Database, "-N", nickname, .. options, "-i", In(file), "-o", In("out.p7m")]).Succeeded();
        return File.ReadAllBytes(In("out.p7m"));
    }

    private string In(string file) => Path.Combine(_folder, file);
}
