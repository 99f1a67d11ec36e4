using System.CommandLine;
using System.CommandLine.Parsing;
using SmimeKit.Tool.Commands;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool;

/// <summary>The command line: what there is, and how it ends.</summary>
internal static class ToolApplication
{
    /// <summary>Runs one command line. Never throws.</summary>
    internal static async Task<int> RunAsync(IReadOnlyList<string> arguments, ToolHost host, CancellationToken cancellationToken = default)
    {
        RootCommand root = CreateRoot(host);
        ParseResult parsed = root.Parse(arguments);
        try
        {
            return parsed.Errors.Count > 0
                ? await ReportUsageAsync(parsed, host).ConfigureAwait(false)
                : await InvokeAsync(parsed, host, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // the last frame before the user: every exception becomes an exit code
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await ReportAsync(exception, arguments, host).ConfigureAwait(false);
            return Failure.From(exception).ExitCode;
        }
        finally
        {
            await FlushAsync(host).ConfigureAwait(false);
        }
    }

    private static RootCommand CreateRoot(ToolHost host) => new("Opens, verifies, decrypts, signs, encrypts and inspects S/MIME mail and CMS files.")
    {
        OpenCommand.Create(host),
        VerifyCommand.Create(host),
        DecryptCommand.Create(host),
        SignCommand.Create(host),
        EncryptCommand.Create(host),
        ProtectCommand.Create(host),
        RecipientsCommand.Create(host),
        InspectCommand.Create(host),
        CertCommand.Create(host),
        DemoCommand.Create(host),
        LaterCommand.Create("compress"),
        LaterCommand.Create("decompress"),
        LaterCommand.Create("digest"),
        LaterCommand.Create("authenticate"),
    };

    private static Task<int> InvokeAsync(ParseResult parsed, ToolHost host, CancellationToken cancellationToken)
    {
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            Output = host.Out,
            Error = host.Error,
        };
        return parsed.InvokeAsync(configuration, cancellationToken);
    }

    private static async Task<int> ReportUsageAsync(ParseResult parsed, ToolHost host)
    {
        foreach (ParseError error in parsed.Errors)
        {
            await host.Error.WriteLineAsync($"smimekit: {Printable.Of(error.Message)}").ConfigureAwait(false);
        }

        await host.Error.WriteLineAsync("'smimekit --help' and 'smimekit <command> --help' tell what there is.").ConfigureAwait(false);
        return ExitCode.Usage;
    }

    // The command as a whole failed. Scripts that asked for JSON find an object then, too, unless the command line itself is at fault.
    private static async Task ReportAsync(Exception exception, IReadOnlyList<string> arguments, ToolHost host)
    {
        Failure failure = Failure.From(exception);
        if (arguments.Contains("--json") && CommandContext.IsResult(exception))
        {
            JsonLine.Write(host.Out, json =>
            {
                json.WriteString("outcome", failure.Outcome.ToName());
                json.WriteError(failure);
            });
            if (failure.Detail is null)
            {
                return;
            }
        }

        await host.Error.WriteLineAsync($"smimekit: {Printable.Of(failure.Message)} ({failure.Code})").ConfigureAwait(false);
        if (failure.Detail is not null && arguments.Contains("--verbose"))
        {
            await host.Error.WriteLineAsync(failure.Detail).ConfigureAwait(false);
        }
    }

    // A reader that has gone away (a closed pipe) is no reason for another exit code.
    private static async Task FlushAsync(ToolHost host)
    {
        try
        {
            await host.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
        }
    }
}
