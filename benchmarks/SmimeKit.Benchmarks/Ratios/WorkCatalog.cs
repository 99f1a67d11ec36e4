using SmimeKit.Benchmarks.Cms;
using SmimeKit.Benchmarks.Crowd;
using SmimeKit.Benchmarks.Mail;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Benchmarks.Ratios;

/// <summary>All works at one size of content, with what they need prepared on first use.</summary>
internal static class WorkCatalog
{
    private const int SmallRepeats = 100;

    internal static IEnumerable<Work> Create(WorkFolder folder, long size)
    {
        Person rsa = Person.Create("alice@example.com", rsa: true);
        string content = folder.CreateContent("content", size);
        int repeats = (int)Math.Clamp(4 * 1024 * 1024 / size, 1, 100);
        return [.. Cms(rsa, folder, content, size, repeats), .. Gcm(rsa, size, repeats), .. Mail(rsa, folder, content, size, repeats), .. Small(rsa), .. Crowd(), PathOfThree()];
    }

    private static IEnumerable<Work> Cms(Person person, WorkFolder folder, string content, long size, int repeats)
    {
        CmsContestant[] all =
        [
            new BareCms(person), new SmimeKitCms(person), new MimeKitCms(person), new BouncyCastleCms(person), new PkcsCms(person),
            .. OpenSslCms.IsInstalled ? (CmsContestant[])[new OpenSslCms(person, folder.Root)] : [],
        ];
        Work Create(string name, string kind, Action<CmsContestant, string> prepare, Action<CmsContestant, string> run, bool gcm = false) => new(
            name,
            size,
            repeats,
            [.. all.Where(c => !gcm || c.CanGcm).Select(c => (c.Name, Prepared(folder[$"{kind}-{c.Name}"], p => prepare(c, p), p => run(c, p))))]);

        string plain = folder["plain"];
        yield return Create("CMS sign detached", "detached", (_, _) => { }, (c, p) => c.SignDetached(content, p));
        yield return Create("CMS verify detached", "detached", (c, p) => c.SignDetached(content, p), (c, p) => c.VerifyDetached(content, p));
        yield return Create("CMS sign attached", "attached", (_, _) => { }, (c, p) => c.SignAttached(content, p));
        yield return Create("CMS verify attached", "attached", (c, p) => c.SignAttached(content, p), (c, p) => c.VerifyAttached(p));
        yield return Create("CMS encrypt AES-128-CBC", "cbc", (_, _) => { }, (c, p) => c.Encrypt(content, p, gcm: false));
        yield return Create("CMS decrypt AES-128-CBC", "cbc", (c, p) => c.Encrypt(content, p, gcm: false), (c, p) => c.Decrypt(p, plain, gcm: false));
        yield return Create("CMS encrypt AES-128-GCM", "gcm", (_, _) => { }, (c, p) => c.Encrypt(content, p, gcm: true), gcm: true);
        yield return Create(
            "CMS decrypt AES-128-GCM", "gcm", (c, p) => c.Encrypt(content, p, gcm: true), (c, p) => c.Decrypt(p, plain, gcm: true), gcm: true);
    }

    private static IEnumerable<Work> Gcm(Person person, long size, int repeats)
    {
        if (size > int.MaxValue / 2)
        {
            yield break; // the ceiling holds all of it in memory
        }

        var work = new Lazy<GcmInMemory>(() => new GcmInMemory(person, (int)size));
        Work Create(string name, Action<GcmInMemory> bare, Action<GcmInMemory> smimeKit, Action<GcmInMemory> streamed) => new(
            $"AES-128-GCM in memory, {name}",
            size,
            repeats * 4,
            [
                ("ceiling", () => bare(work.Value)), ("SmimeKit", () => smimeKit(work.Value)),
                ("AesGcm and a stream", () => streamed(work.Value)),
            ]);
        yield return Create("encrypt to nowhere", w => w.EncryptBare(), w => w.EncryptToNowhere(), w => w.EncryptBareToStream());
        yield return Create("encrypt", w => w.EncryptBare(), w => w.Encrypt(), w => w.EncryptBareToStream());
        yield return Create("decrypt", w => w.DecryptBare(), w => w.Decrypt(ReleaseMode.Provisional), w => w.DecryptBareFromStream());
        yield return Create("decrypt after the tag", w => w.DecryptBare(), w => w.Decrypt(ReleaseMode.Verified), w => w.DecryptBareFromStream());
    }

