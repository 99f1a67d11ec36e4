using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>One message to make: a way to the recipient and a cipher, with the choices of structure.</summary>
public sealed record EnvelopeCase(RecipientRow Scheme, ContentEncryptionAlgorithm Cipher, bool KeyIdentifier, bool Several, bool Definite)
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

    /// <summary>Gets whether the default policy neither reads nor writes the cipher.</summary>
    public bool NeedsLegacyPolicy => CmsPolicy.Default.FindContentEncryptionObjection(Cipher.Oid, DateTimeOffset.UnixEpoch) is not null;

    public CmsPolicy Policy => NeedsLegacyPolicy ? CmsPolicy.Legacy : CmsPolicy.Default;

    /// <summary>Gets whether the cipher is reported as weak where it is read.</summary>
    public bool IsWeak => CmsPolicy.Legacy.WeakContentEncryption.Contains(Cipher.Oid);

    public bool IsRc2 => Cipher.Name.StartsWith("RC2", StringComparison.Ordinal);

    public bool IsCamellia => Cipher.Name.StartsWith("Camellia", StringComparison.Ordinal);

    /// <summary>Gets whether the cipher authenticates and is not AES-GCM, which most know.</summary>
    public bool IsRareAead => Cipher.IsAuthenticated && !Cipher.Name.EndsWith("GCM", StringComparison.Ordinal);

    /// <summary>Gets whom a message is read as.</summary>
    public TestIdentity Recipient => Scheme.Identity?.Invoke() ?? Recipients.Rsa;

    /// <summary>Gets the recipients by certificate, the one that it is read as last.</summary>
    public IEnumerable<TestIdentity> CertificateRecipients => [.. Several ? [Recipients.Other] : Array.Empty<TestIdentity>(), .. Scheme.IsSymmetric ? [] : new[] { Recipient }];

    /// <summary>Gets the key of a <c>kekri</c> scheme, as long as that of the cipher.</summary>
    public byte[] KeyEncryptionKey => [.. Enumerable.Range(1, Math.Max(Cipher.KeySize, 16)).Select(i => (byte)i)];

    /// <summary>Encrypts a content with this library.</summary>
    public byte[] Seal(byte[] content)
    {
        using KeyEncryptionKey key = new(RecipientRow.KeyIdentifier, KeyEncryptionKey);
        EnvelopeRecipient own = Scheme.IsKeyEncryptionKey ? new KeyEncryptionKeyRecipient(key) : Identify(Scheme.Recipient());
        var other = new CertificateRecipient(Recipients.Other.Certificate) { KeyTransport = Scheme.Transport };
        EnvelopeRecipient[] recipients = Several ? [Identify(other), own] : [own];
        long? length = Definite ? content.Length : null;
        using var output = new MemoryStream();
        using EncryptedContentWriter writer = Cipher.IsAuthenticated
            ? AuthEnvelopedDataWriter.Open(output, new() { Recipients = recipients, Algorithm = Cipher, ContentLength = length, Policy = Policy })
            : EnvelopedDataWriter.Open(output, new() { Recipients = recipients, Algorithm = Cipher, ContentLength = length, Policy = Policy });
        writer.Content.Write(content);
        writer.Complete();
        return output.ToArray();
    }

    public override string ToString() => Name;

    private EnvelopeRecipient Identify(EnvelopeRecipient recipient) =>
        recipient is CertificateRecipient certified ? certified with { BySubjectKeyIdentifier = KeyIdentifier } : recipient;
}
