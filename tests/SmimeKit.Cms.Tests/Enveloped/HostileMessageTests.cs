using System.Security.Cryptography;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>Messages that were cut, changed, or arrive in odd pieces.</summary>
public static class HostileMessageTests
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(300);
    private static readonly byte[] _value = [0x05, 0x00];

    public static TheoryData<string, bool> Forms => new()
    {
        { "AES-128-CBC", true }, { "AES-128-CBC", false }, { "AES-256-GCM", true }, { "AES-256-GCM", false },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Kind", "negative")]
    public static void Message_CutAnywhere_IsNeverComplete(string cipher, bool definite)
    {
        byte[] message = Seal(cipher, definite);
        for (int length = 0; length < message.Length; length++)
        {
            byte[] cut = message[..length];

            Assert.ThrowsAny<SmimeKitException>(() => Envelope.Open(cut, TestIdentity.Rsa));
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Requirement", "R3369-3-d")]
    [Trait("Kind", "negative")]
    public static void Message_WithTrailingOctets_IsNeverComplete(string cipher, bool definite)
    {
        byte[] message = [.. Seal(cipher, definite), 0, 0, 0, 0];

        Assert.Equal("trailing-data", Assert.Throws<MalformedDataException>(() => Envelope.Open(message, TestIdentity.Rsa)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "R5083-2.2-c")]
    [Trait("Requirement", "R5084-4-b")]
    [Trait("Kind", "negative")]
    public static void AuthEnvelopedData_WithAnyOctetChanged_NeverReleasesOtherContent(bool definite)
    {
        byte[] message = Seal("AES-256-GCM", definite);
        for (int i = 0; i < message.Length; i++)
        {
            byte[] changed = [.. message];
            changed[i] ^= 0x01;
            using EncryptedContentReader? reader = TryOpen(changed);
            if (reader is not null && TryDecrypt(reader))
            {
                // What is not under the tag, such as a version, may change nothing else.
                var released = new MemoryStream();
                _ = Record.Exception(() => reader.Content.CopyTo(released));

                Assert.Equal(_content, released.ToArray());
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "R8551-6-b")]
    [Trait("Requirement", "R3851-3.3-c")]
    [Trait("Requirement", "R3851-5-c")]
    [Trait("Kind", "negative")]
    public static void EnvelopedData_WithAnyOctetChanged_FailsByTypeOrSaysThatNothingIsAuthenticated(bool definite)
    {
        byte[] message = Seal("AES-128-CBC", definite);
        for (int i = 0; i < message.Length; i++)
        {
            byte[] changed = [.. message];
            changed[i] ^= 0x80;
            try
            {
                Assert.False(Envelope.Open(changed, TestIdentity.Rsa).Report.IsAuthenticated);
            }
            catch (SmimeKitException)
            {
                // A typed refusal is the other good outcome; any further exception fails the test.
            }
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Requirement", "R3369-6.1-j")]
    public static async Task Message_SplitAnywhere_IsReadAlike(string cipher, bool definite)
    {
        byte[] message = Seal(cipher, definite);
        for (int offset = 0; offset <= message.Length; offset++)
        {
            Envelope.Opened opened = await Envelope.OpenAsync(
                DribblingStream.SplitAt(message, offset), CmsReaderOptions.Default, TestIdentity.Rsa.Key);

            Assert.Equal(_content, opened.Content);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    [Trait("Requirement", "R3369-2-c")]
    public static async Task Message_OctetByOctet_IsReadAlikeInEitherMode(string cipher, bool definite)
    {
        byte[] message = Seal(cipher, definite);
        Envelope.Opened asynchronous = await Envelope.OpenAsync(
            DribblingStream.InChunks(message, 1), CmsReaderOptions.Default, TestIdentity.Rsa.Key);
        using EncryptedContentReader reader = Envelope.OpenReader(DribblingStream.InChunks(message, 1));
        reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now);
        var content = new List<byte>();
        for (int octet = reader.Content.ReadByte(); octet >= 0; octet = reader.Content.ReadByte())
        {
            content.Add((byte)octet);
        }

        Assert.Equal(_content, content);
        Assert.Equal(_content, asynchronous.Content);
        Assert.Equal(asynchronous.Report.ContentLength, reader.Complete().ContentLength);
    }

    [Fact]
    [Trait("Requirement", "R3369-6.1-h")]
    public static void Ciphertext_InOneOctetSegments_IsReadAlike()
    {
        foreach (string cipher in new[] { "AES-128-CBC", "AES-256-GCM" })
        {
            RawEnvelope message = RawEnvelope.Of(ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher), _content);
            message.To(RawEnvelope.Transport(TestIdentity.Rsa, message.Key));
            byte[] primitive = [0x80, 0x82, (byte)(message.Ciphertext!.Length >> 8), (byte)message.Ciphertext.Length, .. message.Ciphertext];
            byte[] whole = message.Encode();
            int at = whole.AsSpan().IndexOf(primitive);
            byte[] segments = [0xA0, 0x80, .. message.Ciphertext.SelectMany(o => new byte[] { 0x24, 0x80, 0x04, 0x00, 0x04, 0x01, o, 0x00, 0x00 }), 0x00, 0x00];
            byte[] indefinite = Indefinite(whole, at, primitive.Length, segments);

            Assert.Equal(_content, Envelope.Open(indefinite, TestIdentity.Rsa).Content);
        }
    }

    [Theory]
    [InlineData(nameof(CmsLimits.MaxHeaderSize))]
    [InlineData(nameof(CmsLimits.MaxRecipientInfoSize))]
    [InlineData(nameof(CmsLimits.MaxAttributesSize))]
    [InlineData(nameof(CmsLimits.MaxContentInMemory))]
    [InlineData(nameof(CmsLimits.MaxSpoolSize))]
    [Trait("Kind", "negative")]
    public static void Message_BeyondALimit_EndsWithItsName(string limit)
    {
        byte[] message = Seal("AES-256-GCM", definite: false);
        CmsLimits limits = limit switch
        {
            nameof(CmsLimits.MaxHeaderSize) => CmsLimits.Default with { MaxHeaderSize = 100 },
            nameof(CmsLimits.MaxRecipientInfoSize) => CmsLimits.Default with { MaxRecipientInfoSize = 100 },
            nameof(CmsLimits.MaxAttributesSize) => CmsLimits.Default with { MaxAttributesSize = 10 },
            nameof(CmsLimits.MaxContentInMemory) => CmsLimits.Default with { MaxContentInMemory = 299 },
            _ => CmsLimits.Default with { MaxSpoolSize = 299 },
        };

        LimitExceededException error = Assert.Throws<LimitExceededException>(
            () => Envelope.Open(message, new CmsReaderOptions { Limits = limits, SpoolFolder = "" }, TestIdentity.Rsa.Key));

        Assert.Equal(limit, error.Limit);
    }

    [Fact]
    public static void Reader_AfterAFailure_RefusesEverything()
    {
        byte[] message = Seal("AES-256-GCM", definite: true);
        message[^1] ^= 1;
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(message));

        Assert.Throws<DecryptionFailedException>(() => reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now));
        Assert.Throws<InvalidOperationException>(() => reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now));
        Assert.Throws<InvalidOperationException>(() => reader.Content.ReadByte());
        Assert.Throws<InvalidOperationException>(() => reader.Complete());

        reader.Dispose();

        Assert.Throws<ObjectDisposedException>(() => reader.Complete());
    }

    [Fact]
    public static void Reader_BeforeDecryption_GivesNoContentAndNoReport()
    {
        using EncryptedContentReader reader = Envelope.OpenReader(new MemoryStream(Seal("AES-128-CBC", definite: true)));

        Assert.Throws<InvalidOperationException>(() => reader.Content);
        Assert.Throws<InvalidOperationException>(() => reader.Complete());
        Assert.All(reader.Recipients, r => Assert.Equal(RecipientKind.KeyTransport, r.Kind));
    }

    private static byte[] Seal(string cipher, bool definite)
    {
        CertificateRecipient[] recipients = [Envelope.For(TestIdentity.OtherRsa), Envelope.For(TestIdentity.Rsa)];
        var attributes = new CmsAttributes([new CmsAttribute("1.2.3.4.5", _value)]);
        ContentEncryptionAlgorithm algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher);
        long? length = definite ? _content.Length : null;
        return algorithm.IsAuthenticated
            ? Envelope.Seal(_content, new AuthEnvelopedDataWriterOptions
            {
                Recipients = recipients,
                Algorithm = algorithm,
                ContentLength = length,
                AuthenticatedAttributes = attributes,
            })
            : Envelope.Seal(_content, new EnvelopedDataWriterOptions
            {
                Recipients = recipients,
                Algorithm = algorithm,
                ContentLength = length,
                UnprotectedAttributes = attributes,
            });
    }

    // Replaces a value and turns the four definite lengths around it into indefinite ones.
    private static byte[] Indefinite(byte[] message, int at, int length, byte[] replacement)
    {
        var spine = new List<int>();
        for (int offset = 0; offset < at;)
        {
            int header = 2 + (message[offset + 1] < 0x80 ? 0 : message[offset + 1] & 0x7F);
            int contents = message[offset + 1] < 0x80
                ? message[offset + 1]
                : message.AsSpan(offset + 2, header - 2).ToArray().Aggregate(0, (sum, octet) => (sum << 8) | octet);
            if (offset + header + contents > at)
            {
                spine.Add(offset);
                offset += header;
            }
            else
            {
                offset += header + contents;
            }
        }

        var output = new List<byte>();
        int copied = 0;
        foreach (int offset in spine)
        {
            output.AddRange(message[copied..offset]);
            output.AddRange([message[offset], 0x80]);
            copied = offset + 2 + (message[offset + 1] < 0x80 ? 0 : message[offset + 1] & 0x7F);
        }

        output.AddRange(message[copied..at]);
        output.AddRange(replacement);
        output.AddRange([0, 0]); // EncryptedContentInfo ends before the fields behind it
        output.AddRange(message[(at + length)..]);
        output.AddRange(Enumerable.Repeat((byte)0, 2 * (spine.Count - 1)));
        return [.. output];
    }

    private static EncryptedContentReader? TryOpen(byte[] message)
    {
        try
        {
            return Envelope.OpenReader(new MemoryStream(message));
        }
        catch (SmimeKitException)
        {
            return null;
        }
    }

    private static bool TryDecrypt(EncryptedContentReader reader)
    {
        try
        {
            reader.Decrypt([TestIdentity.Rsa.Key], Envelope.Now);
            return true;
        }
        catch (SmimeKitException)
        {
            return false;
        }
    }
}