    private static IEnumerable<Work> Mail(Person person, WorkFolder folder, string content, long size, int repeats)
    {
        MailContestant[] all = [new BareMail(person), new SmimeKitMail(person), new MimeKitMail(person)];
        Work Create(string name, string kind, Action<MailContestant, string> prepare, Action<MailContestant, string> run) => new(
            name, size, repeats, [.. all.Select(c => (c.Name, Prepared(folder[$"{kind}-{c.Name}"], p => prepare(c, p), p => run(c, p))))]);

        string entity = folder["entity"];
        yield return Create("S/MIME multipart/signed create", "signed", (_, _) => { }, (c, p) => c.Sign(content, p));
        yield return Create("S/MIME multipart/signed verify", "signed", (c, p) => c.Sign(content, p), (c, p) => c.Verify(p));
        yield return Create("S/MIME enveloped create", "enveloped", (_, _) => { }, (c, p) => c.Encrypt(content, p));
        yield return Create("S/MIME enveloped open", "enveloped", (c, p) => c.Encrypt(content, p), (c, p) => c.Open(p, entity));
    }

    private static IEnumerable<Work> Small(Person rsa)
    {
        Person ec = Person.Create("alice@example.com", rsa: false);
        SmallMail[] withRsa =
            [new BareSmallMail(rsa), new SmimeKitSmallMail(rsa), new MimeKitSmallMail(rsa), new BouncyCastleSmallMail(rsa), new PkcsSmallMail(rsa)];
        SmallMail[] withEc = [new BareSmallMail(ec), new SmimeKitSmallMail(ec)];
        foreach ((string kind, SmallMail[] all) in new[] { ("RSA-2048", withRsa), ("P-256", withEc) })
        {
            yield return new Work($"2 KiB mail, sign + encrypt, {kind}", 0, SmallRepeats, [.. all.Select(c => (c.Name, (Action)(() => c.SignEncrypt())))]);
            yield return new Work(
                $"2 KiB mail, decrypt + verify, {kind}",
                0,
                SmallRepeats,
                [.. all.Select(c =>
                {
                    var mail = new Lazy<byte[]>(c.SignEncrypt);
                    return (c.Name, (Action)(() => c.DecryptVerify(mail.Value)));
                })]);
        }
    }

    private static IEnumerable<Work> Crowd()
    {
        var people = new Lazy<People>(() => new People());
        Lazy<CrowdContestant>[] all =
        [
            new(() => new BareCrowd(people.Value)), new(() => new SmimeKitCrowd(people.Value)), new(() => new BouncyCastleCrowd(people.Value)),
            new(() => new PkcsCrowd(people.Value)),
        ];
        string[] names = ["ceiling", "SmimeKit", "Bouncy Castle", ".NET Pkcs"];
        Work Create(string name, int repeats, Func<Lazy<CrowdContestant>, Action> run) =>
            new(name, 0, repeats, [.. all.Select((c, i) => (names[i], run(c)))]);

        yield return Create("10 KiB to 1,000 RSA-2048 recipients", 2, c => () => c.Value.Encrypt());
        yield return Create("decrypt as the last of 1,000", 20, c => Prepared(c, x => x.Encrypt(), (x, message) => x.Decrypt(message)));
        yield return Create("10 KiB by 100 RSA-2048 signers", 2, c => () => c.Value.Sign());
        yield return Create("verify 100 signers", 5, c => Prepared(c, x => x.Sign(), (x, message) => x.Verify(message)));
    }

    private static Action Prepared(Lazy<CrowdContestant> contestant, Func<CrowdContestant, byte[]> prepare, Action<CrowdContestant, byte[]> run)
    {
        var message = new Lazy<byte[]>(() => prepare(contestant.Value));
        return () => run(contestant.Value, message.Value);
    }

    private static Work PathOfThree()
    {
        var path = new PathWork();
        Action Require(Func<bool> validate) => () =>
        {
            if (!validate())
            {
                throw new InvalidOperationException("The path is wrong.");
            }
        };
        return new Work(
            "path of 3 certificates",
            0,
            SmallRepeats * 3,
            [("ceiling", Require(path.Bare)), ("SmimeKit", Require(path.SmimeKit)), ("Bouncy Castle", Require(path.BouncyCastle)), (".NET X509Chain", Require(path.X509Chain))]);
    }

    // What is read has to be written first, once.
    private static Action Prepared(string path, Action<string> prepare, Action<string> run)
    {
        bool prepared = false;
        return () =>
        {
            if (!prepared)
            {
                prepare(path);
                prepared = true;
            }

            run(path);
        };
    }
}
