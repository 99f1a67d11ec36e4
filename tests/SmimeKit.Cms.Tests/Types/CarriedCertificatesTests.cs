using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Types;

/// <summary>What is carried besides certificates: RFC 5652 §10.2, RFC 5940.</summary>
public sealed class CarriedCertificatesTests
{
    private const string Ocsp = "1.3.6.1.5.5.7.16.2";
    private const string Scvp = "1.3.6.1.5.5.7.16.4";

    private static readonly byte[] _answer = Asn.Sequence([0x0A, 0x01, 0x00], Asn.Tagged(0xA0, Asn.Sequence()));
    private static readonly byte[] _tryLater = Asn.Sequence([[0x0A, 0x01, 0x03]]);

    public static TheoryData<string> Crls { get; } =
    [
        "pkits/crls/GoodCACRL.crl", "pkits/crls/deltaCRLCA1deltaCRL.crl", "pkits/crls/indirectCRLCA1CRL.crl",
        "rfc4134/CarlDSSCRLEmpty.crl", "rfc4134/CarlRSACRLForAll.crl",
    ];

    public static TheoryData<string> NoCrls { get; } = new(
        new[]
        {
            Asn.Sequence(),
            Asn.Sequence(Asn.Sequence()),
            Asn.Sequence(Asn.Sequence(), Asn.Sequence(), [0x03, 0x01, 0x00]),
            Asn.Sequence(Asn.Sequence(Asn.Number(1)), Asn.Algorithm("1.2.3"), [0x03, 0x01, 0x00]),
            TestIdentity.P256.Certificate.RawData.ToArray(),
        }.Select(Convert.ToHexString));

    [Theory]
    [MemberData(nameof(Crls))]
    [Trait("Requirement", "R3850-2.1-a")]
    [Trait("Requirement", "R3850-2.1-b")]
    [Trait("Requirement", "R3850-2.1-e")]
    public void Crl_OfAnyKind_IsRecognisedAndWritten(string path)
    {
        byte[] crl = Vectors.Read(path);
        byte[] message = Write(new SignedDataWriterOptions { Crls = [crl, crl] });
        CarriedCertificates carried = SignedMessage.Read(message).Report.Carried;
        Assert.Equal(crl, Assert.Single(carried.Crls).ToArray());
        Assert.Empty(carried.UnreadableCrls);
    }

