using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands;

/// <summary><c>recipients add</c> and <c>recipients remove</c>: whom an encrypted file is for changes, its content stays as it is.</summary>
internal static class RecipientsEditCommand
{
    private static readonly string[] _kinds = ["ktri", "kari", "kekri", "pwri", "ori"];

    /// <summary>Makes <c>add</c>: the key is recovered with a key, a secret key or a password of the command line.</summary>
    internal static Command CreateAdd(ToolHost host)
    {
        Option<string[]> to = EvidenceOptions.Several("--to", "file", "The certificates of the recipients to add");
        to.Required = true;
        return Create(host, "add", "Adds recipients to an encrypted file, whose content is copied as it is", [to], async (parsed, workspace, cancellationToken) =>
            new RecipientEdits
            {
                Added = [.. (await ReadAsync(parsed.GetValue(to)!, workspace, cancellationToken).ConfigureAwait(false)).Select(c => new CertificateRecipient(c))],
                Keys = workspace.ToRecipientKeys(),
                At = workspace.Now,
            });
    }

    /// <summary>Makes <c>remove</c>, which needs no key.</summary>
    internal static Command CreateRemove(ToolHost host)
    {
        Option<string[]> to = EvidenceOptions.Several("--to", "file", "The certificates of the recipients to remove");
        Option<string[]> kinds = EvidenceOptions.Several("--kind", "kind", "Remove all recipients of a kind: ktri, kari, kekri, pwri, ori");
        kinds.AcceptOnlyFromAmong(_kinds);
        return Create(host, "remove", "Removes recipients from an encrypted file, whose content is copied as it is", [to, kinds], async (parsed, workspace, cancellationToken) =>
        {
            IReadOnlyList<Certificate> certificates = await ReadAsync(parsed.GetValue(to) ?? [], workspace, cancellationToken).ConfigureAwait(false);
            string[] removed = parsed.GetValue(kinds) ?? [];
            return new RecipientEdits
            {
                Removes = r => removed.Contains(OidNames.Recipient(r.Kind)) || certificates.Any(c => r.Identifier?.Matches(c) == true),
            };
        });
    }

    private static Command Create(
        ToolHost host,
        string name,
        string description,
        Option[] options,
        Func<ParseResult, Workspace, CancellationToken, Task<RecipientEdits>> read)
    {
        Argument<string> file = FilesArgument.Single("An encrypted CMS file; '-' is standard input");
        Option<string?> result = FilesArgument.OutputOption("Where the changed file goes; '-' is standard output");
        result.Required = true;
        var output = new OutputOptions();
        var evidence = new EvidenceOptions();
        var command = new Command(name, description) { file, result };
        Array.ForEach(options, command.Add);
        evidence.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            var run = new ProtectRun(context, parsed.GetRequiredValue(file), parsed.GetRequiredValue(result)!);
            return await run.RunAsync(evidence.Read(parsed), EditAsync, cancellationToken).ConfigureAwait(false);

            async Task EditAsync(Workspace workspace, InputFile input, Stream target, CancellationToken token)
            {
                RecipientEdits edits = await read(parsed, workspace, token).ConfigureAwait(false);
                await RecipientsEditCommand.EditAsync(workspace, input, target, edits, token).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static async Task EditAsync(
        Workspace workspace, InputFile input, Stream target, RecipientEdits edits, CancellationToken cancellationToken)
    {
        if (input.Kind != InputKind.Cms)
        {
            throw ToolException.Malformed("not-cms", "The recipients of CMS files change; a mail is encrypted anew.");
        }

        try
        {
            await RecipientEditor.ApplyAsync(
                input.Stream,
                target,
                edits,
                new CmsReaderOptions { Policy = workspace.Policy.Messages, Limits = workspace.Limits.Cms },
                cancellationToken).ConfigureAwait(false);
        }
        catch (TransformException)
        {
            throw ToolException.Usage("No recipient would be left.");
        }
    }

    private static async Task<IReadOnlyList<Certificate>> ReadAsync(
        string[] files, Workspace workspace, CancellationToken cancellationToken)
    {
        var certificates = new List<Certificate>();
        foreach (string file in files)
        {
            certificates.AddRange(await EncryptionOptions.ReadRecipientsAsync(file, workspace, cancellationToken).ConfigureAwait(false));
        }

        return certificates;
    }
}
