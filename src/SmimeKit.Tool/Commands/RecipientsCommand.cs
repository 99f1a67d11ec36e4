using System.CommandLine;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary><c>recipients list</c>: whom an encrypted message is for, read from its header alone.</summary>
internal static class RecipientsCommand
{
    internal static Command Create(ToolHost host) => new("recipients", "The recipients of encrypted messages")
    {
        CreateList(host),
        RecipientsEditCommand.CreateAdd(host),
        RecipientsEditCommand.CreateRemove(host),
    };

    private static Command CreateList(ToolHost host)
    {
        var files = new FilesArgument();
        var output = new OutputOptions();
        var evidence = new EvidenceOptions();
        var command = new Command("list", "Lists the recipients without any key: only the header of the message is read") { files.Argument };
        evidence.AddTo(command, "--limit");
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            var choice = new EvidenceChoice { NoStore = true, Limits = evidence.Read(parsed).Limits }; // nobody is trusted here, nor opened
            OutputNaming.Check(files.Read(parsed), null, json: false);
            Workspace workspace = await Workspace.OpenAsync(choice, host, cancellationToken).ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                foreach (string file in files.Read(parsed))
                {
                    context.Note(await ListAsync(context, workspace, file, cancellationToken).ConfigureAwait(false));
                }

                return context.ExitCode;
            }
        });
        return command;
    }

    private static async Task<int> ListAsync(CommandContext context, Workspace workspace, string file, CancellationToken cancellationToken)
    {
        LayerReport? layer = null;
        Failure? failure = null;
        try
        {
            layer = await FindAsync(context, workspace, file, cancellationToken).ConfigureAwait(false)
                ?? throw ToolException.Malformed("not-encrypted", "The input is not encrypted, or not on the outside.");
        }
        catch (Exception exception) when (CommandContext.IsResult(exception))
        {
            failure = Failure.From(exception);
            context.ReportFailure(file, failure);
        }

        Report(context, file, layer, failure);
        return failure?.ExitCode ?? ExitCode.Ok;
    }

    private static async Task<LayerReport?> FindAsync(CommandContext context, Workspace workspace, string file, CancellationToken cancellationToken)
    {
        InputFile input = await InputFile.OpenAsync(file, context.Host, context.Progress, cancellationToken).ConfigureAwait(false);
        await using (input.ConfigureAwait(false))
        {
            var opener = new SmimeOpener(workspace.ToOpenOptions() with { Decrypts = false });
            SmimeReport report = input.Kind switch
            {
                InputKind.Cms => await opener.OpenCmsAsync(input.Stream, Stream.Null, cancellationToken).ConfigureAwait(false),
                InputKind.Mail => await opener.OpenAsync(input.Stream, Stream.Null, cancellationToken).ConfigureAwait(false),
                _ => throw ToolException.Malformed("not-smime", "The input is neither a mail nor CMS."),
            };
            return report.Layers.FirstOrDefault(l => l.Kind == LayerKind.Encrypted);
        }
    }

    private static void Report(CommandContext context, string file, LayerReport? layer, Failure? failure)
    {
        if (context.Output.Json)
        {
            JsonLine.Write(context.Host.Out, json =>
            {
                json.WriteString("file", file);
                json.WriteString("outcome", (failure?.Outcome ?? Outcome.Ok).ToName());
                json.WriteError(failure);
                json.WriteString("form", layer?.Form);
                json.WriteString("algorithm", layer?.Algorithm is { } algorithm ? OidNames.Cipher(algorithm) : null);
                json.WriteStartArray("recipients");
                foreach (Cms.Recipients.RecipientInfo recipient in layer?.Recipients ?? [])
                {
                    JsonOpenReport.WriteRecipient(json, recipient, matched: null);
                }

                json.WriteEndArray();
            });
        }
        else if (layer is not null && !context.Output.Quiet)
        {
            context.Host.Out.WriteLine(FormattableString.Invariant(
                $"{Printable.Of(file)}: {layer.Form}, {OidNames.Cipher(layer.Algorithm!)}, {layer.Recipients.Length} recipients"));
            var text = new TextOpenReport(context.Host.Out, verbose: true);
            foreach (Cms.Recipients.RecipientInfo recipient in layer.Recipients)
            {
                text.WriteRecipient(recipient, opened: false);
            }
        }
    }
}
