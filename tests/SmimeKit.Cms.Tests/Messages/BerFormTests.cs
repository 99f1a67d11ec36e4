using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Messages;

/// <summary>Every message of the registries in other BER, parameters of algorithms included: it means the same.</summary>
public sealed class BerFormTests
{
    private static readonly byte[] _content = MessageCase.Content;

    public static TheoryData<string> Messages { get; } = MessageCases.Names;

    public static TheoryData<string> Signed { get; } = SigningCases.Names(SigningCases.Spread);

    [Theory]
    [MemberData(nameof(Messages))]
    [Trait("Requirement", "R3369-2-c")]
    public async Task Message_InOtherBer_GivesTheContent(string name)
    {
        MessageCase subject = MessageCases.Named(name);
        byte[] message = await subject.WriteAsync(_content, synchronous: true);
        foreach (bool segments in new[] { false, true })
        {
            Assert.Equal(_content, await subject.ReadAsync(new MemoryStream(BerForm.Of(message, segments)), synchronous: true));
        }
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("p256")]
    [InlineData("ml-kem-768")]
    [Trait("Requirement", "R3369-6.2.1-b")]
    public void KeyIdentifierOfARecipient_InSegments_IsFound(string kind)
    {
        TestIdentity recipient = RecipientRow.IdentityOf(kind);
        using var output = new MemoryStream();
        using (EnvelopedDataWriter writer = EnvelopedDataWriter.Open(
            output, new EnvelopedDataWriterOptions { Recipients = [new CertificateRecipient(recipient.Certificate) { BySubjectKeyIdentifier = true }] }))
        {
            writer.Content.Write(_content);
            writer.Complete();
        }

        // [0] is implicit but in key agreement, so its segments are told apart by the kind of the recipient.
        byte[] identifier = recipient.Certificate.SubjectKeyIdentifier.ToArray();
        byte[] message = BerForm.Of(output.ToArray(), segments: true);
        int at = message.AsSpan().IndexOf((byte[])[0x80, (byte)identifier.Length, .. identifier]);
        if (kind != "p256")
        {
            message = [.. message[..at], 0xA0, 0x80, 0x04, (byte)identifier.Length, .. identifier, 0, 0, .. message[(at + 2 + identifier.Length)..]];
        }

        using EnvelopedDataReader reader = EnvelopedDataReader.Open(new MemoryStream(message));
        reader.Decrypt([recipient.DecryptionKey], SignedMessage.At);
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);
        reader.Complete();
        Assert.Equal(_content, content.ToArray());
    }

    [Theory]
    [InlineData(0x30)]
    [InlineData(0x31)]
    [InlineData(0x3F)]
    [InlineData(0xA0)]
    [InlineData(0x64)]
    [Trait("Kind", "negative")]
    public async Task KeyIdentifier_OfAnotherConstructedType_IsNobodys(byte tag)
    {
        MessageCase subject = MessageCases.All.First(c => c.Name.StartsWith("envelopedData/kekri/AES-128-CBC", StringComparison.Ordinal));
        byte[] message = await subject.WriteAsync(_content, synchronous: true);
        message[message.AsSpan().IndexOf((byte[])[0x04, 0x03, .. RecipientRow.KeyIdentifier])] = tag;
        await Assert.ThrowsAnyAsync<SmimeKitException>(() => subject.ReadAsync(new MemoryStream(message), synchronous: true));
    }

    [Theory]
    [MemberData(nameof(Signed))]
    [Trait("Requirement", "R3369-2-c")]
    public void Signature_InOtherBer_IsValidWithoutDeviations(string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = signing.Sign(_content);
        foreach (bool segments in new[] { false, true })
        {
            SignedMessage read = SignedMessage.Read(BerForm.Of(message, segments), _content, signing.Scheme.ReaderOptions);
            read.AssertValid(signing.Signers, _content);
            Assert.All(read.Report.Signers, s => Assert.Empty(s.Deviations));
        }
    }
}
