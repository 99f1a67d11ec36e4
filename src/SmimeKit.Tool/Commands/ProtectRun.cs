using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary>Makes one protected file of one input, for <c>sign</c>, <c>encrypt</c> and <c>protect</c>.</summary>
internal sealed class ProtectRun(CommandContext context, string file, string output)
{
    /// <summary>Runs the work; its output is written whole or not at all.</summary>
    /// <param name="workspace">What to work with.</param>
    /// <param name="work">Reads the input and writes the output.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The exit code.</returns>
    internal async Task<int> RunAsync(
        Workspace workspace, Func<InputFile, Stream, CancellationToken, ValueTask> work, CancellationToken cancellationToken)
    {
        OutputNaming.Check([file], output, context.Output.Json);
        Failure? failure = null;
        long length = 0;
        try
        {
            length = await ProduceAsync(workspace, work, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // becomes the result
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            failure = Failure.From(exception);
            context.ReportFailure(file, failure);
        }

        context.Progress.Clear();
        Report(failure, length);
        return failure?.ExitCode ?? ExitCode.Ok;
    }

    private async Task<long> ProduceAsync(
        Workspace workspace, Func<InputFile, Stream, CancellationToken, ValueTask> work, CancellationToken cancellationToken)
    {
        InputFile input = await InputFile.OpenAsync(file, context.Host, context.Progress, cancellationToken).ConfigureAwait(false);
        await using (input.ConfigureAwait(false))
        {
            OutputFile target = OutputFile.Open(OutputNaming.For(file, output), context.Host, workspace.Limits.Cms);
            await using (target.ConfigureAwait(false))
            {
                using var counted = new DigestingStream(target.Stream);
                await work(input, counted, cancellationToken).ConfigureAwait(false);
                await target.CommitAsync(cancellationToken).ConfigureAwait(false);
                return counted.Count;
            }
        }
    }

    private void Report(Failure? failure, long length)
    {
        if (context.Output.Json)
        {
            JsonLine.Write(context.Host.Out, json =>
            {
                json.WriteString("file", file);
                json.WriteString("outcome", (failure?.Outcome ?? Outcome.Ok).ToName());
                json.WriteError(failure);
                json.WriteString("output", failure is null ? OutputNaming.For(file, output) : null);
                json.WriteNumber("bytes", length);
            });
        }
        else if (failure is null && !context.Output.Quiet && output != "-")
        {
            context.Host.Out.WriteLine(FormattableString.Invariant($"{Printable.Of(OutputNaming.For(file, output)!)}: {length} bytes"));
        }
    }
}
