using System.CommandLine;
using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Stores.Sqlite;
using SmimeKit.Tool.Evidence;
using SmimeKit.Tool.Options;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Commands.Cert;

/// <summary><c>cert import</c>: certificates and keys from files into the store.</summary>
internal static class CertImportCommand
{
    internal static Command Create(ToolHost host)
    {
        Argument<string[]> files = FilesArgument.Several(
            "file", "Certificates (PEM, DER, PKCS #7), or keys with certificates (PKCS #12, PEM)");
        var anchor = new Option<bool>("--anchor") { Description = "Trust them: add them as trust anchors" };
        var pinned = new Option<bool>("--pinned") { Description = "Prefer them to whatever is learned later" };
        var storePassword = new Option<string?>("--store-password-file")
        {
            Description = "A file whose first line is the passphrase of the store's keys; a store without keys gets it as its passphrase",
            HelpName = "file",
        };
        var evidence = new EvidenceOptions();
        var output = new OutputOptions();
        var command = new Command("import", "Imports certificates, and keys under the passphrase, into the store, which is created when missing")
        {
            files, anchor, pinned, storePassword,
        };
        evidence.AddTo(command, "--password", "--password-file", "--store", "--limit");
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var context = new CommandContext(host, output.Read(parsed));
            OutputNaming.Check(parsed.GetValue(files)!, null, json: false);
            var import = new CertImport(context, evidence.Read(parsed))
            {
                Anchors = parsed.GetValue(anchor),
                Provenance = parsed.GetValue(pinned) ? CertificateProvenance.Pinned : CertificateProvenance.Imported,
                StorePasswordFile = parsed.GetValue(storePassword),
            };
            return await import.RunAsync(parsed.GetValue(files)!, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }
}

/// <summary>One run of the import.</summary>
internal sealed class CertImport(CommandContext context, EvidenceChoice choice)
{
    private readonly FileLimits _limits = LimitChoice.Parse(choice.Limits).Files;

    internal bool Anchors { get; init; }

    internal CertificateProvenance Provenance { get; init; }

    internal string? StorePasswordFile { get; init; }

    internal async Task<int> RunAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> passwords = [];
        SqliteCertificateStore? store = await context.PrepareAsync(
            files,
            async () => await OpenAsync(passwords = await Passwords.ReadAsync(choice, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false),
            (file, failure) => Report(file, [], [], failure)).ConfigureAwait(false);
        if (store is null)
        {
            return context.ExitCode;
        }

        await using (store.ConfigureAwait(false))
        {
            foreach (string name in files)
            {
                context.Note(await ImportAsync(store, name, passwords, cancellationToken).ConfigureAwait(false));
            }
        }

        return context.ExitCode;
    }

    private async Task<SqliteCertificateStore> OpenAsync(IReadOnlyList<string> passwords, CancellationToken cancellationToken)
    {
        SqliteCertificateStore store = await UserStore
            .OpenOrCreateAsync(choice, passwords, context.Host, cancellationToken).ConfigureAwait(false);
        try
        {
            if (StorePasswordFile is { } file && !store.IsUnlocked)
            {
                IReadOnlyList<string> passphrase = await Passwords
                    .ReadAsync(new EvidenceChoice { PasswordFiles = [file] }, cancellationToken).ConfigureAwait(false);
                await store.UnlockAsync(passphrase[0].AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            return store;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<int> ImportAsync(
        SqliteCertificateStore store, string name, IReadOnlyList<string> passwords, CancellationToken cancellationToken)
    {
        byte[] content = [];
        IReadOnlyList<Certificate> certificates = [];
        IReadOnlyList<Certificate> keys = [];
        Failure? failure = null;
        try
        {
            content = await CertificateInput.ReadAsync(name, context.Host, _limits, cancellationToken).ConfigureAwait(false);
            (certificates, keys) = await ImportAsync(store, name, content, passwords, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (CommandContext.IsResult(exception))
        {
            failure = Failure.From(exception);
            context.ReportFailure(name, failure);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }

        Report(name, certificates, keys, failure);
        return failure?.ExitCode ?? ExitCode.Ok;
    }

    private async Task<(IReadOnlyList<Certificate> Certificates, IReadOnlyList<Certificate> Keys)> ImportAsync(
        SqliteCertificateStore store, string name, byte[] content, IReadOnlyList<string> passwords, CancellationToken cancellationToken)
    {
        using KeyFile file = await KeyFiles.TryAllAsync(
            name, passwords, password => Task.FromResult(KeyFile.Decode(content, password, null, new KeyFileOptions { Limits = _limits }))).ConfigureAwait(false);
        if (file.SigningKeys.Count > 0 && !store.IsUnlocked)
        {
            throw ToolException.NoKey("store-passphrase-required", "The file holds keys: give the store's passphrase with --store-password-file.");
        }

        await store.AddRangeAsync(file.Certificates, Provenance, cancellationToken).ConfigureAwait(false);
        foreach (Certificate certificate in Anchors ? file.Certificates : [])
        {
            await store.AddTrustAnchorAsync(certificate, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<Certificate> keys = file.SigningKeys.Count == 0 ? [] : await KeyFiles.TryAllAsync(
            name, passwords, password => KeyFile.ImportAsync(content, password, store, cancellationToken: cancellationToken)).ConfigureAwait(false);
        return (file.Certificates, keys);
    }

    private void Report(string name, IReadOnlyList<Certificate> certificates, IReadOnlyList<Certificate> keys, Failure? failure)
    {
        if (context.Output.Json)
        {
            JsonLine.Write(context.Host.Out, json =>
            {
                json.WriteString("file", name);
                json.WriteString("outcome", (failure?.Outcome ?? Outcome.Ok).ToName());
                json.WriteError(failure);
                json.WriteStartArray("certificates");
                foreach (Certificate certificate in certificates)
                {
                    JsonCertificate.WriteBrief(json, certificate);
                }

                json.WriteEndArray();
                json.WriteStrings("keys", keys.Select(k => JsonLine.Hex(k.Sha256)));
                json.WriteBoolean("anchors", Anchors && failure is null);
            });
        }
        else if (failure is null && !context.Output.Quiet)
        {
            foreach (Certificate certificate in certificates)
            {
                string what = keys.Contains(certificate) ? "with its key" : Anchors ? "as a trust anchor" : "";
                context.Host.Out.WriteLine(Printable.Of($"{name}: imported {certificate.Subject} {what}").TrimEnd());
            }
        }
    }
}
