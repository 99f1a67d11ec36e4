using System.CommandLine;
using SmimeKit.Certificates;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Files;
using SmimeKit.Tool.Options;

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
        var days = new Option<int>("--days") { Description = "The validity from now on, or from --at on", DefaultValueFactory = _ => 730 };
        var kind = new Option<string>("--key-type") { Description = "rsa3072, rsa2048, p256, p384", DefaultValueFactory = _ => "rsa3072" };
        kind.AcceptOnlyFromAmong("rsa3072", "rsa2048", "p256", "p384");
        var authority = new Option<string?>("--ca") { Description = "The key file of the issuer; not for a root", HelpName = "file" };
        var newPassword = new Option<string>("--new-password-file")
        {
            Description = "A file whose first line becomes the password of the result",
            HelpName = "file",
            Required = true,
        };
        var evidence = new EvidenceOptions();
        var output = new OutputOptions();
        var command = new Command("issue", "Issues certificates with fresh keys from a certification authority of your own")
        {
            role, result, name, organization, emails, days, kind, authority, newPassword,
        };
        evidence.AddTo(command, "--at", "--password", "--password-file");
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            string target = parsed.GetRequiredValue(result)!;
            OutputNaming.Check([], target, context.Output.Json);
            EvidenceChoice choice = evidence.Read(parsed);
            var request = new CertIssueRequest
            {
                Role = parsed.GetRequiredValue(role),
                Name = parsed.GetRequiredValue(name),
                Organization = parsed.GetValue(organization),
                Emails = parsed.GetValue(emails) ?? [],
                Days = parsed.GetValue(days),
                Kind = KindOf(parsed.GetValue(kind)!),
                Authority = parsed.GetValue(authority),
                Passwords = await Passwords.ReadAsync(choice, cancellationToken).ConfigureAwait(false),
                NewPassword = (await Passwords.ReadAsync(
                    new EvidenceChoice { PasswordFiles = [parsed.GetRequiredValue(newPassword)] }, cancellationToken).ConfigureAwait(false))[0],
            };
            (byte[] file, IReadOnlyList<Certificate> certificates) = await CertIssuing
                .IssueAsync(request, choice.At ?? host.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            await OutputFile.WriteAsync(target, file, host, cancellationToken).ConfigureAwait(false);
            CertificateOutput.Report(context, target, certificates);
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
}
