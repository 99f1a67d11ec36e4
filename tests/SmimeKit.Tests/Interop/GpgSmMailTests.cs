using MimeKit;
using SmimeKit.TestKit;

namespace SmimeKit.Tests.Interop;

/// <summary>Mails exchanged with GnuPG's <c>gpgsm</c>. It knows neither OAEP, GCM nor subject key identifiers, and does not sign with PSS.</summary>
public sealed class GpgSmMailTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gs").FullName; // short: a socket lives in it

    public GpgSmMailTests()
    {
        Peer.GpgSm.Require();
        File.WriteAllText(In("trustlist.txt"), InteropPerson.Root.ToX509Certificate2().Thumbprint + " S relax\n");
        File.WriteAllBytes(In("root.der"), InteropPerson.RootDer);
        File.WriteAllText(In("other.pem"), InteropPerson.OtherRsa.CertificatePem);
        Run("--import", In("root.der"));
        ImportKey();
        Run("--import", In("other.pem"));
    }

    public void Dispose()
    {
        new Peer("gpgconf").Run(["--homedir", _folder, "--kill", "gpg-agent"]);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("sha-256")]
    [InlineData("sha-512")]
    public async Task SignedClear_ByUs_IsGoodForGpgSm(string micalg)
    {
        SmimeProtectOptions options = InteropPerson.ProtectOptions(InteropPerson.OtherRsa, InteropPerson.Rsa) with { Digest = Certificates.DigestAlgorithm.FindByMicalg(micalg) };
        (byte[] content, byte[] signature) = ForeignMail.Split(await ForeignMail.ProtectToTextAsync(InteropPerson.OtherRsa, options, ProtectionLayer.Sign));
        File.WriteAllBytes(In("content"), content);
        File.WriteAllBytes(In("sig.p7s"), signature);
        Assert.Contains("Good signature", Run("--verify", In("sig.p7s"), In("content")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignedOpaque_ByUs_IsGoodForGpgSm()
    {
        MimeMessage mail = await ForeignMail.ProtectAsync(
            InteropPerson.OtherRsa, InteropPerson.ProtectOptions(InteropPerson.OtherRsa, InteropPerson.Rsa) with { Form = SigningForm.Opaque }, ProtectionLayer.Sign);
        File.WriteAllBytes(In("m.p7m"), ForeignMail.Decode((MimePart)mail.Body!));
        Assert.Contains("Good signature", Run("--output", In("out"), "--verify", In("m.p7m")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignedAndEncrypted_ByUs_IsDecryptedByGpgSm()
    {
        MimeMessage mail = await ForeignMail.ProtectAsync(
            InteropPerson.OtherRsa, InteropPerson.ProtectOptions(InteropPerson.OtherRsa, InteropPerson.Rsa), ProtectionLayer.Sign, ProtectionLayer.Encrypt);
        File.WriteAllBytes(In("m.p7m"), ForeignMail.Decode((MimePart)mail.Body!));
        RunAny("--output", In("out"), "--decrypt", In("m.p7m")); // its exit code complains about the other recipient's missing key
        Assert.StartsWith("Content-Type: multipart/signed", File.ReadAllText(In("out")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signed_ByGpgSm_IsValid(bool detached)
    {
        File.WriteAllBytes(In("entity"), RawMail.Bytes(RawMail.Entity));
        Run("--output", In("out"), "-u", InteropPerson.Rsa.Address, detached ? "--detach-sign" : "--sign", In("entity"));
        byte[] cms = File.ReadAllBytes(In("out"));
        string mail = $"From: {InteropPerson.Rsa.Address}\r\nMIME-Version: 1.0\r\n" + (detached
            ? RawMail.MultipartSigned("; protocol=\"application/pkcs7-signature\"; micalg=sha-256", RawMail.Entity, RawMail.SignaturePart(cms))
            : RawMail.Pkcs7Mime(cms));
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail, InteropPerson.OpenOptions());
        Assert.True(report.Outcome == MessageOutcome.Valid, string.Join("; ", report.Signatures.SelectMany(s => s.Problems)));
        Assert.Equal(InteropPerson.Rsa.Address, Assert.Single(report.Signatures).MatchedAddress);
        Assert.Equal(RawMail.Entity, RawMail.Text(content));
    }

    [Fact]
    public async Task Encrypted_ByGpgSm_IsDecrypted()
    {
        File.WriteAllBytes(In("entity"), RawMail.Bytes(RawMail.Entity));
        Run("--output", In("out"), "-r", InteropPerson.OtherRsa.Address, "--encrypt", In("entity"));
        string mail = $"From: {InteropPerson.Rsa.Address}\r\nMIME-Version: 1.0\r\n" + RawMail.Pkcs7Mime(File.ReadAllBytes(In("out")));
        (SmimeReport report, byte[] content) = await RawMail.OpenAsync(mail, InteropPerson.OpenOptions(InteropPerson.OtherRsa));
        Assert.Equal(EncryptionStatus.Unauthenticated, report.Encryption);
        Assert.Equal(RawMail.Entity, RawMail.Text(content));
    }

    // gpgsm 2.2.40 has taken a good file for one under another password, once in many runs; written again, the file has another salt.
    private void ImportKey()
    {
        const int Tries = 3;
        PeerResult result = null!;
        for (int i = 0; i < Tries && result is not { ExitCode: 0 }; i++)
        {
            File.WriteAllBytes(In("key.p12"), InteropPerson.Rsa.Pkcs12);
            result = RunAny("--import", In("key.p12"));
        }

        result.Succeeded();
    }

    private string Run(params string[] arguments)
    {
        PeerResult result = RunAny(arguments);
        result.Succeeded();
        return result.Error;
    }

    private PeerResult RunAny(params string[] arguments) =>
        Peer.GpgSm.Run(
            ["--homedir", _folder, "--batch", "--yes", "--no-tty", "--disable-crl-checks", "--pinentry-mode", "loopback", "--passphrase-fd", "0", .. arguments],
            RawMail.Bytes(InteropPerson.Password + "\n"),
            new Dictionary<string, string> { ["LC_ALL"] = "C" });

    private string In(string file) => Path.Combine(_folder, file);
}
