using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Compressed;
using SmimeKit.Cms.Data;
using SmimeKit.Cms.Digested;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;
using Recipient = SmimeKit.Cms.Tests.Enveloped.TestIdentity;

namespace SmimeKit.Cms.Tests.Streaming;

/// <summary>Every content type inside every other, opened by the type that the outer one names.</summary>
public sealed class NestingTests
{
    private const string Data = "1.2.840.113549.1.7.1";
    private static readonly DateTimeOffset _now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] _content = "This is some sample content."u8.ToArray();

    private static readonly byte[] _key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly Dictionary<string, Func<Stream, string, CmsContentWriter>> _writers = new()
    {
        ["1.2.840.113549.1.7.2"] = (output, type) => SignedDataWriter.Open(
            output, new SignedDataWriterOptions { ContentType = type, Signers = [new CmsSigner(TestIdentity.Rsa)], Certificates = [TestIdentity.Rsa.Certificate] }),
        ["1.2.840.113549.1.7.3"] = (output, type) => EnvelopedDataWriter.Open(
            output, new EnvelopedDataWriterOptions { ContentType = type, Recipients = To(), Algorithm = ContentEncryptionAlgorithm.Aes128Cbc }),
        ["1.2.840.113549.1.7.5"] = (output, type) => DigestedDataWriter.Open(output, new DigestedDataWriterOptions { ContentType = type }),
        ["1.2.840.113549.1.7.6"] = (output, type) => EncryptedDataWriter.Open(output, new EncryptedDataWriterOptions { ContentType = type, Key = _key }),
        ["1.2.840.113549.1.9.16.1.2"] = (output, type) => AuthenticatedDataWriter.Open(
            output, new AuthenticatedDataWriterOptions { ContentType = type, Recipients = To() }),
        ["1.2.840.113549.1.9.16.1.9"] = (output, type) => CompressedDataWriter.Open(output, new CompressedDataWriterOptions { ContentType = type }),
        ["1.2.840.113549.1.9.16.1.23"] = (output, type) => AuthEnvelopedDataWriter.Open(
            output, new AuthEnvelopedDataWriterOptions { ContentType = type, Recipients = To() }),
    };

    /// <summary>Gets all triples of types, from the outside in.</summary>
    public static TheoryData<string, string, string> Triples
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (string outer in _writers.Keys)
            {
                foreach (string middle in _writers.Keys)
                {
                    data.Add(outer, middle, _writers.Keys.ElementAt(data.Count % _writers.Count));
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Triples))]
    [Trait("Requirement", "R3369-3-b")]
    [Trait("Requirement", "R3369-2-c")]
    [Trait("Requirement", "R3851-3.6-b")]
    public async Task Types_InsideEachOther_AreOpenedInAnyOrder(string outer, string middle, string inner)
    {
        byte[] innermost = Bare(Write(inner, Data, _content));
        byte[] message = Write(outer, middle, Bare(Write(middle, inner, innermost)));
        await using var dribbled = DribblingStream.InChunks(message, 11);
        await using CmsContentReader reader = await CmsReader.OpenAsync(dribbled);
        Assert.Equal(_content, await OpenAsync(reader));
    }

    private static CertificateRecipient[] To() => [new CertificateRecipient(Recipient.P256.Certificate)];

    private static byte[] Write(string type, string contentType, byte[] content)
    {
        var output = new MemoryStream();
        using CmsContentWriter writer = _writers[type](output, contentType);
        writer.Content.Write(content, 0, content.Length);
        writer.Complete();
        return output.ToArray();
    }

    // The value without ContentInfo, as it stands inside another layer: all lengths are indefinite here.
    private static byte[] Bare(byte[] message)
    {
        int start = 2 + 2 + message[3] + 2;
        Assert.Equal([0x30, 0x80], message[..2]);
        return message[start..^4];
    }

    private static async Task<byte[]> OpenAsync(CmsContentReader reader)
    {
        switch (reader)
        {
            case SignedDataReader signed:
            {
                byte[] content = await InsideAsync(signed.Content, signed.EncapsulatedContentType);
                Assert.IsType<SignerVerdict.Valid>(Assert.Single((await signed.CompleteAsync(_now)).Signers).Verdict);
                return content;
            }

            case EncryptedContentReader encrypted:
            {
                await encrypted.DecryptAsync([Recipient.P256.Key], _now);
                byte[] content = await InsideAsync(encrypted.Content, encrypted.EncapsulatedContentType);
                await encrypted.CompleteAsync();
                return content;
            }

            case EncryptedDataReader encryptedData:
            {
                encryptedData.Decrypt(_key, _now);
                byte[] content = await InsideAsync(encryptedData.Content, encryptedData.EncapsulatedContentType);
                await encryptedData.CompleteAsync();
                return content;
            }

            case AuthenticatedDataReader authenticated:
            {
                await authenticated.AuthenticateAsync([Recipient.P256.Key], _now);
                byte[] content = await InsideAsync(authenticated.Content, authenticated.EncapsulatedContentType);
                await authenticated.CompleteAsync();
                return content;
            }

            case DigestedDataReader digested:
            {
                byte[] content = await InsideAsync(digested.Content, digested.EncapsulatedContentType);
                Assert.IsType<DigestVerdict.Matches>((await digested.CompleteAsync(_now)).Verdict);
                return content;
            }

            case CompressedDataReader compressed:
            {
                byte[] content = await InsideAsync(compressed.Content, compressed.EncapsulatedContentType);
                await compressed.CompleteAsync();
                return content;
            }

            default:
            {
                DataReader data = Assert.IsType<DataReader>(reader);
                var content = new MemoryStream();
                await data.Content.CopyToAsync(content);
                await data.CompleteAsync();
                return content.ToArray();
            }
        }
    }

    private static async Task<byte[]> InsideAsync(Stream content, string contentType)
    {
        await using CmsContentReader inside = await CmsReader.OpenNestedAsync(content, contentType);
        return await OpenAsync(inside);
    }
}
