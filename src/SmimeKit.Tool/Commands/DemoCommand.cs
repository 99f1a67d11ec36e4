using System.CommandLine;
using SmimeKit.Tool.Demo;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary><c>demo</c>: the whole story in an empty folder.</summary>
internal static class DemoCommand
{
    internal static Command Create(ToolHost host)
    {
        var folder = new Argument<string?>("dir")
        {
            Description = "An empty or new folder; default: a new temporary one",
            Arity = ArgumentArity.ZeroOrOne,
        };
        folder.Validators.Add(FilesArgument.RefuseOptions);
        var output = new OutputOptions();
        var command = new Command("demo", "Tells the whole story: a small CA, two people, mail signed, encrypted, opened, answered, tampered with")
        {
            folder,
        };
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string place = Prepare(parsed.GetValue(folder));
            OutputChoice choice = output.Read(parsed);
            ToolHost world = choice.Json || choice.Quiet ? host with { Out = TextWriter.Null } : host;
            bool good = await new DemoStory(world, place, choice.Verbose).TellAsync(cancellationToken).ConfigureAwait(false);
            if (choice.Json)
            {
                JsonLine.Write(host.Out, json =>
                {
                    json.WriteString("folder", place);
                    json.WriteString("outcome", (good ? Outcome.Ok : Outcome.Invalid).ToName());
                    json.WriteError(null);
                });
            }

            return good ? ExitCode.Ok : ExitCode.NotTrusted;
        });
        return command;
    }

    private static string Prepare(string? wanted)
    {
        if (wanted is null)
        {
            return Directory.CreateTempSubdirectory("smimekit-demo-").FullName;
        }

        if (File.Exists(wanted) || (Directory.Exists(wanted) && Directory.EnumerateFileSystemEntries(wanted).Any()))
        {
            throw ToolException.Usage($"{wanted} is not an empty folder.");
        }

        return Directory.CreateDirectory(wanted).FullName;
    }
}
