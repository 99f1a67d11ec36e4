using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary><c>cert find</c>: the certificates and anchors of the store that fit an address, a number or a part of the subject.</summary>
internal static class CertFindCommand
{
    internal static Command Create(ToolHost host)
    {
        Argument<string> what = FilesArgument.Single(
            "A mail address; the first hexadecimal digits of a SHA-256; a serial number or subject key identifier in hexadecimal; or a part of the subject");
        what.HelpName = "what";
        var purpose = new Option<string>("--purpose")
        {
            Description = "What it is wanted for: any, email-sign, email-encrypt",
            DefaultValueFactory = _ => "any",
        };
        purpose.AcceptOnlyFromAmong(CertificateFacts.PurposeNames);
        var evidence = new EvidenceOptions();
        var output = new OutputOptions();
        var command = new Command("find", "Finds certificates of the store; with --at only those that are valid then") { what, purpose };
        evidence.AddTo(command, "--store", "--at");
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            EvidenceChoice choice = evidence.Read(parsed);
            string wanted = parsed.GetRequiredValue(what);
            bool address = EmailAddressComparison.IsWellFormed(wanted);
            var query = new CertificateQuery
            {
                Purpose = CertificateFacts.Purpose(parsed.GetValue(purpose)!),
                EmailAddress = address ? wanted : null,
                ValidAt = choice.At,
                Limit = int.MaxValue,
            };
            SqliteCertificateStore store = await UserStore.OpenToLookAsync(choice, host, cancellationToken).ConfigureAwait(false);
            await using (store.ConfigureAwait(false))
            {
                StoreListing listing = await StoreListing
                    .ReadAsync(store, query, c => address || Fits(c, wanted), cancellationToken).ConfigureAwait(false);
                if (listing.IsEmpty)
                {
                    throw ToolException.NoKey("certificate-not-found", $"The store has no certificate for {wanted}.");
                }

                listing.Write(context);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static bool Fits(Certificate certificate, string wanted) =>
        JsonLine.Hex(certificate.Sha256).StartsWith(wanted, StringComparison.OrdinalIgnoreCase)
        || certificate.SerialNumberHex.Equals(wanted, StringComparison.OrdinalIgnoreCase)
        || CertificateFacts.SubjectKeyIdentifier(certificate).Equals(wanted, StringComparison.OrdinalIgnoreCase)
        || certificate.Subject.ToString().Contains(wanted, StringComparison.OrdinalIgnoreCase);
}
