using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>One message to make: a way to the recipient and a cipher, with the choices of structure.</summary>
public sealed record EnvelopeCase(RecipientScheme Scheme, ContentEncryptionAlgorithm Cipher, bool KeyIdentifier, bool Several, bool Definite)
{
    /// <summary>Gets the content: longer than a block and no multiple of one.</summary>
    public static byte[] Content { get; } = [.. Enumerable.Range(0, 1003).Select(i => (byte)(i * 7))];

    public string Name => string.Join(
        '/',
        Scheme.Name,
        Cipher.Name,
        KeyIdentifier ? "keyid" : "issuer",
        Several ? "several" : "one",
        Definite ? "definite" : "indefinite");

    public bool IsTripleDes => Cipher == ContentEncryptionAlgorithm.TripleDesCbc;

    /// <summary>Gets whom a message is read as.</summary>
    public TestIdentity Recipient => Scheme.Recipient();

    /// <summary>Encrypts a content with this library.</summary>
    public byte[] Seal(byte[] content)
    {
        CertificateRecipient[] recipients = Several ? [Describe(Recipients.Other), Describe(Recipient)] : [Describe(Recipient)];
        long? length = Definite ? content.Length : null;
        using var output = new MemoryStream();
        using EncryptedContentWriter writer = Cipher.IsAuthenticated
            ? AuthEnvelopedDataWriter.Open(output, new() { Recipients = recipients, Algorithm = Cipher, ContentLength = length })
            : EnvelopedDataWriter.Open(output, new() { Recipients = recipients, Algorithm = Cipher, ContentLength = length });
        writer.Content.Write(content);
        writer.Complete();
        return output.ToArray();
    }

    public override string ToString() => Name;

    private CertificateRecipient Describe(TestIdentity identity)
    {
        bool isRsa = identity.Certificate.PublicKey.IsRsa;
        return new CertificateRecipient(identity.Certificate)
        {
            BySubjectKeyIdentifier = KeyIdentifier,
            KeyTransport = isRsa ? Scheme.Transport : null,
            KeyDerivationDigest = isRsa ? null : Scheme.Derivation,
        };
    }
}
