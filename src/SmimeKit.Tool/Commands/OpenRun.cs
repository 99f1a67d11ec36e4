using SmimeKit.Cms.Signed;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary>Opens one file after the other, for <c>open</c>, <c>verify</c> and <c>decrypt</c>.</summary>
internal sealed class OpenRun(CommandContext context, Workspace workspace, OpenRequest request)
{
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        OutputNaming.Check(request.Files, request.Output, context.Output.Json);
        foreach (string file in request.Files)
        {
            OpenResult result = await OpenAsync(file, cancellationToken).ConfigureAwait(false);
            context.Progress.Clear();
            Report(result);
            context.Note(request.ExitCodeOf(result));
        }

        return context.ExitCode;
    }

    private async Task<OpenResult> OpenAsync(string file, CancellationToken cancellationToken)
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
                    return await OpenAsync(input, output, layers, cancellationToken).ConfigureAwait(false);
                }
            }
        }
#pragma warning disable CA1031 // one file's failure is its result; the others are still opened
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Failure failure = Explain(Failure.From(exception));
            return new OpenResult { File = file, Outcome = failure.Outcome, Failure = failure, Layers = layers };
        }
    }

    private async Task<OpenResult> OpenAsync(InputFile input, OutputFile output, List<LayerReport> layers, CancellationToken cancellationToken)
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
        if (report.Signatures.Any(s => s.Signer.Verdict is SignerVerdict.ContentMissing))
        {
            throw ToolException.Malformed("content-missing", "The signature is detached: name what was signed with verify --content.");
        }

        var result = new OpenResult
        {
            File = input.Name,
            Outcome = request.OutcomeOf(report),
            Report = report,
            Layers = report.Layers,
            RequiresRevocation = workspace.RequiresRevocation,
            ContentLength = request.Content is null ? content.Count : report.ContentLength,
            ContentSha256 = request.Content is null ? content.CurrentDigest : report.ContentSha256,
        };
        if (output.Name is null || !request.MayWrite(result.Outcome))
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

    private static Failure Explain(Failure failure) => failure.Code == "locked"
        ? failure with { Message = "The store is locked: give its passphrase with --password-file." }
        : failure;

    private void Report(OpenResult result)
    {
        if (result.Failure is { } failure)
        {
            context.ReportFailure(result.File, failure);
        }

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
