using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Peers;

/// <summary>NSS, the library of Thunderbird, through <c>cmsutil</c>. One database serves a whole run.</summary>
public sealed class Nss : IForeign, IDisposable
{
    private const string SignerUsage = "4";
    private readonly WorkFolder _folder = new();
    private readonly Lock _lock = new();
    private readonly HashSet<string> _imported = [];
    private bool _created;

    public string Name => "nss";

    public void Require()
    {
        Peer.CmsUtil.Require();
        Peer.CertUtil.Require();
        Peer.Pk12Util.Require();
    }

    public string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers)
    {
        lock (_lock)
        {
            string database = Database();
            PeerResult result = Peer.CmsUtil.Run(
            [
                "-D", "-d", database, "-h", "1", "-u", SignerUsage, "-i", _folder.Write("message.p7m", message), "-o", _folder["output"],
                .. detached ? ["-c", _folder.Write("given", content)] : Array.Empty<string>(),
            ]);
            string output = result.ExitCode == 0 ? Encoding.Latin1.GetString(_folder.Read("output")) : "";
            for (int i = 0; i < signers.Count; i++)
            {
                if (!output.Contains($"signer{i}.status=GoodSignature", StringComparison.Ordinal))
                {
                    return $"exit code {result.ExitCode}: {result.Error} {output}";
                }
            }

            return detached || _folder.Read("output").AsSpan().EndsWith(content) ? null : "the content differs";
        }
    }

    public string? FindObjection(byte[] message, byte[] content, TestIdentity recipient)
    {
        lock (_lock)
        {
            string database = Database();
            Import(recipient, database);
            PeerResult result = Peer.CmsUtil.Run(["-D", "-d", database, "-i", _folder.Write("message.p7m", message), "-o", _folder["output"]]);
            return result.ExitCode != 0 ? result.Error : _folder.Read("output").AsSpan().SequenceEqual(content) ? null : "the content differs";
        }
    }

    public byte[] Sign(SigningCase signing, byte[] content) => Sign(
        signing.Scheme.Signer(),
        content,
        [
            "-H", signing.Scheme.Digest!.Name.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal),
            .. signing.Attributes ? new[] { "-G" } : [],
            .. signing.IsDetached ? new[] { "-T" } : [],
        ]);

    public byte[] Encrypt(EnvelopeCase envelope, byte[] content)
    {
        lock (_lock)
        {
            string database = Database();
            TestIdentity[] recipients = envelope.Several ? [Recipients.Other, envelope.Recipient] : [envelope.Recipient];
            string addresses = string.Join(',', recipients.Select(r => ImportCertificate(r, database)));
            _ = Peer.CmsUtil.Run(
                ["-E", "-d", database, "-r", addresses, "-i", _folder.Write("content", content), "-o", _folder["encrypted"]]).Succeeded();
            return _folder.Read("encrypted");
        }
    }

    public string? FindObjection(byte[] message, Certificate certificate)
    {
        lock (_lock)
        {
            string database = Database();
            PeerResult result = Peer.CmsUtil.Run(["-D", "-k", "-d", database, "-u", SignerUsage, "-i", _folder.Write("certificates.p7c", message)]);
            PeerResult kept = Peer.CertUtil.Run(["-L", "-d", database, "-r", "-n", Assert.Single(certificate.EmailAddresses)]);
            return kept.Output.AsSpan().SequenceEqual(certificate.RawData.Span) // the exit code wants CA certificates to sign mail, too
                ? null
                : $"exit code {result.ExitCode}: {result.Error}";
        }
    }

    public byte[] WriteCertificate(TestIdentity identity)
    {
        lock (_lock)
        {
            string database = Database();
            _ = Peer.CmsUtil.Run(["-O", "-d", database, "-r", ImportCertificate(identity, database), "-o", _folder["certificates"]]).Succeeded();
            return _folder.Read("certificates");
        }
    }

    /// <summary>Signs a content with further options of the command.</summary>
    public byte[] Sign(TestIdentity signer, byte[] content, params IEnumerable<string> options)
    {
        lock (_lock)
        {
            string database = Database();
            string nickname = Import(signer, database);
            _ = Peer.CmsUtil.Run(
            [
                "-S", "-d", database, "-N", nickname, "-Y", "NONE", "-i", _folder.Write("content", content), "-o", _folder["signed"], .. options,
            ]).Succeeded();
            return _folder.Read("signed");
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Database()
    {
        string database = "sql:" + _folder.Root;
        if (!_created)
        {
            _ = Peer.CertUtil.Run(["-N", "-d", database, "--empty-password"]).Succeeded();
            _ = Peer.CertUtil.Run(
                ["-A", "-d", database, "-n", "root", "-t", "CT,C,C", "-a", "-i", _folder.Write("root.pem", TestAuthority.RootPem)]).Succeeded();
            _created = true;
        }

        return database;
    }

    private string Import(TestIdentity signer, string database)
    {
        string nickname = signer.Certificate.SerialNumberHex;
        if (_imported.Add(nickname))
        {
            _ = Peer.Pk12Util.Run(
                ["-i", _folder.Write("key.p12", signer.ToPkcs12("pw", nickname)), "-d", database, "-W", "pw", "-K", ""]).Succeeded();
        }

        return nickname;
    }

    private string ImportCertificate(TestIdentity recipient, string database)
    {
        string nickname = recipient.Certificate.SerialNumberHex;
        if (_imported.Add("certificate " + nickname))
        {
            _ = Peer.CertUtil.Run(
                ["-A", "-d", database, "-n", nickname, "-t", ",,", "-a", "-i", _folder.Write("certificate.pem", recipient.CertificatePem)]).Succeeded();
        }

        return nickname;
    }
}
