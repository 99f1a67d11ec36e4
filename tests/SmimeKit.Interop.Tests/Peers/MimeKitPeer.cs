using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;
using MimeDigest = MimeKit.Cryptography.DigestAlgorithm;

namespace SmimeKit.Interop.Tests.Peers;

/// <summary>MimeKit's own S/MIME context, which builds on Bouncy Castle's CMS.</summary>
public sealed class MimeKitPeer : IForeign, IDisposable
{
    private readonly TemporarySecureMimeContext _context = new() { CheckCertificateRevocation = false };
    private readonly HashSet<string> _imported = [];
    private readonly Lock _lock = new();

    public string Name => "mimekit";

    public string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers)
    {
        lock (_lock)
        {
            try
            {
                DigitalSignatureCollection signatures;
                byte[] carried = content;
                if (detached)
                {
                    signatures = _context.Verify(new MemoryStream(content), new MemoryStream(message));
                }
                else
                {
                    using Stream inner = _context.Verify(new MemoryStream(message), out signatures);
                    using var copy = new MemoryStream();
                    inner.CopyTo(copy);
                    carried = copy.ToArray();
                }

                int good = signatures.Count(s => s.Verify(verifySignatureOnly: true));
                return good != signers.Count ? $"{good} good signatures" : carried.AsSpan().SequenceEqual(content) ? null : "the content differs";
            }
            catch (Exception e) when (e is CmsException or DigitalSignatureVerifyException or KeyNotFoundException or SecurityUtilityException)
            {
                return e.Message;
            }
        }
    }

    public string? FindObjection(byte[] message, byte[] content, TestIdentity recipient)
    {
        lock (_lock)
        {
            Import(recipient);
            try
            {
                using var output = new MemoryStream();
                _context.DecryptTo(new MemoryStream(message), output);
                return output.ToArray().AsSpan().SequenceEqual(content) ? null : "the content differs";
            }
            catch (Exception e) when (e is CmsException or InvalidCipherTextException or ArgumentException)
            {
                return e.Message + ": " + e.InnerException?.Message;
            }
        }
    }

    public byte[] Sign(SigningCase signing, byte[] content)
    {
        TestIdentity identity = signing.Scheme.Signer();
        var signer = new CmsSigner(
            BouncyCastle.Certificate(identity), BouncyCastle.Key(identity), Identifier(signing.KeyIdentifier))
        {
            DigestAlgorithm = Enum.Parse<MimeDigest>(signing.Scheme.Digest!.Name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
            RsaSignaturePadding = signing.Scheme.Pss ? RsaSignaturePadding.Pss : RsaSignaturePadding.Pkcs1,
        };
        lock (_lock)
        {
            using MimePart part = signing.IsDetached
                ? _context.Sign(signer, new MemoryStream(content))
                : _context.EncapsulatedSign(signer, new MemoryStream(content));
            return Decode(part);
        }
    }

    public byte[] Encrypt(EnvelopeCase envelope, byte[] content)
    {
        var recipients = new CmsRecipientCollection();
        foreach (TestIdentity identity in envelope.Several ? [Recipients.Other, envelope.Recipient] : new[] { envelope.Recipient })
        {
            recipients.Add(new CmsRecipient(BouncyCastle.Certificate(identity), Identifier(envelope.KeyIdentifier))
            {
                EncryptionAlgorithms = [Cipher(envelope.Cipher)],
                RsaEncryptionPadding = Padding(envelope.Scheme),
            });
        }

        lock (_lock)
        {
            using ApplicationPkcs7Mime part = _context.Encrypt(recipients, new MemoryStream(content));
            return Decode(part);
        }
    }

    public string? FindObjection(byte[] message, Certificate certificate)
    {
        lock (_lock)
        {
            try
            {
                _context.Import(new MemoryStream(message));
                return _context.CanEncrypt(Mailbox(certificate)) ? null : "the certificate is missing";
            }
            catch (CmsException e)
            {
                return e.Message;
            }
        }
    }

    public byte[] WriteCertificate(TestIdentity identity)
    {
        lock (_lock)
        {
            _context.Import(BouncyCastle.Certificate(identity));
            using MimePart part = _context.Export([Mailbox(identity.Certificate)]);
            return Decode(part);
        }
    }

    public void Dispose() => _context.Dispose();

    private void Import(TestIdentity recipient)
    {
        if (_imported.Add(recipient.Certificate.SerialNumberHex))
        {
            _context.Import(new MemoryStream(recipient.ToPkcs12("pw", "key")), "pw");
        }
    }

    private static MailboxAddress Mailbox(Certificate certificate) => new("", Assert.Single(certificate.EmailAddresses));

    private static EncryptionAlgorithm Cipher(ContentEncryptionAlgorithm cipher) => cipher.Name switch
    {
        "AES-128-CBC" => EncryptionAlgorithm.Aes128,
        "AES-192-CBC" => EncryptionAlgorithm.Aes192,
        "AES-256-CBC" => EncryptionAlgorithm.Aes256,
        "Camellia-128-CBC" => EncryptionAlgorithm.Camellia128,
        "Camellia-192-CBC" => EncryptionAlgorithm.Camellia192,
        "Camellia-256-CBC" => EncryptionAlgorithm.Camellia256,
        "RC2-128-CBC" => EncryptionAlgorithm.RC2128,
        "RC2-64-CBC" => EncryptionAlgorithm.RC264,
        "RC2-40-CBC" => EncryptionAlgorithm.RC240,
        _ => EncryptionAlgorithm.TripleDes,
    };

    private static RsaEncryptionPadding Padding(RecipientRow scheme) => scheme.OaepParameters is { } oaep
        ? RsaEncryptionPadding.CreateOaep(Enum.Parse<MimeDigest>(oaep.Digest.Name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true))
        : RsaEncryptionPadding.Pkcs1;

    private static SubjectIdentifierType Identifier(bool byKeyIdentifier) =>
        byKeyIdentifier ? SubjectIdentifierType.SubjectKeyIdentifier : SubjectIdentifierType.IssuerAndSerialNumber;

    private static byte[] Decode(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content!.DecodeTo(content);
        return content.ToArray();
    }
}
