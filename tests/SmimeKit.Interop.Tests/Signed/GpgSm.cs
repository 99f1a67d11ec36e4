using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary>GnuPG's <c>gpgsm</c>, with its own agent. One home serves a whole run.</summary>
public sealed class GpgSm : ISignatureReader, IDisposable
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

    /// <summary>Signs a content with further options of the command.</summary>
    public byte[] Sign(TestIdentity signer, byte[] content, params IEnumerable<string> options)
    {
        lock (_lock)
        {
            Create();
            if (_imported.Add(signer.Certificate.SerialNumberHex))
            {
                _ = Run(["--import", _folder.Write("key.p12", signer.ToPkcs12("pw", "key"))], "pw").Succeeded();
            }

            string serial = "#" + signer.Certificate.SerialNumberHex + "/CN=Test Root";
            _ = Run(["--local-user", serial, "--output", _folder["signed"], .. options, _folder.Write("content", content)], "pw").Succeeded();
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

    private PeerResult Run(IEnumerable<string> arguments, string? passphrase = null)
    {
        string[] secret = passphrase is null ? [] : ["--pinentry-mode", "loopback", "--passphrase-fd", "0"];
        return new Peer("gpgsm").Run(
            ["--homedir", _folder.Root, "--batch", "--yes", "--status-fd", "2", "--disable-crl-checks", "--disable-dirmngr", .. secret, .. arguments],
            passphrase is null ? null : System.Text.Encoding.ASCII.GetBytes(passphrase + "\n"));
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

        string fingerprint = Convert.ToHexString(System.Security.Cryptography.SHA1.HashData(TestAuthority.Root.RawData));
        _folder.Write("trustlist.txt", fingerprint + " S relax\n");
        _folder.Write("gpg-agent.conf", "allow-loopback-pinentry\n");
        _ = Run(["--import", _folder.Write("root.pem", TestAuthority.RootPem)]).Succeeded();
    }
}
