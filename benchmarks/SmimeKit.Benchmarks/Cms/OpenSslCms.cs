using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Benchmarks.Cms;

/// <summary>The command line of OpenSSL; its start takes some milliseconds of every run.</summary>
internal sealed class OpenSslCms : CmsContestant
{
    private readonly string _signer;
    private readonly string _recipient;

    internal OpenSslCms(Person person, string folder)
    {
        _signer = Save(person.Signing, person.Signing.GetRSAPrivateKey()!, Path.Combine(folder, "signer.pem"));
        _recipient = Save(person.Encryption, person.Encryption.GetRSAPrivateKey()!, Path.Combine(folder, "recipient.pem"));
    }

    internal static bool IsInstalled { get; } = Probe();

    internal override string Name => "OpenSSL CLI";

    internal override bool CanGcm => true;

    internal override void SignDetached(string content, string signature) =>
        Run("-sign", "-binary", "-md", "sha256", "-outform", "DER", "-signer", _signer, "-in", content, "-out", signature);

    internal override void VerifyDetached(string content, string signature) =>
        Run("-verify", "-binary", "-noverify", "-inform", "DER", "-in", signature, "-content", content, "-out", "/dev/null");

    internal override void SignAttached(string content, string message) =>
        Run("-sign", "-binary", "-nodetach", "-stream", "-md", "sha256", "-outform", "DER", "-signer", _signer, "-in", content, "-out", message);

    internal override void VerifyAttached(string message) =>
        Run("-verify", "-binary", "-noverify", "-inform", "DER", "-in", message, "-out", "/dev/null");

    internal override void Encrypt(string content, string message, bool gcm) =>
        Run("-encrypt", "-binary", "-stream", gcm ? "-aes-128-gcm" : "-aes-128-cbc", "-outform", "DER", "-in", content, "-out", message, _recipient);

    internal override void Decrypt(string message, string content, bool gcm) =>
        Run("-decrypt", "-binary", "-inform", "DER", "-recip", _recipient, "-in", message, "-out", content);

    private static string Save(X509Certificate2 certificate, RSA key, string path)
    {
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return path;
    }

    private static void Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", ["cms", .. arguments]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(errors);
        }
    }

    private static bool Probe()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("openssl", "version") { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
