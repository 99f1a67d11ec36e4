using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary><c>cert validate</c>: path validation of one certificate.</summary>
internal static class CertValidateCommand
{
    internal static Command Create(ToolHost host)
    {
        Argument<string> file = FilesArgument.Single("The certificate; further ones in the file count as intermediates");
        var purpose = new Option<string>("--purpose")
        {
            Description = "What it is wanted for: any, email-sign, email-encrypt",
            DefaultValueFactory = _ => "any",
        };
        purpose.AcceptOnlyFromAmong(CertificateFacts.PurposeNames);
        UnsupportedOptions unsupported = new UnsupportedOptions().WithValue("--policy-oid", "certificate policies");
        var evidence = new EvidenceOptions();
        var output = new OutputOptions();
        var command = new Command("validate", "Validates the path from a certificate to a trust anchor") { file, purpose };
        unsupported.AddTo(command);
        evidence.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            unsupported.ThrowIfUsed(parsed);
            var context = new CommandContext(host, output.Read(parsed));
            string name = parsed.GetRequiredValue(file);
            EvidenceChoice choice = evidence.Read(parsed);
            Workspace? workspace = await context.PrepareAsync(
                [name],
                () => Workspace.OpenAsync(choice, host, cancellationToken),
                (path, failure) => Report(context, path, null, failure, valid: false, revocationMissing: false)).ConfigureAwait(false);
            if (workspace is null)
            {
                return context.ExitCode;
            }

            await using (workspace.ConfigureAwait(false))
            {
                return await RunAsync(context, workspace, name, CertificateFacts.Purpose(parsed.GetValue(purpose)!), cancellationToken).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, Workspace workspace, string file, CertificatePurpose purpose, CancellationToken cancellationToken)
    {
        PathValidationResult? result = null;
        Failure? failure = null;
        try
        {
            result = await ValidateAsync(context, workspace, file, purpose, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (CommandContext.IsResult(exception))
        {
            failure = Failure.From(exception);
            context.ReportFailure(file, failure);
        }

        bool revocationMissing = workspace.RequiresRevocation && result?.Revocation == RevocationStatus.NotChecked;
        bool valid = result?.Outcome == TrustStatus.Trusted && !revocationMissing;
        Report(context, file, result, failure, valid, revocationMissing);
        return failure?.ExitCode ?? (valid ? ExitCode.Ok : ExitCode.NotTrusted);
    }

    private static async Task<PathValidationResult> ValidateAsync(
        CommandContext context, Workspace workspace, string file, CertificatePurpose purpose, CancellationToken cancellationToken)
    {
        byte[] content = await CertificateInput.ReadAsync(file, context.Host, workspace.Limits.Files, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Certificate> certificates = await CertificateInput
            .DecodeAsync(file, content, workspace.Passwords, workspace.Limits.Files).ConfigureAwait(false);
        return await CertificatePathValidator.ValidateAsync(
            certificates[0],
            new PathValidationOptions
            {
                Anchors = workspace.Anchors,
                At = workspace.Now,
                Purpose = purpose,
                Stores = workspace.Stores,
                ExtraCertificates = [.. certificates.Skip(1), .. workspace.ExtraCertificates],
                Policy = workspace.Policy.Certificates,
                Limits = workspace.Limits.Paths,
                TimeProvider = workspace.Time,
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static void Report(
        CommandContext context, string file, PathValidationResult? result, Failure? failure, bool valid, bool revocationMissing)
    {
        List<string> problems = [.. result?.Problems.Select(p => p.ToString()) ?? []];
        if (revocationMissing)
        {
            problems.Add("revocation-not-checked: revocation is required, and this version does not check it");
        }

        if (context.Output.Json)
        {
            WriteJson(context, file, result, failure, valid, problems);
        }
        else if (result is not null && !context.Output.Quiet)
        {
            WriteText(context, file, result, valid, problems);
        }
    }

    private static void WriteJson(
        CommandContext context, string file, PathValidationResult? result, Failure? failure, bool valid, List<string> problems) =>
        JsonLine.Write(context.Host.Out, json =>
        {
            json.WriteString("file", file);
            json.WriteString("outcome", (failure?.Outcome ?? (valid ? Outcome.Ok : Outcome.Untrusted)).ToName());
            json.WriteError(failure);
            json.WriteBoolean("valid", valid);
            json.WriteStrings("path", result?.Path.Select(c => c.Subject.ToString()) ?? []);
            json.WriteStrings("problems", failure is null ? problems : [$"{failure.Code}: {failure.Message}"]);
            json.WriteStrings("warnings", result?.Warnings.Select(w => w.ToString()) ?? []);
            json.WriteString("revocation", VerdictNames.Revocation(result?.Revocation));
            json.WriteStrings("policies", []);
        });

    private static void WriteText(CommandContext context, string file, PathValidationResult result, bool valid, List<string> problems)
    {
        TextWriter output = context.Host.Out;
        output.WriteLine($"{Printable.Of(file)}: {(valid ? "valid" : "NOT VALID")}");
        WritePath(output, result.Path);
        foreach (string problem in problems)
        {
            output.WriteLine($"  problem    {Printable.Of(problem)}");
        }

        foreach (PathProblem warning in result.Warnings)
        {
            output.WriteLine($"  warning    {Printable.Of(warning.ToString())}");
        }

        output.WriteLine($"  revocation {VerdictNames.Revocation(result.Revocation)}");
        foreach (RejectedPath rejected in context.Output.Verbose ? result.RejectedPaths : [])
        {
            output.WriteLine($"  rejected   {Printable.Of(string.Join("; ", rejected.Problems))}");
            WritePath(output, rejected.Certificates);
        }
    }

    private static void WritePath(TextWriter output, IEnumerable<Certificate> path)
    {
        foreach (Certificate certificate in path)
        {
            output.WriteLine($"    {Printable.Of(certificate.Subject.ToString())}");
        }
    }
}
