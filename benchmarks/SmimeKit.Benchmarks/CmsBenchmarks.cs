using BenchmarkDotNet.Attributes;
using SmimeKit.Benchmarks.Cms;

namespace SmimeKit.Benchmarks;

/// <summary>The works of CMS, file to file, at each size, beside bare primitives and the peers.</summary>
[MemoryDiagnoser]
public class CmsBenchmarks
{
    private WorkFolder? _folder;
    private CmsContestant? _contestant;
    private string _content = "";

    [Params(1024, 100 * 1024, 10 * 1024 * 1024, 256 * 1024 * 1024)]
    public int Size { get; set; }

    [Params("ceiling", "SmimeKit", "MimeKit", "Bouncy Castle", ".NET Pkcs")]
    public string Contestant { get; set; } = "";

    [GlobalSetup(Targets = [nameof(SignDetached), nameof(SignAttached), nameof(EncryptCbc), nameof(EncryptGcm)])]
    public void Prepare()
    {
        Person person = Person.Create("alice@example.com", rsa: true);
        _folder = new WorkFolder();
        _content = _folder.CreateContent("content", Size);
        CmsContestant[] all = [new BareCms(person), new SmimeKitCms(person), new MimeKitCms(person), new BouncyCastleCms(person), new PkcsCms(person)];
        _contestant = all.Single(c => c.Name == Contestant);
    }

    [GlobalSetup(Target = nameof(VerifyDetached))]
    public void PrepareDetached()
    {
        Prepare();
        _contestant!.SignDetached(_content, _folder!["detached.in"]);
    }

    [GlobalSetup(Target = nameof(VerifyAttached))]
    public void PrepareAttached()
    {
        Prepare();
        _contestant!.SignAttached(_content, _folder!["attached.in"]);
    }

    [GlobalSetup(Target = nameof(DecryptCbc))]
    public void PrepareCbc()
    {
        Prepare();
        _contestant!.Encrypt(_content, _folder!["cbc.in"], gcm: false);
    }

    [GlobalSetup(Target = nameof(DecryptGcm))]
    public void PrepareGcm()
    {
        Prepare();
        RequireGcm().Encrypt(_content, _folder!["gcm.in"], gcm: true);
    }

    [GlobalCleanup]
    public void Clean() => _folder!.Dispose();

    [Benchmark]
    public void SignDetached() => _contestant!.SignDetached(_content, _folder!["detached.out"]);

    [Benchmark]
    public void VerifyDetached() => _contestant!.VerifyDetached(_content, _folder!["detached.in"]);

    [Benchmark]
    public void SignAttached() => _contestant!.SignAttached(_content, _folder!["attached.out"]);

    [Benchmark]
    public void VerifyAttached() => _contestant!.VerifyAttached(_folder!["attached.in"]);

    [Benchmark]
    public void EncryptCbc() => _contestant!.Encrypt(_content, _folder!["cbc.out"], gcm: false);

    [Benchmark]
    public void DecryptCbc() => _contestant!.Decrypt(_folder!["cbc.in"], _folder["plain"], gcm: false);

    // Fails, as "NA" in the table, for those that do not read or write AuthEnvelopedData.
    [Benchmark]
    public void EncryptGcm() => RequireGcm().Encrypt(_content, _folder!["gcm.out"], gcm: true);

    [Benchmark]
    public void DecryptGcm() => RequireGcm().Decrypt(_folder!["gcm.in"], _folder["plain"], gcm: true);

    private CmsContestant RequireGcm() => _contestant!.CanGcm ? _contestant : throw new NotSupportedException();
}
