using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Tool.Evidence;

namespace SmimeKit.Tool.Options;

/// <summary>The options about signatures.</summary>
internal sealed class SigningOptions
{
    private readonly Option<string?> _digest = new("--digest") { Description = "The digest; default: the one that suits the key" };
    private readonly Option<bool> _pss = new("--pss") { Description = "Sign with RSASSA-PSS" };
    private readonly Option<bool> _ski = new("--ski") { Description = "Name certificates by subject key identifier" };
    private readonly Option<bool> _noAttributes = new("--no-attributes") { Description = "Sign without signed attributes" };
    private readonly Option<string> _certsIn = new("--certs-in")
    {
        Description = "Which certificates to enclose: none, signer, chain",
        DefaultValueFactory = _ => "chain",
    };

    internal void AddTo(Command command)
    {
        _certsIn.AcceptOnlyFromAmong("none", "signer", "chain");
        Option[] options = [_digest, _pss, _ski, _noAttributes, _certsIn];
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>Makes the library's options, with the keys of the key files that may sign; without key files the store is asked for the sender's.</summary>
    internal SmimeProtectOptions Apply(ParseResult parsed, Workspace workspace) => workspace.ToProtectOptions() with
    {
        SigningKeys = SigningKeys(workspace),
        Digest = parsed.GetValue(_digest) is { } digest ? AlgorithmNames.Digest(digest) : null,
        UsesPss = parsed.GetValue(_pss),
        UsesSubjectKeyIdentifier = parsed.GetValue(_ski),
        UsesSignedAttributes = !parsed.GetValue(_noAttributes),
        IncludedCertificates = parsed.GetValue(_certsIn) switch
        {
            "none" => IncludedCertificates.None,
            "signer" => IncludedCertificates.Signer,
            _ => IncludedCertificates.Chain,
        },
    };

    /// <summary>Gets the keys that sign: those of each key file whose certificate is for signing.</summary>
    internal static IReadOnlyList<ISigningKey> SigningKeys(Workspace workspace)
    {
        var query = new CertificateQuery { Purpose = CertificatePurpose.EmailSigning };
        var keys = new List<ISigningKey>();
        foreach (KeyFile file in workspace.KeyFiles)
        {
            List<SigningKey> usable = [.. file.SigningKeys.Where(k => CertificateSelection.Matches(query, k.Certificate))];
            keys.AddRange(usable.Count > 0
                ? usable
                : throw ToolException.NoKey("signing-key-missing", "A key file holds no key with a certificate for signing."));
        }

        return keys;
    }
}
