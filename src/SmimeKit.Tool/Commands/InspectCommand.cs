using System.CommandLine;
using SmimeKit.Cms.Streaming;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Inspection;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary><c>inspect</c>: what is there, without keys and without judging it.</summary>
internal static class InspectCommand
{
    internal static Command Create(ToolHost host)
    {
        var files = new FilesArgument();
        var output = new OutputOptions();
        var elements = new Option<bool>("--asn1") { Description = "List the BER values of every CMS message, with their offsets in it" };
        Option<string[]> limits = EvidenceOptions.Several("--limit", "name=value", "Override a named limit");
        UnsupportedOptions unsupported = new UnsupportedOptions().WithValue("--html", "a page to look at");
        var command = new Command("inspect", "Shows the structure: MIME parts, CMS layers and their fields; verifies and decrypts nothing")
        {
            files.Argument, elements, limits,
        };
        unsupported.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            unsupported.ThrowIfUsed(parsed);
            var context = new CommandContext(host, output.Read(parsed));
            LimitChoice chosen = LimitChoice.Parse(parsed.GetValue(limits) ?? []);
            OutputNaming.Check(files.Read(parsed), null, json: false);
            foreach (string file in files.Read(parsed))
            {
                var inspector = new Inspector(chosen, host.Time.GetUtcNow(), parsed.GetValue(elements));
                context.Note(await InspectAsync(context, inspector, chosen, file, cancellationToken).ConfigureAwait(false));
            }

            return context.ExitCode;
        });
        return command;
    }

    private static async Task<int> InspectAsync(
        CommandContext context, Inspector inspector, LimitChoice limits, string file, CancellationToken cancellationToken)
    {
        IReadOnlyList<InspectedPart> parts = [];
        InspectedCms? cms = null;
        Failure? failure = null;
        try
        {
            (parts, cms) = await ReadAsync(context, inspector, limits, file, cancellationToken).ConfigureAwait(false);
            failure = cms?.Failure ?? FindFailure(parts);
        }
#pragma warning disable CA1031 // one file's failure is its result
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            failure = Failure.From(exception);
        }

        if (failure is not null)
        {
            context.ReportFailure(file, failure);
        }

        Report(context, file, parts, cms, failure);
        return failure?.ExitCode ?? ExitCode.Ok;
    }

    private static async Task<(IReadOnlyList<InspectedPart> Parts, InspectedCms? Cms)> ReadAsync(
        CommandContext context, Inspector inspector, LimitChoice limits, string file, CancellationToken cancellationToken)
    {
        InputFile input = await InputFile.OpenAsync(file, context.Host, context.Progress, cancellationToken).ConfigureAwait(false);
        await using (input.ConfigureAwait(false))
        {
            using var spool = new EncryptedSpool(limits.Cms, null);
            Stream source = input.Stream;
            if (!source.CanSeek)
            {
                await source.CopyToAsync(spool, cancellationToken).ConfigureAwait(false);
                source = spool;
            }

            return input.Kind switch
            {
                InputKind.Mail => (await inspector.ReadEntityAsync(source, "1", cancellationToken).ConfigureAwait(false), null),
                InputKind.Cms => ([], await inspector.ReadMessageAsync(() => FromStart(source), "1>", cancellationToken).ConfigureAwait(false)),
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

    private static void Report(
        CommandContext context, string file, IReadOnlyList<InspectedPart> parts, InspectedCms? cms, Failure? failure)
    {
        if (context.Output.Json)
        {
            JsonLine.Write(context.Host.Out, json =>
            {
                json.WriteString("file", file);
                json.WriteString("outcome", (failure?.Outcome ?? Outcome.Ok).ToName());
                json.WriteError(failure);
                JsonInspection.WriteParts(json, "parts", parts);
                if (cms is not null)
                {
                    json.WritePropertyName("cms");
                    JsonInspection.Write(json, cms);
                }
            });
            return;
        }

        context.Host.Out.WriteLine(Printable.Of(file));
        var text = new TextInspection(context.Host.Out);
        text.Write(parts, 1);
        if (cms is not null)
        {
            text.Write(cms, 1);
        }
    }
}
