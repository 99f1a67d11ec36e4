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
        var evidence = new EvidenceOptions();
        var output = new OutputOptions();
        var command = new Command("show", "Shows what certificates say; validates nothing") { files };
        evidence.AddTo(command, "--password", "--password-file", "--limit");
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            EvidenceChoice choice = evidence.Read(parsed);
            FileLimits limits = LimitChoice.Parse(choice.Limits).Files;
            string[] names = parsed.GetValue(files)!;
            OutputNaming.Check(names, null, json: false);
            IReadOnlyList<string>? passwords = await context.PrepareAsync(
                names,
                () => Passwords.ReadAsync(choice, cancellationToken),
                (file, failure) => Report(context, file, [], failure)).ConfigureAwait(false);
            foreach (string file in passwords is null ? [] : names)
            {
                context.Note(await ShowAsync(context, file, passwords!, limits, cancellationToken).ConfigureAwait(false));
            }

            return context.ExitCode;
        });
        return command;
    }

    private static async Task<int> ShowAsync(
        CommandContext context, string file, IReadOnlyList<string> passwords, FileLimits limits, CancellationToken cancellationToken)
    {
        IReadOnlyList<Certificate> certificates = [];
        Failure? failure = null;
        try
        {
            byte[] content = await CertificateInput.ReadAsync(file, context.Host, limits, cancellationToken).ConfigureAwait(false);
            certificates = await CertificateInput.DecodeAsync(file, content, passwords, limits).ConfigureAwait(false);
        }
        catch (Exception exception) when (CommandContext.IsResult(exception))
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

        foreach (Certificate certificate in context.Output.Quiet ? [] : certificates)
        {
            TextCertificate.Write(context.Host.Out, certificate);
        }
    }
}
