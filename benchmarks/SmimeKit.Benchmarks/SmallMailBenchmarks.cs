using BenchmarkDotNet.Attributes;
using SmimeKit.Benchmarks.Mail;

namespace SmimeKit.Benchmarks;

/// <summary>A mail of 2 KiB, signed and encrypted, decrypted and verified, in memory.</summary>
[MemoryDiagnoser]
public class SmallMailBenchmarks
{
    private SmallMail? _contestant;
    private byte[] _mail = [];

    [Params("RSA-2048", "P-256")]
    public string Key { get; set; } = "";

    // Of the peers, MimeKit and .NET Pkcs are set up for RSA here, and Bouncy Castle for key transport.
    [Params("ceiling", "SmimeKit", "MimeKit", "Bouncy Castle", ".NET Pkcs")]
    public string Contestant { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        Person person = Person.Create("alice@example.com", Key == "RSA-2048");
        _contestant = Contestant switch
        {
            "ceiling" => new BareSmallMail(person),
            "SmimeKit" => new SmimeKitSmallMail(person),
            _ when !person.IsRsa => throw new NotSupportedException(),
            "MimeKit" => new MimeKitSmallMail(person),
            "Bouncy Castle" => new BouncyCastleSmallMail(person),
            _ => new PkcsSmallMail(person),
        };
        _mail = _contestant.SignEncrypt();
    }

    [Benchmark]
    public byte[] SignEncrypt() => _contestant!.SignEncrypt();

    [Benchmark]
    public void DecryptVerify() => _contestant!.DecryptVerify(_mail);
}
