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

    /// <summary>Tells whether an exception is the result of one input, and not of the command as a whole.</summary>
    internal static bool IsResult(Exception exception) =>
        exception is not OperationCanceledException and not ToolException { ConcernsCommandLine: true };

    internal void Note(int exitCode) => _exitCode = _exitCode == 0 ? exitCode : _exitCode;

    /// <summary>Prepares what all files need. With JSON every file has its object, also when that fails.</summary>
    /// <param name="files">The files.</param>
    /// <param name="prepare">Makes what they need.</param>
    /// <param name="report">Reports a file as failed.</param>
    /// <returns>What they need; null after a failure that is reported.</returns>
    internal async Task<T?> PrepareAsync<T>(IReadOnlyList<string> files, Func<Task<T>> prepare, Action<string, Failure> report)
        where T : class
    {
        try
        {
            return await prepare().ConfigureAwait(false);
        }
        catch (Exception exception) when (Output.Json && IsResult(exception))
        {
            Failure failure = Failure.From(exception);
            foreach (string file in files)
            {
                ReportFailure(file, failure);
                report(file, failure);
                Note(failure.ExitCode);
            }

            return null;
        }
    }

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
