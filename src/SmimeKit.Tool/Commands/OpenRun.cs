using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary>Opens one file after the other, for <c>open</c>, <c>verify</c> and <c>decrypt</c>.</summary>
internal sealed class OpenRun(CommandContext context, EvidenceChoice evidence, OpenRequest request)
{
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputNaming.Check(request.Files, request.Output, context.Output.Json);
        Workspace? workspace = await context.PrepareAsync(
            request.Files,
            () => Workspace.OpenAsync(evidence, context.Host, cancellationToken, writesStore: request.Learns),
            (file, failure) => WriteReport(new OpenResult { File = file, Outcome = failure.Outcome, Failure = failure })).ConfigureAwait(false);
        if (workspace is null)
        {
            return context.ExitCode;
        }

        await using (workspace.ConfigureAwait(false))
        {
            foreach (string file in request.Files)
            {
                Finish(await OpenAsync(workspace, file, cancellationToken).ConfigureAwait(false));
            }
        }

        return context.ExitCode;
    }

    private void Finish(OpenResult result)
    {
        context.Progress.Clear();
        if (result.Failure is { } failure)
        {
            context.ReportFailure(result.File, failure);
        }

        WriteReport(result);
        context.Note(request.ExitCodeOf(result));
    }

    private async Task<OpenResult> OpenAsync(Workspace workspace, string file, CancellationToken cancellationToken)
    {
        var layers = new List<LayerReport>();
        try
        {
            InputFile input = await InputFile.OpenAsync(file, context.Host, context.Progress, cancellationToken).ConfigureAwait(false);
            await using (input.ConfigureAwait(false))
            {
                OutputFile output = OutputFile.Open(OutputNaming.For(file, request.Output), context.Host, workspace.Limits.Cms);
                await using (output.ConfigureAwait(false))
                {
                    return await OpenAsync(workspace, input, output, layers, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (CommandContext.IsResult(exception))
        {
            Failure failure = Failure.From(exception);
            return new OpenResult { File = file, Outcome = failure.Outcome, Failure = failure, Layers = layers };
        }
    }

    private async Task<OpenResult> OpenAsync(
        Workspace workspace, InputFile input, OutputFile output, List<LayerReport> layers, CancellationToken cancellationToken)
    {
        using var content = new DigestingStream(output.Stream);
        (byte[] header, Stream message) = request.KeepsMessageHeader && input.Kind == InputKind.Mail
            ? await MessageHeader.ReadAsync(input.Stream, workspace.Limits.Mail.MaxHeaderSize, cancellationToken).ConfigureAwait(false)
            : ([], input.Stream);
        SmimeOpenOptions options = request.Adapt(workspace.ToOpenOptions()) with
        {
            LearnInto = request.Learns ? workspace.Store : null,
            LayerFound = layer =>
            {
                layers.Add(layer);
                content.Prefix = header; // a mail of which nothing is peeled comes out with its own header
            },
        };
        SmimeReport report = await OpenAsync(message, input.Kind, content, options, cancellationToken).ConfigureAwait(false);
        Failure? failure = OutcomeRules.FailureOf(report);
        var result = new OpenResult
        {
            File = input.Name,
            Outcome = request.OutcomeOf(report),
            Failure = failure,
            Report = report,
            Layers = report.Layers,
            RequiresRevocation = workspace.RequiresRevocation,
            ContentLength = request.Content is null ? content.Count : report.ContentLength,
            ContentSha256 = failure is not null ? default : request.Content is null ? content.CurrentDigest : report.ContentSha256,
        };
        if (output.Name is null || failure is not null || !request.MayWrite(result.Outcome))
        {
            return result;
        }

        await output.CommitAsync(cancellationToken).ConfigureAwait(false);
        return result with { Output = output.Name };
    }

    private async ValueTask<SmimeReport> OpenAsync(
        Stream message, InputKind kind, Stream content, SmimeOpenOptions options, CancellationToken cancellationToken)
    {
        var opener = new SmimeOpener(options);
        if (request.Content is { } beside)
        {
            InputFile detached = await InputFile.OpenAsync(beside, context.Host, context.Progress, cancellationToken).ConfigureAwait(false);
            await using (detached.ConfigureAwait(false))
            {
                return await opener.VerifyDetachedAsync(message, detached.Stream, cancellationToken).ConfigureAwait(false);
            }
        }

        return kind switch
        {
            InputKind.Cms => await opener.OpenCmsAsync(message, content, cancellationToken).ConfigureAwait(false),
            InputKind.Mail => await opener.OpenAsync(message, content, cancellationToken).ConfigureAwait(false),
            _ => throw ToolException.Malformed("not-smime", "The input is neither a mail nor CMS."),
        };
    }

    private void WriteReport(OpenResult result)
    {
        if (context.Output.Json)
        {
            JsonOpenReport.Write(context.Host.Out, result);
        }
        else if (!context.Output.Quiet && (result.Failure is null || result.Layers.Count > 0))
        {
            TextWriter report = request.Output == "-" ? context.Host.Error : context.Host.Out;
            new TextOpenReport(report, context.Output.Verbose).Write(result);
        }
    }
}
