using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Commands;

/// <summary><c>protect</c>: mail in, signed and encrypted mail out; keys and certificates are found by the addresses of the mail.</summary>
internal static class ProtectCommand
{
    private static readonly ProtectionLayer[] _signThenEncrypt = [ProtectionLayer.Sign, ProtectionLayer.Encrypt];
    private static readonly ProtectionLayer[] _triple = [ProtectionLayer.Sign, ProtectionLayer.Encrypt, ProtectionLayer.Sign];

    internal static Command Create(ToolHost host)
    {
        Argument<string> file = FilesArgument.Single("A mail; '-' is standard input");
        Option<string?> result = FilesArgument.OutputOption("Where the protected mail goes; '-' is standard output");
        result.Required = true;
        var triple = new Option<bool>("--triple") { Description = "Sign once more around the encryption (RFC 2634)" };
        UnsupportedOptions unsupported = new UnsupportedOptions().Flag("--header-protection", "RFC 9788");
        var output = new OutputOptions();
        var evidence = new EvidenceOptions();
        var command = new Command("protect", "Signs and encrypts a mail with what the store, or the key files, have for its addresses")
        {
            file, result, triple,
        };
        unsupported.AddTo(command);
        evidence.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            unsupported.ThrowIfUsed(parsed);
            var context = new CommandContext(host, output.Read(parsed));
            Workspace workspace = await Workspace.OpenAsync(evidence.Read(parsed), host, cancellationToken).ConfigureAwait(false);
            await using (workspace.ConfigureAwait(false))
            {
                ProtectionLayer[] layers = parsed.GetValue(triple) ? _triple : _signThenEncrypt;
                var run = new ProtectRun(context, parsed.GetRequiredValue(file), parsed.GetRequiredValue(result)!);
                return await run.RunAsync(
                    workspace, (input, target, token) => ProtectAsync(input, target, layers, workspace, token), cancellationToken).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static ValueTask ProtectAsync(
        InputFile input, Stream target, ProtectionLayer[] layers, Workspace workspace, CancellationToken cancellationToken)
    {
        if (input.Kind != InputKind.Mail)
        {
            throw ToolException.Malformed("not-mail", "Only mail can be protected; sign and encrypt work on any file.");
        }

        var keys = new MemoryCertificateStore();
        foreach (KeyFile file in workspace.KeyFiles)
        {
            keys.Add(file);
        }

        SmimeProtectOptions options = workspace.ToProtectOptions();
        options = options with { KeyStores = [keys, .. options.KeyStores] };
        return new SmimeProtector(options).ProtectAsync(input.Stream, layers, target, cancellationToken);
    }
}