    [Theory]
    [MemberData(nameof(NoCrls))]
    [Trait("Requirement", "R3850-2.1-b")]
    [Trait("Kind", "negative")]
    public void WhatIsNoCrl_IsNotWrittenAndKeptApart(string hex)
    {
        byte[] value = Convert.FromHexString(hex);
        Assert.Throws<ArgumentException>(() => Write(new SignedDataWriterOptions { Crls = [value] }));
        SignedMessage read = SignedMessage.Read(new ForgedMessage { Crls = [value] });
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Empty(read.Report.Carried.Crls);
        Assert.Equal(value, Assert.Single(read.Report.Carried.UnreadableCrls).ToArray());
        Assert.Empty(read.Report.Deviations); // no reason for version 5
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Write_MoreOrLessThanOneCrl_IsRefused()
    {
        byte[] crl = Asn.Crl();
        byte[][] values = [[], crl[..^1], [.. crl, 0], Asn.OctetString(crl)];
        Assert.All(values, v => Assert.Throws<ArgumentException>(() => Write(new SignedDataWriterOptions { Crls = [v] })));
    }

    [Fact]
    [Trait("Requirement", "R5940-3-a")]
    [Trait("Requirement", "R5940-3-b")]
    public void OcspResponse_WithoutAnAnswer_IsNotWrittenAndNotTakenForOne()
    {
        Assert.Throws<ArgumentException>(() => CarriedCertificates.EncodeOcspResponse(_tryLater));
        Assert.Throws<ArgumentException>(() => CarriedCertificates.EncodeOcspResponse(Asn.Number(1)));
        byte[] later = CarriedCertificates.EncodeRevocationInfo(Ocsp, _tryLater).ToArray();
        byte[] answer = CarriedCertificates.EncodeOcspResponse(_answer).ToArray();
        Assert.Equal(Asn.Tagged(0xA1, Asn.Oid(Ocsp), _answer), answer);
        CarriedCertificates carried = SignedMessage.Read(
            new ForgedMessage { Version = Asn.Number(5), Crls = [later, answer, Asn.Tagged(0xA1, Asn.Number(1))] }).Report.Carried;
        Assert.Equal(3, carried.OtherRevocationInfo.Count);
        Assert.Equal(_answer, Assert.Single(carried.GetOcspResponses()).ToArray());
    }

    [Fact]
    [Trait("Requirement", "R5940-4-a")]
    [Trait("Requirement", "R5940-2-a")]
    [Trait("Requirement", "R5652-10.2.1-a")]
    public void Scvp_IsKeptAsItIs()
    {
        byte[] scvp = CarriedCertificates.EncodeRevocationInfo(Scvp, Asn.Sequence(Asn.Sequence(), Asn.Sequence())).ToArray();
        SignedMessage read = SignedMessage.Read(Write(new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(TestIdentity.P256)], Certificates = [TestIdentity.P256.Certificate], OtherRevocationInfo = [scvp],
        }));
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(scvp, Assert.Single(read.Report.Carried.OtherRevocationInfo).ToArray());
        Assert.Empty(read.Report.Carried.GetOcspResponses());
        Assert.Empty(read.Report.Deviations); // version 5
    }

    [Theory]
    [InlineData(0xA0)]
    [InlineData(0xA1)]
    [InlineData(0x30)]
    [InlineData(0xA4)]
    [Trait("Requirement", "R3369-5.1-i")]
    [Trait("Requirement", "R3369-10.2.2-b")]
    [Trait("Requirement", "R3369-10.2.2-c")]
    [Trait("Kind", "negative")]
    public void Write_ObsoleteCertificateChoice_IsRefused(byte identifier)
    {
        byte[] entry = Asn.Tagged(identifier, Asn.Number(1));
        Assert.Throws<ArgumentException>(() => Write(new SignedDataWriterOptions { OtherCertificates = [entry] }));
        Assert.Throws<ArgumentException>(() => Write(new SignedDataWriterOptions { OtherRevocationInfo = [Asn.Tagged(identifier, Asn.Number(1))] }));
    }

    [Fact]
    [Trait("Requirement", "R5652-5.1-a")]
    [Trait("Requirement", "R3369-5.1-b")]
    public void Write_EveryCombination_HasTheProperVersion()
    {
        for (int bits = 0; bits < 16; bits++)
        {
            bool attribute = (bits & 1) != 0;
            bool otherFormat = (bits & 2) != 0;
            bool otherRevocation = (bits & 4) != 0;
            bool keyIdentifier = (bits & 8) != 0;
            byte[] message = Write(new SignedDataWriterOptions
            {
                Signers = [new CmsSigner(TestIdentity.P256) { UseSubjectKeyIdentifier = keyIdentifier }],
                Certificates = [TestIdentity.P256.Certificate],
                OtherCertificates =
                [
                    .. attribute ? [CarriedCertificates.EncodeAttributeCertificate(Asn.Sequence())] : Array.Empty<ReadOnlyMemory<byte>>(),
                    .. otherFormat ? [Asn.Tagged(0xA3, Asn.Oid("1.2.3"), Asn.Number(1))] : Array.Empty<ReadOnlyMemory<byte>>(),
                ],
                OtherRevocationInfo = otherRevocation ? [CarriedCertificates.EncodeRevocationInfo("1.2.3", Asn.Number(1))] : [],
            });
            SignedMessage read = SignedMessage.Read(message);
            Assert.IsType<SignerVerdict.Valid>(read.Verdict);
            Assert.Empty(read.Report.Deviations);
            Assert.Equal(attribute ? 1 : 0, read.Report.Carried.GetAttributeCertificates().Count);
        }
    }

    [Fact]
    [Trait("Requirement", "R5755-1-a")]
    public void EncodeAttributeCertificate_OfSomethingElse_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => CarriedCertificates.EncodeAttributeCertificate(Asn.Number(1)));
        Assert.Throws<ArgumentException>(() => CarriedCertificates.EncodeAttributeCertificate(new byte[] { 0x30, 5 }));
        Assert.Throws<ArgumentException>(() => CarriedCertificates.EncodeRevocationInfo("no identifier", Asn.Number(1)));
        Assert.Throws<ArgumentException>(() => CarriedCertificates.EncodeRevocationInfo("1.2.3", new byte[] { 0x30, 5 }));
    }

    private static byte[] Write(SignedDataWriterOptions options)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, options);
        if (options.Signers.Count > 0)
        {
            writer.Content.Write(ForgedMessage.Text);
        }

        writer.Complete();
        return output.ToArray();
    }
}
