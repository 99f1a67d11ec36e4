using SmimeKit.Certificates;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Peers;

/// <summary><c>openssl cms</c>, with certificate validation up to the test's root.</summary>
public sealed class OpenSsl : IForeign
{
    private static readonly string[] _providers = ["-provider", "default", "-provider", "legacy"]; // for RC2

    public string Name => "openssl";

    public void Require() => Peer.OpenSsl.Require();

    public string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers)
    {
        using var folder = new WorkFolder();
        PeerResult result = Peer.OpenSsl.Run(
        [
            "cms", "-verify", "-binary", "-inform", "DER", "-in", folder.Write("message.p7m", message),
            "-CAfile", folder.Write("root.pem", TestAuthority.RootPem), "-out", folder["content"],
            .. detached ? ["-content", folder.Write("given", content)] : Array.Empty<string>(),
        ]);
        return result.ExitCode != 0 ? result.Error
            : folder.Read("content").AsSpan().SequenceEqual(content) ? null
            : "the content differs";
    }

    public string? FindObjection(byte[] message, byte[] content, TestIdentity recipient)
    {
        using var folder = new WorkFolder();
        PeerResult result = Peer.OpenSsl.Run(
            ["cms", "-decrypt", "-binary", .. _providers, "-inform", "DER", "-recip", folder.Write("recipient.pem", recipient.CertificatePem + "\n" + recipient.KeyPem)],
            message);
        return result.ExitCode != 0 ? result.Error : result.Output.AsSpan().SequenceEqual(content) ? null : "the content differs";
    }

    public string? FindObjection(byte[] message, byte[] content, EnvelopeCase envelope)
    {
        if (!envelope.Scheme.IsSymmetric)
        {
            return FindObjection(message, content, envelope.Recipient);
        }

        PeerResult result = Peer.OpenSsl.Run(["cms", "-decrypt", "-binary", "-inform", "DER", .. Secret(envelope)], message);
        return result.ExitCode != 0 ? result.Error : result.Output.AsSpan().SequenceEqual(content) ? null : "the content differs";
    }

    public byte[] Sign(SigningCase signing, byte[] content)
    {
        using var folder = new WorkFolder();
        List<string> arguments =
        [
            "cms", "-sign", "-binary", "-outform", "DER", "-in", folder.Write("content", content),
            .. signing.Scheme.Digest is { } digest ? new[] { "-md", Digest(digest) } : [],
            .. signing.Form == SigningForm.Detached ? [] : new[] { "-nodetach" },
            .. signing.Form == SigningForm.Indefinite ? new[] { "-stream" } : [],
            .. signing.Attributes ? [] : new[] { "-noattr" },
            .. signing.KeyIdentifier ? new[] { "-keyid" } : [],
        ];
        foreach (TestIdentity signer in signing.Signers)
        {
            arguments.AddRange(["-signer", folder.Write(signer.Certificate.SerialNumberHex, signer.CertificatePem + "\n" + signer.KeyPem)]);
            if (signing.Scheme.Pss && signer.Certificate.PublicKey.IsRsa)
            {
                arguments.AddRange(["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:-1"]);
            }
        }

        return Peer.OpenSsl.Run(arguments).Succeeded();
    }

    public byte[] Encrypt(EnvelopeCase envelope, byte[] content)
    {
        using var folder = new WorkFolder();
        List<string> arguments =
        [
            "cms", "-encrypt", "-binary", .. _providers, "-outform", "DER", "-" + Cipher(envelope),
            .. envelope.KeyIdentifier ? new[] { "-keyid" } : [],
            .. envelope.Definite ? [] : new[] { "-stream" },
        ];
        if (envelope.Scheme.IsSymmetric)
        {
            arguments.AddRange(Secret(envelope));
        }

        foreach (TestIdentity recipient in envelope.CertificateRecipients)
        {
            arguments.AddRange(["-recip", folder.Write(recipient.Certificate.SerialNumberHex, recipient.CertificatePem)]);
            arguments.AddRange(KeyOptions(envelope.Scheme, recipient).SelectMany(o => new[] { "-keyopt", o }));
        }

        return Peer.OpenSsl.Run(arguments, content).Succeeded();
    }

    public string? FindObjection(byte[] message, Certificate certificate)
    {
        PeerResult result = Peer.OpenSsl.Run(["pkcs7", "-inform", "DER", "-print_certs"], message);
        return result.ExitCode != 0 ? result.Error
            : System.Text.Encoding.ASCII.GetString(result.Output).Contains(Pem(certificate), StringComparison.Ordinal) ? null
            : "the certificate is missing";
    }

    public byte[] WriteCertificate(TestIdentity identity)
    {
        using var folder = new WorkFolder();
        return Peer.OpenSsl.Run(
            ["crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile", folder.Write("certificate.pem", identity.CertificatePem)]).Succeeded();
    }

    /// <summary>Signs a content with further options of the command.</summary>
    public static byte[] Sign(TestIdentity signer, byte[] content, params IEnumerable<string> options)
    {
        using var folder = new WorkFolder();
        return Peer.OpenSsl.Run(
        [
            "cms", "-sign", "-binary", "-outform", "DER", "-in", folder.Write("content", content),
            "-signer", folder.Write("signer.pem", signer.CertificatePem + "\n" + signer.KeyPem), .. options,
        ]).Succeeded();
    }

    private static string Cipher(EnvelopeCase envelope) => envelope.Cipher.Name switch
    {
        "3DES-CBC" => "des3",
        "RC2-128-CBC" => "rc2-cbc",
        string name => name.ToLowerInvariant(),
    };

    private static string[] Secret(EnvelopeCase envelope) => envelope.Scheme.IsKeyEncryptionKey
        ? ["-secretkey", Convert.ToHexString(envelope.KeyEncryptionKey), "-secretkeyid", Convert.ToHexString(RecipientRow.KeyIdentifier)]
        : ["-pwri_password", RecipientRow.Password];

    private static IEnumerable<string> KeyOptions(RecipientRow scheme, TestIdentity recipient)
    {
        if (!recipient.Certificate.PublicKey.IsRsa)
        {
            yield return "ecdh_kdf_md:" + Digest(scheme.Derivation!);
        }
        else if (scheme.OaepParameters is { } oaep)
        {
            yield return "rsa_padding_mode:oaep";
            yield return "rsa_oaep_md:" + Digest(oaep.Digest);
            yield return "rsa_mgf1_md:" + Digest(oaep.MgfDigest);
            if (!oaep.Label.IsEmpty)
            {
                yield return "rsa_oaep_label:" + Convert.ToHexString(oaep.Label.Span);
            }
        }
    }

    private static string Pem(Certificate certificate) =>
        System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", certificate.RawData.Span);

    private static string Digest(DigestAlgorithm digest) => digest.Name.Replace("sha-", "sha", StringComparison.Ordinal);
}
