using System.Text;
using SmimeKit.Cms.Streaming;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Inspection;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary>Looks at one file after the other, and reports each as text, as JSON or on a page of all.</summary>
internal sealed class InspectRun(CommandContext context, Func<Inspector> createInspector, LimitChoice limits, string? page)
{
    internal async Task<int> RunAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        OutputFile output = OutputFile.Open(page, context.Host, limits.Cms);
        await using (output.ConfigureAwait(false))
        {
            bool any;
            var writer = new StreamWriter(output.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            await using (writer.ConfigureAwait(false))
            {
                any = await InspectAsync(files, new HtmlInspection(writer), cancellationToken).ConfigureAwait(false);
            }

            if (any && output.Name is { } name)
            {
                await output.CommitAsync(cancellationToken).ConfigureAwait(false);
                Announce(name);
            }
        }

        return context.ExitCode;
    }

    private async Task<bool> InspectAsync(IReadOnlyList<string> files, HtmlInspection html, CancellationToken cancellationToken)
    {
        bool any = false;
        html.Begin();
        foreach (string file in files)
        {
            InspectedFile found = await InspectAsync(file, cancellationToken).ConfigureAwait(false);
            Report(found, html);
            any |= found.HasStructure;
            context.Note(found.Failure?.ExitCode ?? ExitCode.Ok);
        }

        html.End();
        return any;
    }

    private async Task<InspectedFile> InspectAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            InspectedFile found = await ReadAsync(file, cancellationToken).ConfigureAwait(false);
            return found with { Failure = found.Cms?.Failure ?? FindFailure(found.Parts) };
        }
        catch (Exception exception) when (CommandContext.IsResult(exception))
        {
            return new InspectedFile(file) { Failure = Failure.From(exception) };
        }
    }

    private async Task<InspectedFile> ReadAsync(string file, CancellationToken cancellationToken)
    {
        InputFile input = await InputFile.OpenAsync(file, context.Host, context.Progress, cancellationToken).ConfigureAwait(false);
        await using (input.ConfigureAwait(false))
        {
            Inspector inspector = createInspector();
            using var spool = new EncryptedSpool(limits.Cms, null);
            Stream source = input.Stream;
            if (!source.CanSeek)
            {
                await source.CopyToAsync(spool, cancellationToken).ConfigureAwait(false);
                source = spool;
            }

            return input.Kind switch
            {
                InputKind.Mail => new InspectedFile(file) { Parts = await inspector.ReadEntityAsync(source, "1", cancellationToken).ConfigureAwait(false) },
                InputKind.Cms => new InspectedFile(file)
                {
                    Cms = await inspector.ReadMessageAsync(() => FromStart(source), "1>", cancellationToken).ConfigureAwait(false),
                },
                _ => throw ToolException.Malformed("not-smime", "The input is neither a mail nor CMS."),
            };
        }
    }

    // The source is read twice, and closed by its owner.
    private static ReplayStream FromStart(Stream source)
    {
        source.Position = 0;
        return new ReplayStream(default, source, leaveOpen: true);
    }

    private static Failure? FindFailure(IReadOnlyList<InspectedPart> parts) =>
        parts.Select(p => p.Cms).OfType<InspectedCms>().Select(c => c.Failure ?? FindFailure(c.Content)).FirstOrDefault(f => f is not null);

    private void Report(InspectedFile found, HtmlInspection html)
    {
        context.Progress.Clear();
        if (found.Failure is { } failure)
        {
            context.ReportFailure(found.File, failure);
        }

        IReadOnlyList<InspectionNode> tree = InspectionTree.Of(found.Parts, found.Cms);
        if (page is not null)
        {
            html.Write(found.File, tree, found.HasStructure ? null : found.Failure);
        }

        if (context.Output.Json)
        {
            JsonInspection.Write(context.Host.Out, found);
        }
        else if (page is null && !context.Output.Quiet)
        {
            context.Host.Out.WriteLine(Printable.Of(found.File));
            new TextInspection(context.Host.Out).Write(tree, 1);
        }
    }

    private void Announce(string name)
    {
        if (name != "-" && !context.Output.Json && !context.Output.Quiet)
        {
            context.Host.Out.WriteLine(Printable.Of(name));
        }
    }
}
