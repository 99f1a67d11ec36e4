using SmimeKit.Cms.Algorithms;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Ciphers for archives with <c>openssl cms</c> and its legacy provider, both ways.</summary>
public sealed class ArchiveCipherInteropTests : IDisposable
{
    private static readonly byte[] _content = [.. Enumerable.Range(0, 1003).Select(i => (byte)(i * 7))];

    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Ciphers => new()
    {
        { "3DES-CBC", "des3" },
        { "RC2-40-CBC", "rc2-40-cbc" },
        { "RC2-64-CBC", "rc2-64-cbc" },
        { "RC2-128-CBC", "rc2-cbc" },
        { "Camellia-128-CBC", "camellia-128-cbc" },
        { "Camellia-192-CBC", "camellia-192-cbc" },
        { "Camellia-256-CBC", "camellia-256-cbc" },
    };

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R3370-5.1-a")]
    [Trait("Requirement", "R3370-5.2-a")]
    [Trait("Policy", "legacy")]
    public void OpenSsl_DecryptsWhatIsWritten(string cipher, string name)
    {
        Assert.NotEmpty(name);
        byte[] message = Envelope.Seal(_content, Named(cipher), Envelope.For(TestIdentity.Rsa));

        Assert.Equal(_content, Run(["-decrypt", "-inform", "DER", "-recip", WritePem(TestIdentity.Rsa)], message));
    }

    [Theory]
    [MemberData(nameof(Ciphers))]
    [Trait("Requirement", "R3370-5.1-a")]
    [Trait("Requirement", "R3370-5.2-a")]
    [Trait("Policy", "legacy")]
    public void MessageOfOpenSsl_IsReadAndNamed(string cipher, string name)
    {
        byte[] message = Run(["-encrypt", "-outform", "DER", "-" + name, WritePem(TestIdentity.Rsa)], _content);
        Envelope.Opened opened = Envelope.Open(message, Envelope.Legacy, TestIdentity.Rsa.Key);

        Assert.Equal(_content, opened.Content);
        Assert.Equal(cipher, opened.Report.Algorithm.Name);
    }

    [Fact]
    [Trait("Policy", "legacy")]
    [Trait("Matrix", "DES-CBC")]
    public void MessageOfOpenSsl_WithDes_IsReadAndFlagged()
    {
        byte[] message = Run(["-encrypt", "-outform", "DER", "-des-cbc", WritePem(TestIdentity.Rsa)], _content);
        Envelope.Opened opened = Envelope.Open(message, Envelope.Legacy, TestIdentity.Rsa.Key);

        Assert.Equal(_content, opened.Content);
        Assert.Equal(["weak-cipher"], opened.Report.Weaknesses);
    }

    private string WritePem(TestIdentity identity)
    {
        string file = Path.Combine(_folder, "identity.pem");
        File.WriteAllText(file, identity.CertificatePem + "\n" + identity.KeyPem);
        return file;
    }

    private static byte[] Run(string[] arguments, byte[] input)
    {
        Peer.OpenSsl.Require();
        return Peer.OpenSsl.Run(["cms", arguments[0], "-binary", "-provider", "default", "-provider", "legacy", .. arguments[1..]], input).Succeeded();
    }

    private static ContentEncryptionAlgorithm Named(string name) => ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == name);
}
