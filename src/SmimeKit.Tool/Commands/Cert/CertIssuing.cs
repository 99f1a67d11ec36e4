using SmimeKit.Certificates;
using SmimeKit.Tool.Evidence;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary>What is to be issued.</summary>
internal sealed record CertIssueRequest
{
    internal required string Role { get; init; }

    internal required string Name { get; init; }

    internal string? Organization { get; init; }

    internal IReadOnlyList<string> Emails { get; init; } = [];

    internal int Days { get; init; }

    internal CertificateKeyKind Kind { get; init; }

    internal string? Authority { get; init; }

    internal IReadOnlyList<string> Passwords { get; init; } = [];

    internal required string NewPassword { get; init; }
}

/// <summary>Issues certificates and puts them with their keys into PKCS #12.</summary>
internal static class CertIssuing
{
    private static readonly TimeSpan _clockSkew = TimeSpan.FromHours(1);

    internal static async Task<(byte[] File, IReadOnlyList<Certificate> Certificates)> IssueAsync(
        CertIssueRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Check(request);
        try
        {
            DistinguishedName subject = new SubjectName { Organization = request.Organization, CommonName = request.Name }.ToDistinguishedName();
            DateTimeOffset from = now - _clockSkew;
            DateTimeOffset to = now.AddDays(request.Days);
            if (request.Role == "root")
            {
                using IssuedCertificate root = CertificateIssuer.CreateRoot(CertificateTemplate.ForRoot(subject, from, to), request.Kind);
                return (root.ExportPkcs12(request.NewPassword, request.Name), [root.Certificate]);
            }

            return await IssueFromAsync(request, subject, from, to, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw ToolException.Usage(e.Message); // names, addresses and validity come from the command line
        }
    }

    private static void Check(CertIssueRequest request)
    {
        bool root = request.Role == "root";
        if (root == (request.Authority is not null))
        {
            throw ToolException.Usage(root ? "A root issues itself: --ca is for the others." : "--ca names the key file of the issuer.");
        }

        if ((request.Role == "person") != (request.Emails.Count > 0))
        {
            throw ToolException.Usage("A person has at least one --email, and nobody else has one.");
        }

        if (request.Days is < 1 or > 36500)
        {
            throw ToolException.Usage("--days is from 1 to 36500.");
        }

        if (request.NewPassword.Length == 0)
        {
            throw ToolException.Usage("The password of the result is empty.");
        }
    }

    private static async Task<(byte[] File, IReadOnlyList<Certificate> Certificates)> IssueFromAsync(
        CertIssueRequest request, DistinguishedName subject, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyFile> files = await KeyFiles
            .ReadAsync([request.Authority!], request.Passwords, [], FileLimits.Default, cancellationToken).ConfigureAwait(false);
        using KeyFile file = files[0];
        SigningKey key = file.SigningKeys.FirstOrDefault(k => Reporting.CertificateFacts.IsAuthority(k.Certificate))
            ?? throw ToolException.NoKey("issuer-missing", $"{request.Authority} holds no key of a certification authority.");
        var issuer = new CertificateIssuer(key);
        if (request.Role == "intermediate")
        {
            using IssuedCertificate issued = await issuer
                .IssueAsync(CertificateTemplate.ForIntermediate(subject, from, to), request.Kind, cancellationToken).ConfigureAwait(false);
            return (issued.ExportPkcs12(request.NewPassword, request.Name), [issued.Certificate]);
        }

        using IssuedIdentity person = await issuer
            .IssueIdentityAsync(subject, request.Emails, from, to, request.Kind, cancellationToken).ConfigureAwait(false);
        return (person.ExportPkcs12(request.NewPassword, request.Name), [person.Signing.Certificate, person.Encryption.Certificate]);
    }
}
