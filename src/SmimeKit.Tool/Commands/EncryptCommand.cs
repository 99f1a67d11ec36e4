using System.CommandLine;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Commands;

/// <summary><c>encrypt</c>: a mail, or any file as CMS.</summary>
internal static class EncryptCommand
{
    private static readonly ProtectionLayer[] _layers = [ProtectionLayer.Encrypt];

    internal static Command Create(ToolHost host)
    {
        Argument<string> file = FilesArgument.Single("A mail, or any file; '-' is standard input");
        Option<string?> result = FilesArgument.OutputOption("Where the encrypted mail or CMS goes; '-' is standard output");
        result.Required = true;
        var form = new Option<string?>("--form") { Description = "mail, or cms (any file); default: what the input is" };
        form.AcceptOnlyFromAmong("mail", "cms");
        var encryption = new EncryptionOptions();
        var output = new OutputOptions();
        var evidence = new EvidenceOptions();
        var command = new Command("encrypt", "Encrypts a mail, or any file as CMS") { file, result, form };
        encryption.AddTo(command);
        evidence.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            Workspace workspace = await Workspace.OpenAsync(evidence.Read(parsed), host, cancellationToken).ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                SmimeProtectOptions options = await encryption.ApplyAsync(parsed, workspace, cancellationToken).ConfigureAwait(false);
                string? wanted = parsed.GetValue(form);
                var run = new ProtectRun(context, parsed.GetRequiredValue(file), parsed.GetRequiredValue(result)!);
                return await run.RunAsync(
                    workspace, (input, target, token) => EncryptAsync(input, target, wanted, options, token), cancellationToken).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static ValueTask EncryptAsync(
        InputFile input, Stream target, string? form, SmimeProtectOptions options, CancellationToken cancellationToken)
    {
        if (form == "mail" && input.Kind != InputKind.Mail)
        {
            throw ToolException.Malformed("not-mail", "--form mail is for mail, and the input is none.");
        }

        if (form != "cms" && input.Kind == InputKind.Mail)
        {
            return new SmimeProtector(options).ProtectAsync(input.Stream, _layers, target, cancellationToken);
        }

        if (options.Recipients.Count == 0 && options.RecipientAddresses.Count == 0)
        {
            throw ToolException.Usage("Name the recipients with --to.");
        }

        // A file has no sender; whoever gives a key wants to read the result again.
        SmimeProtectOptions content = options with { EncryptsToSelf = options.EncryptsToSelf && options.OwnEncryptionCertificate is not null };
        return new SmimeProtector(content).EncryptContentAsync(input.Stream, target, cancellationToken);
    }
}
