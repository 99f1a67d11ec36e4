using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary>One run of a command: the world, what to print, and how bad it is so far.</summary>
internal sealed class CommandContext(ToolHost host, OutputChoice output)
{
    private int _exitCode;

    internal ToolHost Host { get; } = host;

    internal OutputChoice Output { get; } = output;

    internal OutputProgress Progress { get; } = new(host, enabled: !output.Json && !output.Quiet);

    /// <summary>Gets the exit code: the first that is not zero, by the order of the files.</summary>
    internal int ExitCode => _exitCode;

    internal void Note(int exitCode) => _exitCode = _exitCode == 0 ? exitCode : _exitCode;

    /// <summary>Says on standard error what went wrong. With JSON the object on standard output says it.</summary>
    internal void ReportFailure(string file, Failure failure)
    {
        Progress.Clear();
        if (Output.Json && failure.Detail is null)
        {
            return;
        }

        Host.Error.WriteLine($"smimekit: {Printable.Of(file)}: {Printable.Of(failure.Message)} ({failure.Code})");
        if (failure.Detail is not null && Output.Verbose)
        {
            Host.Error.WriteLine(failure.Detail);
        }
    }
}
