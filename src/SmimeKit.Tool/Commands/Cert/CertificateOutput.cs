using SmimeKit.Certificates;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary>Says which certificates were written to a file.</summary>
internal static class CertificateOutput
{
    internal static void Report(CommandContext context, string file, IReadOnlyList<Certificate> certificates)
    {
        if (context.Output.Json)
        {
            JsonLine.Write(context.Host.Out, json =>
            {
                json.WriteString("output", file);
                json.WriteString("outcome", Outcome.Ok.ToName());
                json.WriteError(null);
                json.WriteStartArray("certificates");
                foreach (Certificate certificate in certificates)
                {
                    json.WriteStartObject();
                    JsonCertificate.WriteMembers(json, certificate);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
        }
        else if (!context.Output.Quiet && file != "-")
        {
            foreach (Certificate certificate in certificates)
            {
                TextCertificate.Write(context.Host.Out, certificate);
            }
        }
    }
}
