using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Commands;

/// <summary><c>verify</c>: as <c>open</c>, without decrypting; and for detached signatures of files.</summary>
internal static class VerifyCommand
{
    internal static Command Create(ToolHost host)
    {
        var files = new FilesArgument();
        var output = new OutputOptions();
        var evidence = new EvidenceOptions();
        var content = new Option<string?>("--content") { Description = "What a detached CMS signature signs; '-' is standard input", HelpName = "file" };
        var from = new Option<string?>("--from") { Description = "The address that signers must have, instead of From", HelpName = "address" };
        Option<string?> result = FilesArgument.OutputOption("Write what was signed here; '-' is standard output");
        Option<bool> evenUntrusted = FilesArgument.EvenUntrustedOption();
        var command = new Command("verify", "Verifies signatures without decrypting anything; no signature is a failure")
        {
            files.Argument, content, from, result, evenUntrusted,
        };
        evidence.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            var request = new OpenRequest
            {
                Mode = OpenMode.Verify,
                Files = files.Read(parsed),
                Output = parsed.GetValue(result),
                Content = parsed.GetValue(content),
                From = parsed.GetValue(from),
                EvenUntrusted = parsed.GetValue(evenUntrusted),
            };
            Check(request);
            Workspace workspace = await Workspace.OpenAsync(evidence.Read(parsed), host, cancellationToken).ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                return await new OpenRun(context, workspace, request).RunAsync(cancellationToken).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static void Check(OpenRequest request)
    {
        if (request.From is { } from && !EmailAddressComparison.IsWellFormed(from))
        {
            throw ToolException.Usage($"'{from}' is no mail address.");
        }

        if (request.Content is not { } content)
        {
            return;
        }

        if (request.Files.Count > 1)
        {
            throw ToolException.Usage("--content belongs to one signature.");
        }

        if (request.Output is not null)
        {
            throw ToolException.Usage("With --content there is nothing to write: the content lies in its file already.");
        }

        if (content == "-" && request.Files[0] == "-")
        {
            throw ToolException.Usage("Standard input can be read only once.");
        }
    }
}
