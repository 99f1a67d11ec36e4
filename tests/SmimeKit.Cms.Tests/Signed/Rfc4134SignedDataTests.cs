using System.Formats.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>The SignedData examples of RFC 4134 §4: copied, taken apart and put together, and written again.</summary>
public sealed class Rfc4134SignedDataTests
{
    private static readonly CmsReaderOptions _legacy = new() { Policy = CmsPolicy.Legacy };

    public static TheoryData<string> Examples { get; } = ["4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.10", "4.11"];

    [Theory]
    [MemberData(nameof(Examples))]
    [Trait("Requirement", "R3369-5.1-a")]
    public void Copy_Example_IsTheSameFromTheVersionToTheSigners(string example)
    {
        byte[] original = Example(example);
        byte[] copy = Apply(original, new SignedDataEdits());
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(original));
        if (reader.IsDetached)
        {
            Assert.Equal(original, copy);
            return;
        }

        if (original[1] == 0x80) // indefinite lengths: all but that of the set of certificates, which is definite afterwards
        {
            int certificates = original.AsSpan().IndexOf(SignedMessage.Read(original).Report.Carried.Certificates[0].RawData.Span) - 2;
            Assert.Equal(original[..certificates], copy[..certificates]);
            Assert.EndsWith(Convert.ToHexString([.. SignerInfos(original), 0, 0, 0, 0, 0, 0]), Convert.ToHexString(copy), StringComparison.Ordinal);
            return;
        }

        byte[] body = Body(original);
        Assert.Equal([.. copy[..17], .. body, 0, 0, 0, 0, 0, 0], copy);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void DetachAndAttach_Example_StaysAsValidAsItWas(string example)
    {
        byte[] original = Example(example);
        using (SignedDataReader reader = SignedDataReader.Open(new MemoryStream(original)))
        {
            if (reader.IsDetached)
            {
                return;
            }
        }

        var content = new MemoryStream();
        byte[] detached = Apply(original, new SignedDataEdits { DetachesTo = content });
        Assert.Equal(Vectors.Read("rfc4134/ExContent.bin"), content.ToArray());
        byte[] attached = Apply(detached, new SignedDataEdits
        {
            AttachesContent = true, DetachedContent = new MemoryStream(content.ToArray()), DetachedContentLength = content.Length,
        });
        Assert.Equal(Verdicts(original), Verdicts(attached));
        Assert.True(attached.AsSpan().IndexOf(SignerInfos(original)) > 0);
    }

    [Fact]
    [Trait("Requirement", "R3369-11.4-c")]
    [Trait("Policy", "legacy")]
    [Trait("Matrix", "countersignature")]
    [Trait("Matrix", "signing-time")]
    public void Countersignature_OfExample44_IsValid()
    {
        SignedDataReport report = SignedMessage.Read(Example("4.4"), options: _legacy).Report;
        SignerReport countersigned = Assert.Single(report.Signers, s => s.Countersignatures.Length > 0);
        SignerReport countersigner = Assert.Single(countersigned.Countersignatures);
        Assert.IsType<SignerVerdict.Valid>(countersigner.Verdict);
        Assert.Equal(Vectors.Read("rfc4134/AliceRSASignByCarl.cer"), countersigner.Certificate!.RawData.ToArray());
        Assert.NotNull(countersigner.SigningTime);
        Assert.Empty(countersigner.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2-d")]
    [Trait("Matrix", "certificates")]
    [Trait("Matrix", "CRLs")]
    public void Write_CertificatesOnlyMessageOfExample411_IsTheSameByteForByte()
    {
        byte[] original = Example("4.11");
        CarriedCertificates carried = SignedMessage.Read(original).Report.Carried;
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(
            output, new SignedDataWriterOptions { Certificates = carried.Certificates, Crls = carried.Crls });
        writer.Complete();
        Assert.Equal(original, output.ToArray());
    }

    /// <summary>Messages are not signed with keys of 1024 bits; the signature of the example is made all the same.</summary>
    [Theory]
    [InlineData("4.2")]
    [InlineData("4.5")]
    public async Task Sign_WithTheKeyOfARsaExample_GivesItsSignature(string example)
    {
        Certificate alice = Certificate.Decode(Vectors.Read("rfc4134/AliceRSASignByCarl.cer"));
        using SigningKey key = SigningKey.FromPkcs8(alice, Vectors.Read("rfc4134/AlicePrivRSASign.pri"));
        RsaPkcs1Signature scheme = RsaPkcs1Signature.Create(DigestAlgorithm.Sha1);

        byte[] signature = await key.SignAsync(scheme, scheme.GetInput(Vectors.Read("rfc4134/ExContent.bin")));

        Assert.Equal(Assert.Single(SignedMessage.Read(Example(example), options: _legacy).Report.Signers).Signature.ToArray(), signature);
    }

    private static byte[] Example(string example) => Vectors.Read($"rfc4134/{example}.bin");

    private static byte[] Apply(byte[] message, SignedDataEdits edits)
    {
        using var output = new MemoryStream();
        SignedDataEditor.Apply(new MemoryStream(message), output, edits);
        return output.ToArray();
    }

    private static IEnumerable<string> Verdicts(byte[] message) => SignedMessage.Read(message, options: _legacy).Report.Signers
        .Select(s => $"{s.Identifier} {s.Verdict.GetType().Name} {string.Join(',', s.Countersignatures.Select(c => c.Verdict.GetType().Name))}");

    private static byte[] Body(byte[] message)
    {
        AsnReader contentInfo = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
        contentInfo.ReadObjectIdentifier();
        return contentInfo.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).PeekContentBytes().ToArray();
    }

    private static byte[] SignerInfos(byte[] message)
    {
        AsnReader contentInfo = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
        contentInfo.ReadObjectIdentifier();
        AsnReader signedData = contentInfo.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        ReadOnlyMemory<byte> last = default;
        while (signedData.HasData)
        {
            last = signedData.PeekContentBytes();
            signedData.ReadEncodedValue();
        }

        return last.ToArray();
    }
}
