using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary><c>cert show</c>: what certificates say. Nothing is validated.</summary>
internal static class CertShowCommand
{
    internal static Command Create(ToolHost host)
    {
        Argument<string[]> files = FilesArgument.Several(
            "file", "Certificates in PEM, DER or PKCS #7, or PKCS #12; '-' is standard input");
        Option<string[]> passwords = EvidenceOptions.Several("--password", "password", "A password to try for PKCS #12");
        Option<string[]> passwordFiles = EvidenceOptions.Several("--password-file", "file", "A file whose first line is such a password");
        var output = new OutputOptions();
        var command = new Command("show", "Shows what certificates say; validates nothing") { files, passwords, passwordFiles };
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            var choice = new EvidenceChoice
            {
                Passwords = parsed.GetValue(passwords) ?? [],
                PasswordFiles = parsed.GetValue(passwordFiles) ?? [],
            };
            IReadOnlyList<string> known = await Passwords.ReadAsync(choice, cancellationToken).ConfigureAwait(false);
            OutputNaming.Check(parsed.GetValue(files)!, null, json: false);
            foreach (string file in parsed.GetValue(files)!)
            {
                context.Note(await ShowAsync(context, file, known, cancellationToken).ConfigureAwait(false));
            }

            return context.ExitCode;
        });
        return command;
    }

    private static async Task<int> ShowAsync(
        CommandContext context, string file, IReadOnlyList<string> passwords, CancellationToken cancellationToken)
    {
        IReadOnlyList<Certificate> certificates = [];
        Failure? failure = null;
        try
        {
            byte[] content = await CertificateInput.ReadAsync(file, context.Host, FileLimits.Default, cancellationToken).ConfigureAwait(false);
            certificates = await CertificateInput.DecodeAsync(file, content, passwords, FileLimits.Default).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // one file's failure is its result
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            failure = Failure.From(exception);
            context.ReportFailure(file, failure);
        }

        Report(context, file, certificates, failure);
        return failure?.ExitCode ?? ExitCode.Ok;
    }

    private static void Report(CommandContext context, string file, IReadOnlyList<Certificate> certificates, Failure? failure)
    {
        if (context.Output.Json)
        {
            JsonLine.Write(context.Host.Out, json =>
            {
                json.WriteString("file", file);
                json.WriteString("outcome", (failure?.Outcome ?? Outcome.Ok).ToName());
                json.WriteError(failure);
                json.WriteStartArray("certificates");
                foreach (Certificate certificate in certificates)
                {
                    json.WriteStartObject();
                    JsonCertificate.WriteMembers(json, certificate);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
            return;
        }

        foreach (Certificate certificate in certificates)
        {
            TextCertificate.Write(context.Host.Out, certificate);
        }
    }
}
