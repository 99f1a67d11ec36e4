using BenchmarkDotNet.Attributes;
using SmimeKit.Benchmarks.Mail;

namespace SmimeKit.Benchmarks;

/// <summary>The works of S/MIME on a mail with an attachment of 10 MiB, file to file.</summary>
[MemoryDiagnoser]
public class MailBenchmarks
{
    private const int Size = 10 * 1024 * 1024;

    private WorkFolder? _folder;
    private MailContestant? _contestant;
    private string _content = "";

    [Params("ceiling", "SmimeKit", "MimeKit")]
    public string Contestant { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        Person person = Person.Create("alice@example.com", rsa: true);
        _folder = new WorkFolder();
        _content = _folder.CreateContent("content", Size);
        MailContestant[] all = [new BareMail(person), new SmimeKitMail(person), new MimeKitMail(person)];
        _contestant = all.Single(c => c.Name == Contestant);
        _contestant.Sign(_content, _folder["signed.in"]);
        _contestant.Encrypt(_content, _folder["enveloped.in"]);
    }

    [GlobalCleanup]
    public void Clean() => _folder!.Dispose();

    [Benchmark]
    public void SignedCreate() => _contestant!.Sign(_content, _folder!["signed.out"]);

    [Benchmark]
    public void SignedVerify() => _contestant!.Verify(_folder!["signed.in"]);

    [Benchmark]
    public void EnvelopedCreate() => _contestant!.Encrypt(_content, _folder!["enveloped.out"]);

    [Benchmark]
    public void EnvelopedOpen() => _contestant!.Open(_folder!["enveloped.in"], _folder["entity"]);
}
