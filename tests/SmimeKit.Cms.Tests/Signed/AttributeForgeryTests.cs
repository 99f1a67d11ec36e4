using System.Security.Cryptography;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Certificates;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>One signature, two readings: over attributes, or over content that is attributes (security S6).</summary>
public sealed class AttributeForgeryTests
{
    private static readonly byte[] _otherContent = "Pay Mallory\r\n"u8.ToArray();

    private static byte[] Attributes(byte[] content) => Asn.SortedSet(
        ForgedAttribute.ContentType(ForgedMessage.Data),
        ForgedAttribute.MessageDigest(SHA256.HashData(content)));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    [Trait("Requirement", "R3369-5.6-e")]
    [Trait("Kind", "negative")]
    public void Verify_SignatureOverAttributesReplayedOverContent_IsRefused(int chunk)
    {
        // Alice signs a text with attributes; Mallory presents the attributes as what she signed.
        byte[] attributes = Attributes(ForgedMessage.Text);
        byte[] message = new ForgedMessage { SignedContent = attributes, Signers = [new ForgedSigner { Attributes = null }] };
        AssertRefused(SignedMessage.Read(DribblingStream.InChunks(message, chunk)));
        byte[] detached = new ForgedMessage { SignedContent = attributes, EContent = [], Signers = [new ForgedSigner { Attributes = null }] };
        AssertRefused(SignedMessage.Read(detached, attributes));
    }

    [Fact]
    [Trait("Requirement", "R3369-5.6-e")]
    [Trait("Kind", "negative")]
    public void Verify_SignatureOverAttributesReplayedThroughDigests_IsRefused()
    {
        byte[] attributes = Attributes(ForgedMessage.Text);
        byte[] message = new ForgedMessage { SignedContent = attributes, EContent = [], Signers = [new ForgedSigner { Attributes = null }] };
        using var digester = new ContentDigester([DigestAlgorithm.Sha256]);
        foreach (byte octet in attributes)
        {
            digester.Append([octet]);
        }

        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(message));
        reader.UseDigests(digester);
        SignerVerdict verdict = Assert.Single(reader.Complete(SignedMessage.At).Signers).Verdict;
        Assert.Equal("content-looks-like-signed-attributes", Assert.IsType<SignerVerdict.RefusedByPolicy>(verdict).Rule);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "R3369-5.6-e")]
    [Trait("Kind", "negative")]
    public void Sign_ContentThatIsAttributesWithoutAttributes_IsRefused(bool detached)
    {
        // Mallory asks Alice to sign this "content", to present it later as attributes over another text.
        byte[] content = Attributes(_otherContent);
        using var writer = SignedDataWriter.Open(Stream.Null, new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(TestIdentity.P256) { UseSignedAttributes = false }], IsDetached = detached,
        });
        writer.Content.Write(content);
        Assert.Equal("content-looks-like-signed-attributes", Assert.Throws<PolicyViolationException>(writer.Complete).Rule);
    }

    [Fact]
    public void Sign_ContentThatIsAttributesWithAttributes_IsSigned()
    {
        byte[] content = Attributes(_otherContent);
        SigningCase signing = SigningCases.Named("ecdsa-p256/attributes/issuer/definite/one");
        SignedMessage.Read(signing.Sign(content)).AssertValid(signing.Signers, content);
    }

    [Theory]
    [InlineData("prefix")]
    [InlineData("suffix")]
    [InlineData("truncated")]
    [InlineData("content type only")]
    [InlineData("message digest only")]
    [InlineData("no set")]
    [InlineData("text")]
    [InlineData("1")]
    [InlineData("long set")]
    public void Verify_ContentThatOnlyBeginsLikeAttributes_IsValid(string name)
    {
        byte[] attributes = Attributes(ForgedMessage.Text);
        byte[] content = name switch
        {
            "prefix" => [0x0A, .. attributes],
            "suffix" => [.. attributes, 0x0A],
            "truncated" => attributes[..^1],
            "content type only" => Asn.Set(ForgedAttribute.ContentType(ForgedMessage.Data)),
            "message digest only" => Asn.Set(ForgedAttribute.MessageDigest(new byte[32])),
            "no set" => Asn.Sequence(attributes[2..]),
            "long set" => Asn.Set(new byte[0x10000 * 20]),
            "1" => [0x31],
            _ => "1. First, the text begins with the octet of SET.\r\n"u8.ToArray(),
        };
        byte[] message = new ForgedMessage { SignedContent = content, Signers = [new ForgedSigner { Attributes = null }] };
        Assert.IsType<SignerVerdict.Valid>(SignedMessage.Read(DribblingStream.InChunks(message, 5)).Verdict);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Verify_ContentArrivingByOctets_DoesNotCostQuadraticMemory()
    {
        byte[] content = Asn.Set(ForgedAttribute.ContentType(ForgedMessage.Data), ForgedAttribute.Of(ForgedAttribute.UnknownOid, Asn.OctetString(new byte[60_000])));
        using var digester = new ContentDigester([DigestAlgorithm.Sha256]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < content.Length; i++)
        {
            digester.Append(content.AsSpan(i, 1));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * content.Length);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.6-e")]
    public void Verify_UnderAPolicyThatWantsAttributes_RefusesTheAbsence()
    {
        byte[] message = new ForgedMessage { Signers = [new ForgedSigner { Attributes = null }] };
        var options = new CmsReaderOptions { Policy = CmsPolicy.Default with { RequiresSignedAttributes = true } };
        Assert.Equal(
            "signed-attributes-required",
            Assert.IsType<SignerVerdict.RefusedByPolicy>(SignedMessage.Read(message, options: options).Verdict).Rule);
    }

    private static void AssertRefused(SignedMessage message) => Assert.Equal(
        "content-looks-like-signed-attributes", Assert.IsType<SignerVerdict.RefusedByPolicy>(message.Verdict).Rule);
}
