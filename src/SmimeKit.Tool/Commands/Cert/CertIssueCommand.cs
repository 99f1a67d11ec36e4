using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary><c>cert issue</c>: the house's own certification authority. The result is a PKCS #12 file.</summary>
internal static class CertIssueCommand
{
    internal static Command Create(ToolHost host)
    {
        var role = new Argument<string>("role") { Description = "root, intermediate, or person (one certificate to sign with, another to receive with)" };
        role.AcceptOnlyFromAmong("root", "intermediate", "person");
        Option<string?> result = FilesArgument.OutputOption("The PKCS #12 file with the certificates, keys and chain");
        result.Required = true;
        var name = new Option<string>("--name") { Description = "The common name", Required = true };
        var organization = new Option<string?>("--organization") { Description = "The organization" };
        Option<string[]> emails = EvidenceOptions.Several("--email", "address", "The addresses of a person");
        var days = new Option<int>("--days") { Description = "The validity from now on", DefaultValueFactory = _ => 730 };
        var kind = new Option<string>("--key-type") { Description = "rsa3072, rsa2048, p256, p384", DefaultValueFactory = _ => "rsa3072" };
        kind.AcceptOnlyFromAmong("rsa3072", "rsa2048", "p256", "p384");
        var authority = new Option<string?>("--ca") { Description = "The key file of the issuer; not for a root", HelpName = "file" };
        Option<string[]> passwords = EvidenceOptions.Several("--password", "password", "A password to try for the key file of the issuer");
        Option<string[]> passwordFiles = EvidenceOptions.Several("--password-file", "file", "A file whose first line is such a password");
        var newPassword = new Option<string>("--new-password-file")
        {
            Description = "A file whose first line becomes the password of the result",
            HelpName = "file",
            Required = true,
        };
        var output = new OutputOptions();
        var command = new Command("issue", "Issues certificates with fresh keys from a certification authority of your own")
        {
            role, result, name, organization, emails, days, kind, authority, passwords, passwordFiles, newPassword,
        };
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new CertIssueRequest
            {
                Role = parsed.GetRequiredValue(role),
                Name = parsed.GetRequiredValue(name),
                Organization = parsed.GetValue(organization),
                Emails = parsed.GetValue(emails) ?? [],
                Days = parsed.GetValue(days),
                Kind = KindOf(parsed.GetValue(kind)!),
                Authority = parsed.GetValue(authority),
                Passwords = await Passwords.ReadAsync(
                    new EvidenceChoice { Passwords = parsed.GetValue(passwords) ?? [], PasswordFiles = parsed.GetValue(passwordFiles) ?? [] },
                    cancellationToken).ConfigureAwait(false),
                NewPassword = (await Passwords.ReadAsync(
                    new EvidenceChoice { PasswordFiles = [parsed.GetRequiredValue(newPassword)] }, cancellationToken).ConfigureAwait(false))[0],
            };
            (byte[] file, IReadOnlyList<Certificate> certificates) = await CertIssuing
                .IssueAsync(request, host.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            await WriteAsync(parsed.GetValue(result), file, host, cancellationToken).ConfigureAwait(false);
            Report(host, output.Read(parsed), parsed.GetValue(result)!, certificates);
            return ExitCode.Ok;
        });
        return command;
    }

    private static CertificateKeyKind KindOf(string name) => name switch
    {
        "rsa2048" => CertificateKeyKind.Rsa2048,
        "p256" => CertificateKeyKind.EcP256,
        "p384" => CertificateKeyKind.EcP384,
        _ => CertificateKeyKind.Rsa3072,
    };

    private static async Task WriteAsync(string? name, byte[] content, ToolHost host, CancellationToken cancellationToken)
    {
        OutputFile output = OutputFile.Open(name, host, LimitChoice.Default.Cms);
        await using (output.ConfigureAwait(false))
        {
            await output.Stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            await output.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Report(ToolHost host, OutputChoice output, string file, IReadOnlyList<Certificate> certificates)
    {
        if (output.Json)
        {
            JsonLine.Write(host.Out, json =>
            {
                json.WriteString("output", file);
                json.WriteString("outcome", Outcome.Ok.ToName());
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
        else if (!output.Quiet && file != "-")
        {
            foreach (Certificate certificate in certificates)
            {
                TextCertificate.Write(host.Out, certificate);
            }
        }
    }
}
