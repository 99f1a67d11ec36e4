using System.Text;
using SmimeKit.Certificates;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.Interop.Tests.Peers.Java;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Peers;

/// <summary>Bouncy Castle for Java, as Debian packages it.</summary>
public sealed class BouncyCastleJava : IForeign, IDisposable
{
    private const string Libraries = "/usr/share/java/";

    private readonly JavaPipe _pipe = new(
        Path.Combine(Repository.Root, "tests/SmimeKit.Interop.Tests/Peers/Java/CmsPeer.java"),
        Libraries + "bcprov.jar",
        Libraries + "bcutil.jar",
        Libraries + "bcpkix.jar");

    public string Name => "bc-java";

    public void Require() => Assert.SkipUnless(_pipe.Obstacle is null, _pipe.Obstacle ?? "");

    public void Dispose() => _pipe.Dispose();

    public string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers)
    {
        (byte[][] parts, string? objection) = _pipe.Ask(Text("verify"), message, Flag(detached), content);
        return objection
            ?? (parts[0][^1] != signers.Count ? "the signers differ"
                : parts[1].AsSpan().SequenceEqual(content) ? null
                : "the content differs");
    }

    public string? FindObjection(byte[] message, byte[] content, TestIdentity recipient)
    {
        string kind = recipient.Certificate.PublicKey.IsRsa ? "ktri" : "kari";
        return Compare(content, Text("decrypt"), message, Text(kind), recipient.Pkcs8);
    }

    public string? FindObjection(byte[] message, byte[] content, EnvelopeCase envelope) =>
        envelope.Scheme.IsKeyEncryptionKey
            ? Compare(content, Text("decrypt"), message, Text("kekri"), Text("AES"), envelope.KeyEncryptionKey)
        : envelope.Scheme.IsSymmetric
            ? Compare(content, Text("decrypt"), message, Text("pwri"), Text(RecipientRow.Password))
        : FindObjection(message, content, envelope.Recipient);

    public byte[] Sign(SigningCase signing, byte[] content)
    {
        List<byte[]> request =
        [
            Text("sign"), content, Flag(!signing.IsDetached), Flag(signing.Form == SigningForm.Definite), Flag(signing.Attributes),
            Flag(signing.KeyIdentifier),
        ];
        foreach (TestIdentity signer in signing.Signers)
        {
            request.AddRange([Text(BouncyCastle.SignatureName(signing, signer)), signer.Pkcs8, signer.Certificate.RawData.ToArray()]);
        }

        return Require(request)[0];
    }

    public byte[] Encrypt(EnvelopeCase envelope, byte[] content)
    {
        List<byte[]> request = [Text("encrypt"), content, Flag(envelope.Definite), Text(envelope.Cipher.Oid)];
        foreach (TestIdentity recipient in envelope.CertificateRecipients)
        {
            request.AddRange(Describe(envelope, recipient));
        }

        if (envelope.Scheme.IsKeyEncryptionKey)
        {
            request.AddRange([Text("kekri"), RecipientRow.KeyIdentifier, Text("AES"), envelope.KeyEncryptionKey]);
        }
        else if (envelope.Scheme.IsSymmetric)
        {
            string cipher = envelope.Cipher.KeySize switch
            {
                16 => "2.16.840.1.101.3.4.1.2",
                24 => "2.16.840.1.101.3.4.1.22",
                _ => "2.16.840.1.101.3.4.1.42",
            };
            request.AddRange([Text("pwri"), Text(cipher), Text(RecipientRow.Password), new byte[16]]);
        }

        return Require(request)[0];
    }

    public string? FindObjection(byte[] message, Certificate certificate)
    {
        (byte[][] parts, string? objection) = _pipe.Ask(Text("certificates"), message);
        return objection ?? (parts.Any(p => p.AsSpan().SequenceEqual(certificate.RawData.Span)) ? null : "the certificate is missing");
    }

    public byte[] WriteCertificate(TestIdentity identity) => Require(Text("certsOnly"), identity.Certificate.RawData.ToArray())[0];

    /// <summary>Asks for any operation of the program and compares what comes out first.</summary>
    public string? Compare(byte[] expected, params IReadOnlyList<byte[]> request)
    {
        (byte[][] parts, string? objection) = _pipe.Ask(request);
        return objection ?? (parts[0].AsSpan().SequenceEqual(expected) ? null : "the content differs");
    }

    /// <summary>Asks for an operation that has to succeed.</summary>
    public byte[][] Require(params IReadOnlyList<byte[]> request)
    {
        (byte[][] parts, string? objection) = _pipe.Ask(request);
        Assert.True(objection is null, objection);
        return parts;
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Flag(bool value) => [value ? (byte)1 : (byte)0];

    private static IEnumerable<byte[]> Describe(EnvelopeCase envelope, TestIdentity recipient)
    {
        byte[] certificate = recipient.Certificate.RawData.ToArray();
        if (recipient.Certificate.PublicKey.IsRsa)
        {
            return [Text("ktri"), certificate, BouncyCastle.Transport(envelope.Scheme.OaepParameters).GetEncoded(), Flag(envelope.KeyIdentifier)];
        }

        string scheme = BouncyCastle.Agreement(envelope.Scheme);
        string wrap = BouncyCastle.Wrap(envelope.Cipher.KeySize);
        return [Text("kari"), certificate, Text(scheme), Text(wrap), Flag(envelope.KeyIdentifier), [], []];
    }
}
