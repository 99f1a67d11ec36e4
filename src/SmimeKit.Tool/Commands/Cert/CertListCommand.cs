using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary><c>cert list</c>: what the store holds.</summary>
internal static class CertListCommand
{
    internal static Command Create(ToolHost host)
    {
        var evidence = new EvidenceOptions();
        var output = new OutputOptions();
        var command = new Command("list", "Lists the certificates, keys and trust anchors of the store");
        evidence.AddTo(command, "--store");
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            SqliteCertificateStore store = await UserStore.OpenToLookAsync(evidence.Read(parsed), host, cancellationToken).ConfigureAwait(false);
            await using (store.ConfigureAwait(false))
            {
                var all = new CertificateQuery { Purpose = CertificatePurpose.Any, Limit = int.MaxValue };
                StoreListing listing = await StoreListing
                    .ReadAsync(store, all, static _ => true, cancellationToken).ConfigureAwait(false);
                listing.Write(context);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
