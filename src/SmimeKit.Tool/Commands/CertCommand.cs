using System.CommandLine;
using SmimeKit.Tool.Commands.Cert;

namespace SmimeKit.Tool.Commands;

/// <summary><c>cert</c>: certificates in files and in the store, and the house's own certification authority.</summary>
internal static class CertCommand
{
    internal static Command Create(ToolHost host) => new("cert", "Certificates: show, validate, import, export, list, find, issue")
    {
        CertShowCommand.Create(host),
        CertValidateCommand.Create(host),
        CertImportCommand.Create(host),
        CertExportCommand.Create(host),
        CertListCommand.Create(host),
        CertFindCommand.Create(host),
        CertIssueCommand.Create(host),
        LaterCommand.Create("request", "cert"),
        LaterCommand.Create("revoke", "cert"),
    };
}
