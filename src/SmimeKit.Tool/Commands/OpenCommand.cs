using System.CommandLine;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Commands;

/// <summary><c>open</c>: peels every layer, verifies and decrypts what it can, reports.</summary>
internal static class OpenCommand
{
    internal static Command Create(ToolHost host)
    {
        var files = new FilesArgument();
        var output = new OutputOptions();
        var evidence = new EvidenceOptions();
        Option<string?> result = FilesArgument.OutputOption("Write the innermost entity here; '-' is standard output");
        Option<bool> evenUntrusted = FilesArgument.EvenUntrustedOption();
        var learn = new Option<bool>("--learn")
        {
            Description = "Let the store learn the encryption certificates and capabilities of senders, from fully valid mail only",
        };
        var command = new Command("open", "Peels every layer of mail or CMS files, verifies and decrypts what it can, reports")
        {
            files.Argument, result, evenUntrusted, learn,
        };
        evidence.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            bool learns = parsed.GetValue(learn);
            Workspace workspace = await Workspace
                .OpenAsync(evidence.Read(parsed), host, cancellationToken, writesStore: learns).ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                var request = new OpenRequest
                {
                    Mode = OpenMode.Open,
                    Files = files.Read(parsed),
                    Output = parsed.GetValue(result),
                    EvenUntrusted = parsed.GetValue(evenUntrusted),
                    Learns = learns,
                };
                return await new OpenRun(context, workspace, request).RunAsync(cancellationToken).ConfigureAwait(false);
            }
        });
        return command;
    }
}
