using System.Globalization;
using System.Security.Cryptography;
using MimeKit;
using SmimeKit.Capabilities;
using SmimeKit.Certificates;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Demo;

/// <summary>The whole story in one folder: everything that is printed is what the library's API returns.</summary>
internal sealed class DemoStory(ToolHost host, string folder, bool verbose)
{
    private static readonly ProtectionLayer[] _signThenEncrypt = [ProtectionLayer.Sign, ProtectionLayer.Encrypt];
    private static readonly ProtectionLayer[] _sign = [ProtectionLayer.Sign];

    private int _chapter;

    internal async Task<bool> TellAsync(CancellationToken cancellationToken)
    {
        Say($"The demo works in {folder}");
        using DemoAuthority authority = await CreateAuthorityAsync(cancellationToken).ConfigureAwait(false);
        Chapter("Two people. Each has one certificate to sign with, another to receive with, and a store of its own");
        DemoPerson alice = await CreatePersonAsync("Alice", "alice@example.org", CertificateKeyKind.EcP256, authority, cancellationToken).ConfigureAwait(false);
        await using (alice.ConfigureAwait(false))
        {
            DemoPerson bob = await CreatePersonAsync("Bob", "bob@example.net", CertificateKeyKind.Rsa2048, authority, cancellationToken).ConfigureAwait(false);
            await using (bob.ConfigureAwait(false))
            {
                return await CorrespondAsync(alice, bob, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> CorrespondAsync(DemoPerson alice, DemoPerson bob, CancellationToken cancellationToken)
    {
        Chapter("Alice has Bob's certificate, but does not know what his program reads. She signs and encrypts a mail with an attachment to him");
        await alice.Store.AddAsync(bob.EncryptionCertificate, CertificateProvenance.Imported, cancellationToken).ConfigureAwait(false);
        string attachment = await WriteAttachmentAsync(cancellationToken).ConfigureAwait(false);
        using MimeMessage letter = DemoMail.Letter(alice, bob, attachment, host.Time.GetUtcNow());
        await SendAsync(alice, letter, _signThenEncrypt, "1-alice-to-bob.eml", cancellationToken).ConfigureAwait(false);

        Chapter("Bob opens it");
        bool good = await OpenAsync(bob, "1-alice-to-bob.eml", attachment, cancellationToken).ConfigureAwait(false);
        await ShowLearnedAsync(bob, alice.Address, cancellationToken).ConfigureAwait(false);

        Chapter("Bob answers. His store has learned all it takes, so no further step is needed");
        using MimeMessage answer = DemoMail.Answer(bob, letter, host.Time.GetUtcNow());
        await SendAsync(bob, answer, _signThenEncrypt, "2-bob-to-alice.eml", cancellationToken).ConfigureAwait(false);

        Chapter("Alice opens the answer");
        good &= await OpenAsync(alice, "2-bob-to-alice.eml", null, cancellationToken).ConfigureAwait(false);

        Chapter("Somebody changes one character of each mail on its way, and of a third one that is signed only");
        using MimeMessage note = DemoMail.Note(alice, bob, host.Time.GetUtcNow());
        await SendAsync(alice, note, _sign, "3-alice-signed.eml", cancellationToken).ConfigureAwait(false);
        good &= await RejectAsync(bob, "1-alice-to-bob.eml", cancellationToken).ConfigureAwait(false);
        good &= await RejectAsync(alice, "2-bob-to-alice.eml", cancellationToken).ConfigureAwait(false);
        good &= await RejectAsync(bob, "3-alice-signed.eml", cancellationToken).ConfigureAwait(false);
        Say("");
        Say(good ? "All went as it should." : "Something did not go as it should.");
        return good;
    }

    private async Task<DemoAuthority> CreateAuthorityAsync(CancellationToken cancellationToken)
    {
        Chapter("A certification authority for the house: a root, and an intermediate that issues");
        DemoAuthority authority = await DemoAuthority.CreateAsync(host.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        Show(authority.Root);
        Show(authority.Intermediate);
        await File.WriteAllTextAsync(
            PathOf("root.pem"), CertificateFile.EncodePem([authority.Root]), cancellationToken).ConfigureAwait(false);
        Say("  the root is in root.pem");
        return authority;
    }

    private async Task<DemoPerson> CreatePersonAsync(
        string name, string address, CertificateKeyKind kind, DemoAuthority authority, CancellationToken cancellationToken)
    {
        string store = name.ToLowerInvariant() + ".db";
        DemoPerson person = await DemoPerson
            .CreateAsync(name, address, kind, authority, PathOf(store), host.Time, cancellationToken).ConfigureAwait(false);
        Show(person.SigningCertificate);
        Show(person.EncryptionCertificate);
        Say($"  keys under a passphrase in {store}");
        return person;
    }

    private async Task<string> WriteAttachmentAsync(CancellationToken cancellationToken)
    {
        string path = PathOf("figures.csv");
        IEnumerable<string> lines = Enumerable.Range(1, 2000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i};{i * i};{i * 7919 % 1000}"));
        await File.WriteAllLinesAsync(path, lines.Prepend("number;square;sample"), cancellationToken).ConfigureAwait(false);
        return path;
    }

    private async Task SendAsync(
        DemoPerson sender, MimeMessage message, ProtectionLayer[] layers, string name, CancellationToken cancellationToken)
    {
        FileStream file = File.Create(PathOf(name));
        await using (file.ConfigureAwait(false))
        {
            await sender.Protector.ProtectAsync(message, layers, file, cancellationToken).ConfigureAwait(false);
            file.Position = 0;
            var outside = new List<LayerReport>();
            var look = new SmimeOpener(new SmimeOpenOptions { Anchors = sender.Store, Decrypts = false, LayerFound = outside.Add, TimeProvider = host.Time });
            await look.OpenAsync(file, Stream.Null, cancellationToken).ConfigureAwait(false);
            string how = string.Join(", ", outside.Select(l => l.Algorithm is { } cipher ? OidNames.Cipher(cipher) + " in " + l.Form : l.Form));
            Say(string.Create(CultureInfo.InvariantCulture, $"  {name}, {file.Length} bytes, {how}"));
        }
    }

    private async Task<bool> OpenAsync(DemoPerson reader, string name, string? attachment, CancellationToken cancellationToken)
    {
        FileStream file = File.OpenRead(PathOf(name));
        await using (file.ConfigureAwait(false))
        {
            using OpenedMessage opened = await reader.Opener.OpenAsync(file, cancellationToken).ConfigureAwait(false);
            SmimeReport report = opened.Report;
            new TextOpenReport(host.Out, verbose).Write(new OpenResult
            {
                File = name,
                Outcome = OutcomeRules.Of(report),
                Report = report,
                Layers = report.Layers,
                ContentLength = report.ContentLength,
                ContentSha256 = report.ContentSha256,
            });
            Say($"  says         {Printable.Of(DemoMail.FirstLine(opened.Entity))}");
            bool same = attachment is null || await CompareAsync(opened.Entity, attachment, cancellationToken).ConfigureAwait(false);
            return same && report.Outcome == MessageOutcome.Valid;
        }
    }

    private async Task<bool> CompareAsync(MimeEntity entity, string attachment, CancellationToken cancellationToken)
    {
        byte[] received = await DemoMail.DigestAttachmentAsync(entity, cancellationToken).ConfigureAwait(false);
        FileStream original = File.OpenRead(attachment);
        await using (original.ConfigureAwait(false))
        {
            byte[] sent = await SHA256.HashDataAsync(original, cancellationToken).ConfigureAwait(false);
            bool same = received.AsSpan().SequenceEqual(sent);
            Say($"  attachment   {Path.GetFileName(attachment)}, SHA-256 {Convert.ToHexStringLower(received)}: {(same ? "as Alice sent it" : "NOT as Alice sent it")}");
            return same;
        }
    }

    private async Task ShowLearnedAsync(DemoPerson person, string address, CancellationToken cancellationToken)
    {
        var query = new CertificateQuery { Purpose = CertificatePurpose.EmailEncryption, EmailAddress = address };
        IReadOnlyList<StoredCertificate> found = await person.Store.FindAsync(query, cancellationToken).ConfigureAwait(false);
        Say($"{person.Name}'s store has learned about {address}:");
        foreach (StoredCertificate learned in found)
        {
            Show(learned.Certificate);
            SmimeCapabilities? capabilities = SmimeCapabilities.TryDecode(learned.Capabilities);
            Say($"  reads        {string.Join(", ", capabilities?.Entries.Select(e => OidNames.Of(e.Oid)) ?? [])}");
        }
    }

    private async Task<bool> RejectAsync(DemoPerson reader, string name, CancellationToken cancellationToken)
    {
        string tampered = Path.ChangeExtension(name, ".tampered.eml");
        await DemoMail.TamperAsync(PathOf(name), PathOf(tampered), cancellationToken).ConfigureAwait(false);
        FileStream file = File.OpenRead(PathOf(tampered));
        await using (file.ConfigureAwait(false))
        {
            try
            {
                SmimeReport report = await reader.Opener.OpenAsync(file, Stream.Null, cancellationToken).ConfigureAwait(false);
                string reason = report.Signatures.SelectMany(s => s.Problems).FirstOrDefault() ?? "nothing";
                Say($"  {tampered}: {OutcomeRules.Of(report).ToName()}: {Printable.Of(reason)}");
                return report.Outcome == MessageOutcome.NotValid;
            }
            catch (SmimeKitException refused)
            {
                Failure failure = Failure.From(refused);
                Say($"  {tampered}: {failure.Outcome.ToName()}: {Printable.Of(failure.Message)}");
                return true;
            }
        }
    }

    private void Show(Certificate certificate)
    {
        string purpose = CertificateFacts.IsAuthority(certificate) ? "to issue"
            : certificate.AllowsKeyUsage(KeyUsages.DigitalSignature) ? "to sign"
            : "to receive";
        string address = string.Concat(CertificateFacts.EmailAddresses(certificate).Select(a => $" <{a}>"));
        Say($"  {CertificateFacts.Key(certificate),-9} {purpose,-11} {certificate.Subject}{address}, SHA-256 {JsonLine.Hex(certificate.Sha256)[..16]}…");
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private void Chapter(string title)
    {
        Say("");
        Say(string.Create(CultureInfo.InvariantCulture, $"{++_chapter}. {title}."));
    }

    private void Say(string line) => host.Out.WriteLine(line);
}
