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
        var evidence = new EvidenceOptions();
        var output = new OutputOptions();
        var command = new Command("export", "Exports certificates of the store; keys never leave it") { what, result, form };
        evidence.AddTo(command, "--store");
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            string target = parsed.GetRequiredValue(result)!;
            OutputNaming.Check([], target, context.Output.Json);
            SqliteCertificateStore store = await UserStore.OpenToLookAsync(evidence.Read(parsed), host, cancellationToken).ConfigureAwait(false);
            await using (store.ConfigureAwait(false))
            {
                IReadOnlyList<Certificate> certificates = await FindAsync(store, parsed.GetValue(what)!, cancellationToken).ConfigureAwait(false);
                await OutputFile.WriteAsync(target, Encode(certificates, parsed.GetValue(form)!), host, cancellationToken).ConfigureAwait(false);
                CertificateOutput.Report(context, target, certificates);
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
