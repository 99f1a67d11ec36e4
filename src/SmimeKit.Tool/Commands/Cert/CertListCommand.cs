using System.CommandLine;
using System.Globalization;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary><c>cert list</c>: what the store holds.</summary>
internal static class CertListCommand
{
    internal static Command Create(ToolHost host)
    {
        var store = new Option<string?>("--store") { Description = "The store; default: that of the user", HelpName = "file" };
        var output = new OutputOptions();
        var command = new Command("list", "Lists the certificates, keys and trust anchors of the store") { store };
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            var choice = new EvidenceChoice { Store = parsed.GetValue(store) };
            SqliteCertificateStore opened = await UserStore.OpenAsync(choice, [], host, forWriting: false, cancellationToken).ConfigureAwait(false)
                ?? throw ToolException.Io("store-not-found", "There is no store yet; 'cert import' creates it.");
            await using (opened.ConfigureAwait(false))
            {
                await ListAsync(context, opened, cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task ListAsync(CommandContext context, SqliteCertificateStore store, CancellationToken cancellationToken)
    {
        var all = new CertificateQuery { Purpose = CertificatePurpose.Any, Limit = int.MaxValue };
        IReadOnlyList<StoredCertificate> certificates = await store.FindAsync(all, cancellationToken).ConfigureAwait(false);
        HashSet<Certificate> keys =
        [
            .. (await store.FindPrivateKeyCertificatesAsync(all, cancellationToken).ConfigureAwait(false)).Select(k => k.Certificate),
        ];
        IReadOnlyList<Certificate> anchors = await store.ListTrustAnchorsAsync(cancellationToken).ConfigureAwait(false);
        if (context.Output.Json)
        {
            WriteJson(context, certificates, keys, anchors);
            return;
        }

        foreach (StoredCertificate stored in certificates)
        {
            string key = keys.Contains(stored.Certificate) ? ", with key" : "";
            WriteLine(context, stored.Certificate, stored.Provenance.ToString().ToLowerInvariant() + key);
        }

        foreach (Certificate anchor in anchors)
        {
            WriteLine(context, anchor, "trust anchor");
        }
    }

    private static void WriteLine(CommandContext context, Certificate certificate, string what)
    {
        string addresses = string.Join(", ", CertificateFacts.EmailAddresses(certificate));
        string until = certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        context.Host.Out.WriteLine(Printable.Of(
            $"{JsonLine.Hex(certificate.Sha256)[..16]}  {what,-20} until {until}  {certificate.Subject}  {addresses}").TrimEnd());
    }

    private static void WriteJson(
        CommandContext context, IReadOnlyList<StoredCertificate> certificates, HashSet<Certificate> keys, IReadOnlyList<Certificate> anchors) =>
        JsonLine.Write(context.Host.Out, json =>
        {
            json.WriteString("outcome", Outcome.Ok.ToName());
            json.WriteStartArray("certificates");
            foreach (StoredCertificate stored in certificates)
            {
                json.WriteStartObject();
                JsonCertificate.WriteMembers(json, stored.Certificate);
                json.WriteString("provenance", stored.Provenance.ToString().ToLowerInvariant());
                json.WriteString("preferredSince", stored.PreferredSince is { } since ? JsonLine.Instant(since) : null);
                json.WriteBoolean("hasKey", keys.Contains(stored.Certificate));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("anchors");
            foreach (Certificate anchor in anchors)
            {
                JsonCertificate.WriteBrief(json, anchor);
            }

            json.WriteEndArray();
        });
}
