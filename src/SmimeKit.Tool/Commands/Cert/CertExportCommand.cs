using System.CommandLine;
using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary><c>cert export</c>: certificates of the store into a file. Keys never leave the store.</summary>
internal static class CertExportCommand
{
    internal static Command Create(ToolHost host)
    {
        var what = new Argument<string[]>("address|sha256")
        {
            Description = "Which certificates: those that name an address, or those whose SHA-256 begins with these hexadecimal digits",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> result = FilesArgument.OutputOption("Where the certificates go; '-' is standard output");
        result.Required = true;
        var form = new Option<string>("--form") { Description = "pem, p7c or der (one certificate)", DefaultValueFactory = _ => "pem" };
        form.AcceptOnlyFromAmong("pem", "p7c", "der");
        var store = new Option<string?>("--store") { Description = "The store; default: that of the user", HelpName = "file" };
        var command = new Command("export", "Exports certificates of the store; keys never leave it") { what, result, form, store };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var choice = new EvidenceChoice { Store = parsed.GetValue(store) };
            SqliteCertificateStore opened = await UserStore.OpenAsync(choice, [], host, forWriting: false, cancellationToken).ConfigureAwait(false)
                ?? throw ToolException.Io("store-not-found", "There is no store yet; 'cert import' creates it.");
            await using (opened.ConfigureAwait(false))
            {
                IReadOnlyList<Certificate> certificates = await FindAsync(opened, parsed.GetValue(what)!, cancellationToken).ConfigureAwait(false);
                byte[] encoded = Encode(certificates, parsed.GetValue(form)!);
                OutputFile output = OutputFile.Open(parsed.GetValue(result), host, LimitChoice.Default.Cms);
                await using (output.ConfigureAwait(false))
                {
                    await output.Stream.WriteAsync(encoded, cancellationToken).ConfigureAwait(false);
                    await output.CommitAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<IReadOnlyList<Certificate>> FindAsync(
        SqliteCertificateStore store, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        var all = new CertificateQuery { Purpose = CertificatePurpose.Any, Limit = int.MaxValue };
        var found = new List<Certificate>();
        foreach (string name in wanted)
        {
            bool address = name.Contains('@', StringComparison.Ordinal);
            IReadOnlyList<StoredCertificate> matches = await store
                .FindAsync(address ? all with { EmailAddress = name } : all, cancellationToken).ConfigureAwait(false);
            List<Certificate> chosen =
            [
                .. matches.Select(m => m.Certificate)
                    .Where(c => address || Reporting.JsonLine.Hex(c.Sha256).StartsWith(name, StringComparison.OrdinalIgnoreCase)),
            ];
            found.AddRange(chosen.Count > 0
                ? chosen
                : throw ToolException.NoKey("certificate-not-found", $"The store has no certificate for {name}."));
        }

        return [.. found.Distinct()];
    }

    private static byte[] Encode(IReadOnlyList<Certificate> certificates, string form) => form switch
    {
        "p7c" => CertificateFile.EncodePkcs7(certificates),
        "der" when certificates.Count == 1 => certificates[0].RawData.ToArray(),
        "der" => throw ToolException.Usage($"DER holds one certificate, and {certificates.Count} were found: use --form p7c or pem."),
        _ => Encoding.ASCII.GetBytes(CertificateFile.EncodePem(certificates)),
    };
}
