using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Commands;

/// <summary><c>sign</c>: a mail, or any file as CMS.</summary>
internal static class SignCommand
{
    private static readonly ProtectionLayer[] _layers = [ProtectionLayer.Sign];

    internal static Command Create(ToolHost host)
    {
        Argument<string> file = FilesArgument.Single("A mail, or any file; '-' is standard input");
        Option<string?> result = FilesArgument.OutputOption("Where the signed mail, or the signature, goes; '-' is standard output");
        result.Required = true;
        var form = new Option<string?>("--form") { Description = "clear or opaque (mail), cms or cms-detached (any file); default: clear for mail, cms-detached for other files" };
        form.AcceptOnlyFromAmong("clear", "opaque", "cms", "cms-detached");
        var signing = new SigningOptions();
        var output = new OutputOptions();
        var evidence = new EvidenceOptions();
        var command = new Command("sign", "Signs a mail, or any file as CMS") { file, result, form };
        signing.AddTo(command);
        evidence.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            Workspace workspace = await Workspace.OpenAsync(evidence.Read(parsed), host, cancellationToken).ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                string? wanted = parsed.GetValue(form);
                var run = new ProtectRun(context, parsed.GetRequiredValue(file), parsed.GetRequiredValue(result)!);
                return await run.RunAsync(
                    workspace,
                    (input, target, token) => SignAsync(input, target, wanted, signing.Apply(parsed, workspace), token),
                    cancellationToken).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static ValueTask SignAsync(
        InputFile input, Stream target, string? form, SmimeProtectOptions options, CancellationToken cancellationToken)
    {
        form ??= input.Kind == InputKind.Mail ? "clear" : "cms-detached";
        if (form is "cms" or "cms-detached")
        {
            return new SmimeProtector(options).SignContentAsync(input.Stream, form == "cms-detached", target, cancellationToken);
        }

        if (input.Kind != InputKind.Mail)
        {
            throw ToolException.Malformed("not-mail", $"--form {form} is for mail, and the input is none.");
        }

        SmimeProtectOptions mail = options with { Form = form == "clear" ? SigningForm.Clear : SigningForm.Opaque };
        return new SmimeProtector(mail).ProtectAsync(input.Stream, _layers, target, cancellationToken);
    }
}
