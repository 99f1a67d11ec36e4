using System.Security.Cryptography;
using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Peers;

/// <summary>GnuPG's <c>gpgsm</c>, with its own agent. One home serves a whole run.</summary>
public sealed class GpgSm : IForeign, IDisposable
{
    private readonly WorkFolder _folder = new();
    private readonly Lock _lock = new();
    private readonly HashSet<string> _imported = [];
    private bool _created;

    public string Name => "gpgsm";

    public void Require() => Peer.GpgSm.Require();

    public string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers)
    {
        lock (_lock)
        {
            Create();
            string file = _folder.Write("message.p7m", message);
            PeerResult result = detached
                ? Run(["--verify", file, _folder.Write("given", content)])
                : Run(["--output", _folder["output"], "--verify", file]);
            int good = result.Error.Split("GOODSIG").Length - 1;
            if (result.ExitCode != 0 || good != signers.Count)
            {
                return $"exit code {result.ExitCode}, {good} good signatures: {result.Error}";
            }

            return detached || _folder.Read("output").AsSpan().SequenceEqual(content) ? null : "the content differs";
        }
    }

    public string? FindObjection(byte[] message, byte[] content, TestIdentity recipient)
    {
        lock (_lock)
        {
            Import(recipient);
            File.Delete(_folder["output"]);
            PeerResult result = Run(["--output", _folder["output"], "--decrypt", _folder.Write("message.p7m", message)], "pw");
            return File.Exists(_folder["output"]) && _folder.Read("output").AsSpan().SequenceEqual(content) // the exit code tells of other recipients
                ? null
                : $"exit code {result.ExitCode}: {result.Error}";
        }
    }

    public byte[] Sign(SigningCase signing, byte[] content) => Sign(
        signing.Signers,
        content,
        signing.IsDetached ? "--detach-sign" : "--sign",
        "--digest-algo",
        signing.Scheme.Digest!.Name.Replace("-", "", StringComparison.Ordinal));

    public byte[] Encrypt(EnvelopeCase envelope, byte[] content)
    {
        lock (_lock)
        {
            Create();
            TestIdentity[] recipients = envelope.Several ? [Recipients.Other, envelope.Recipient] : [envelope.Recipient];
            foreach (TestIdentity recipient in recipients.Where(r => _imported.Add("certificate " + r.Certificate.SerialNumberHex)))
            {
                _ = Run(["--import", _folder.Write("certificate.pem", recipient.CertificatePem)]).Succeeded();
            }

            string cipher = envelope.Cipher == ContentEncryptionAlgorithm.TripleDesCbc ? "3DES"
                : (envelope.IsCamellia ? "CAMELLIA" : "AES") + (envelope.Cipher.KeySize * 8);
            _ = Run(
            [
                "--output", _folder["encrypted"], "--cipher-algo", cipher, .. recipients.SelectMany(r => new[] { "--recipient", UserId(r) }),
                "--encrypt", _folder.Write("content", content),
            ]).Succeeded();
            return _folder.Read("encrypted");
        }
    }

    public string? FindObjection(byte[] message, Certificate certificate)
    {
        lock (_lock)
        {
            Create();
            PeerResult result = Run(["--import", _folder.Write("certificates.p7c", message)]);
            PeerResult listed = Run(["--list-keys", $"#{certificate.SerialNumberHex}/CN=Test Root"]);
            return result.ExitCode != 0 ? result.Error : listed.ExitCode == 0 ? null : "the certificate is missing";
        }
    }

    public byte[] WriteCertificate(TestIdentity identity) => throw new NotSupportedException();

    /// <summary>Signs a content with further options of the command.</summary>
    public byte[] Sign(IReadOnlyList<TestIdentity> signers, byte[] content, params IEnumerable<string> options)
    {
        lock (_lock)
        {
            foreach (TestIdentity signer in signers)
            {
                Import(signer);
            }

            _ = Run(
            [
                .. signers.SelectMany(s => new[] { "--local-user", UserId(s) }), "--output", _folder["signed"], .. options, _folder.Write("content", content),
            ], "pw").Succeeded();
            return _folder.Read("signed");
        }
    }

    public void Dispose()
    {
        if (_created)
        {
            _ = new Peer("gpgconf").Run(["--homedir", _folder.Root, "--kill", "all"]);
        }

        _folder.Dispose();
    }

    private static string UserId(TestIdentity identity) => "#" + identity.Certificate.SerialNumberHex + "/CN=Test Root";

    private void Import(TestIdentity identity)
    {
        Create();
        if (!_imported.Add(identity.Certificate.SerialNumberHex))
        {
            return;
        }

        if (identity.Key is ECDsa key)
        {
            ImportKey(identity, key);
        }
        else
        {
            _ = Run(["--import", _folder.Write("key.p12", identity.ToPkcs12("pw", "key"))], "pw").Succeeded();
        }
    }

    // gpgsm 2.2.40 crashes on a PKCS #12 file with an EC key, so the key goes straight to the agent's folder, named by its keygrip.
    private void ImportKey(TestIdentity identity, ECDsa key)
    {
        _ = Run(["--import", _folder.Write("certificate.pem", identity.CertificatePem)]).Succeeded();
        string list = Encoding.ASCII.GetString(Run(["--with-colons", "--with-keygrip", "--list-keys", UserId(identity)]).Succeeded());
        string grip = list.Split('\n').First(l => l.StartsWith("grp:", StringComparison.Ordinal)).Split(':')[9];
        ECParameters parameters = key.ExportParameters(includePrivateParameters: true);
        byte[] point = [0x04, .. parameters.Q.X!, .. parameters.Q.Y!];
        byte[] expression =
        [
            .. Encoding.ASCII.GetBytes($"(11:private-key(3:ecc(5:curve10:NIST P-{key.KeySize}"), .. ")(1:q"u8, .. Atom(point), .. ")(1:d"u8, .. Atom(parameters.D!), .. ")))"u8,
        ];
        Directory.CreateDirectory(_folder["private-keys-v1.d"]);
        _folder.Write(Path.Combine("private-keys-v1.d", grip + ".key"), expression);
    }

    private static byte[] Atom(byte[] value) => [.. Encoding.ASCII.GetBytes($"{value.Length}:"), .. value];

    private PeerResult Run(IEnumerable<string> arguments, string? passphrase = null)
    {
        string[] secret = passphrase is null ? [] : ["--pinentry-mode", "loopback", "--passphrase-fd", "0"];
        return new Peer("gpgsm").Run(
            ["--homedir", _folder.Root, "--batch", "--yes", "--status-fd", "2", "--disable-crl-checks", "--disable-dirmngr", .. secret, .. arguments],
            passphrase is null ? null : Encoding.ASCII.GetBytes(passphrase + "\n"));
    }

    private void Create()
    {
        if (_created)
        {
            return;
        }

        _created = true;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        string fingerprint = Convert.ToHexString(SHA1.HashData(TestAuthority.Root.RawData));
        _folder.Write("trustlist.txt", fingerprint + " S relax\n");
        _folder.Write("gpg-agent.conf", "allow-loopback-pinentry\n");
        _ = Run(["--import", _folder.Write("root.pem", TestAuthority.RootPem)]).Succeeded();
    }
}
