using System.CommandLine;
using SmimeKit.Tool.Demo;

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
        var verbose = new Option<bool>("--verbose") { Description = "Print every detail" };
        var command = new Command("demo", "Tells the whole story: a small CA, two people, mail signed, encrypted, opened, answered, tampered with")
        {
            folder, verbose,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string place = Prepare(parsed.GetValue(folder));
            bool good = await new DemoStory(host, place, parsed.GetValue(verbose)).TellAsync(cancellationToken).ConfigureAwait(false);
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
