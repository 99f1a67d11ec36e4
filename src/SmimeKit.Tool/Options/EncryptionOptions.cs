using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Options;

/// <summary>The options about encryption.</summary>
internal sealed class EncryptionOptions
{
    private readonly Option<string[]> _to = EvidenceOptions.Several(
        "--to", "file|address", "Recipients: certificate files, or addresses that the store knows; default for mail: To and Cc");

    private readonly Option<string?> _cipher = new("--cipher") { Description = "The cipher; default: one that every recipient can read" };
    private readonly Option<string?> _oaep = new("--oaep")
    {
        Description = "RSA-OAEP with this hash (sha256 when none is named); default: what every recipient can read",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "hash",
    };

    private readonly Option<bool> _ski = new("--ski") { Description = "Name certificates by subject key identifier" };
    private readonly Option<bool> _noSelf = new("--no-self") { Description = "Do not encrypt to the sender" };

    internal void AddTo(Command command)
    {
        Option[] options = [_to, _cipher, _oaep, _ski, _noSelf];
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>Refuses what makes no sense, before anything is read.</summary>
    internal void Check(ParseResult parsed)
    {
        _ = ReadCipher(parsed);
        _ = ReadOaep(parsed);
        foreach (string recipient in parsed.GetValue(_to) ?? [])
        {
            if (!File.Exists(recipient) && !EmailAddressComparison.IsWellFormed(recipient))
            {
                throw ToolException.Usage($"--to {recipient}: neither a file nor a mail address.");
            }
        }
    }

    internal async Task<SmimeProtectOptions> ApplyAsync(ParseResult parsed, Workspace workspace, CancellationToken cancellationToken)
    {
        var certificates = new List<Certificate>();
        var addresses = new List<string>();
        string[] recipients = parsed.GetValue(_to) ?? [];
        foreach (string recipient in recipients)
        {
            if (File.Exists(recipient))
            {
                certificates.AddRange(await ReadRecipientsAsync(recipient, workspace, cancellationToken).ConfigureAwait(false));
            }
            else
            {
                addresses.Add(recipient);
            }
        }

        return workspace.ToProtectOptions() with
        {
            Recipients = certificates,
            RecipientAddresses = addresses,
            UsesMessageRecipients = recipients.Length == 0,
            ContentEncryption = ReadCipher(parsed),
            KeyTransport = ReadOaep(parsed),
            UsesSubjectKeyIdentifier = parsed.GetValue(_ski),
            EncryptsToSelf = !parsed.GetValue(_noSelf),
            OwnEncryptionCertificate = FindOwn(workspace),
        };
    }

    private ContentEncryptionAlgorithm? ReadCipher(ParseResult parsed) =>
        parsed.GetValue(_cipher) is { } name ? AlgorithmNames.Cipher(name) : null;

    private KeyTransportScheme.Oaep? ReadOaep(ParseResult parsed)
    {
        if (parsed.GetResult(_oaep) is not { Implicit: false })
        {
            return null;
        }

        DigestAlgorithm digest = AlgorithmNames.Digest(parsed.GetValue(_oaep) ?? "sha-256");
        return new KeyTransportScheme.Oaep(digest, digest, default);
    }

    // A file may hold a chain: only what can receive is a recipient.
    internal static async Task<IReadOnlyList<Certificate>> ReadRecipientsAsync(
        string file, Workspace workspace, CancellationToken cancellationToken)
    {
        IReadOnlyList<Certificate> all = await CertificateInput.NamingAsync(
            file, () => CertificateFile.ReadAsync(file, workspace.Limits.Files, cancellationToken)).ConfigureAwait(false);
        var query = new CertificateQuery { Purpose = CertificatePurpose.EmailEncryption };
        List<Certificate> usable = [.. all.Where(c => CertificateSelection.Matches(query, c) && !CertificateFacts.IsAuthority(c))];
        return usable.Count > 0
            ? usable
            : throw ToolException.NoKey("recipient-certificate-missing", $"{file} holds no certificate that can be encrypted to.");
    }

    private static Certificate? FindOwn(Workspace workspace)
    {
        var query = new CertificateQuery { Purpose = CertificatePurpose.EmailEncryption };
        return workspace.DecryptionKeys.Select(k => k.Certificate).FirstOrDefault(c => CertificateSelection.Matches(query, c));
    }
}
