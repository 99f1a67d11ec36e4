using System.Globalization;
using System.Text.Json;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary>Certificates of a store, with what the store knows about them.</summary>
internal sealed class StoreListing
{
    private readonly IReadOnlyList<StoredCertificate> _certificates;
    private readonly HashSet<Certificate> _keys;
    private readonly IReadOnlyList<Certificate> _anchors;

    private StoreListing(IReadOnlyList<StoredCertificate> certificates, HashSet<Certificate> keys, IReadOnlyList<Certificate> anchors)
    {
        _certificates = certificates;
        _keys = keys;
        _anchors = anchors;
    }

    internal bool IsEmpty => _certificates.Count == 0 && _anchors.Count == 0;

    /// <summary>Reads what fits; anchors have to fit the query, too.</summary>
    internal static async Task<StoreListing> ReadAsync(
        SqliteCertificateStore store, CertificateQuery query, Func<Certificate, bool> fits, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredCertificate> certificates = await store.FindAsync(query, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<StoredCertificate> keys = await store.FindPrivateKeyCertificatesAsync(query, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Certificate> anchors = await store.ListTrustAnchorsAsync(cancellationToken).ConfigureAwait(false);
        return new StoreListing(
            [.. certificates.Where(c => fits(c.Certificate))],
            [.. keys.Select(k => k.Certificate)],
            [.. anchors.Where(a => CertificateSelection.Matches(query, a) && fits(a))]);
    }

    internal void Write(CommandContext context)
    {
        if (context.Output.Json)
        {
            JsonLine.Write(context.Host.Out, WriteJson);
        }
        else if (!context.Output.Quiet)
        {
            WriteText(context.Host.Out);
        }
    }

    private void WriteText(TextWriter output)
    {
        foreach (StoredCertificate stored in _certificates)
        {
            string key = _keys.Contains(stored.Certificate) ? ", with key" : "";
            WriteLine(output, stored.Certificate, stored.Provenance.ToString().ToLowerInvariant() + key);
        }

        foreach (Certificate anchor in _anchors)
        {
            WriteLine(output, anchor, "trust anchor");
        }
    }

    private static void WriteLine(TextWriter output, Certificate certificate, string what)
    {
        string addresses = string.Join(", ", CertificateFacts.EmailAddresses(certificate));
        string until = certificate.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        output.WriteLine(Printable.Of(
            $"{JsonLine.Hex(certificate.Sha256)[..16]}  {what,-20} until {until}  {certificate.Subject}  {addresses}").TrimEnd());
    }

    private void WriteJson(Utf8JsonWriter json)
    {
        json.WriteString("outcome", Outcome.Ok.ToName());
        json.WriteError(null);
        json.WriteStartArray("certificates");
        foreach (StoredCertificate stored in _certificates)
        {
            json.WriteStartObject();
            JsonCertificate.WriteMembers(json, stored.Certificate);
            json.WriteString("provenance", stored.Provenance.ToString().ToLowerInvariant());
            json.WriteString("preferredSince", stored.PreferredSince is { } since ? JsonLine.Instant(since) : null);
            json.WriteBoolean("hasKey", _keys.Contains(stored.Certificate));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("anchors");
        foreach (Certificate anchor in _anchors)
        {
            JsonCertificate.WriteBrief(json, anchor);
        }

        json.WriteEndArray();
    }
}
