using System.CommandLine;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Commands;

/// <summary><c>decrypt</c>: removes encryption; signatures inside stay, unverified.</summary>
internal static class DecryptCommand
{
    internal static Command Create(ToolHost host)
    {
        var files = new FilesArgument();
        var output = new OutputOptions();
        var evidence = new EvidenceOptions();
        Option<string?> result = FilesArgument.OutputOption("Write what was encrypted here; a mail stays a mail; '-' is standard output");
        var command = new Command("decrypt", "Removes encryption layers only; signatures inside stay as they are, unverified")
        {
            files.Argument, result,
        };
        evidence.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            var request = new OpenRequest { Mode = OpenMode.Decrypt, Files = files.Read(parsed), Output = parsed.GetValue(result) };
            if (request.Output is null && !context.Output.Json)
            {
                throw ToolException.Usage("decrypt needs --output, or --json to look only.");
            }

            Workspace workspace = await Workspace.OpenAsync(evidence.Read(parsed), host, cancellationToken).ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                return await new OpenRun(context, workspace, request).RunAsync(cancellationToken).ConfigureAwait(false);
            }
        });
        return command;
    }
}
