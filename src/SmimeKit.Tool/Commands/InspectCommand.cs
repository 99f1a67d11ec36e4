using System.CommandLine;
using SmimeKit.Tool.Inspection;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Commands;

/// <summary><c>inspect</c>: what is there, without keys and without judging it.</summary>
internal static class InspectCommand
{
    internal static Command Create(ToolHost host)
    {
        var files = new FilesArgument();
        var output = new OutputOptions();
        var evidence = new EvidenceOptions();
        var elements = new Option<bool>("--asn1") { Description = "List the BER values of every CMS message, with their offsets in it" };
        var html = new Option<string?>("--html")
        {
            Description = "Write all of it, the BER values included, as one page to look at; '-' is standard output",
            HelpName = "file",
        };
        var command = new Command("inspect", "Shows the structure: MIME parts, CMS layers and their fields; verifies and decrypts nothing")
        {
            files.Argument, elements, html,
        };
        evidence.AddTo(command, "--limit");
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            EvidenceChoice choice = evidence.Read(parsed);
            string? page = parsed.GetValue(html);
            OutputNaming.Check(files.Read(parsed), null, json: false);
            OutputNaming.Check([], page, context.Output.Json);
            OutputNaming.RefuseToReplace(files.Read(parsed), page);
            LimitChoice limits = LimitChoice.Parse(choice.Limits);
            DateTimeOffset at = choice.At ?? host.Time.GetUtcNow();
            bool listsElements = parsed.GetValue(elements) || page is not null;
            var run = new InspectRun(context, () => new Inspector(limits, at, listsElements), limits, page);
            return await run.RunAsync(files.Read(parsed), cancellationToken).ConfigureAwait(false);
        });
        return command;
    }
}
