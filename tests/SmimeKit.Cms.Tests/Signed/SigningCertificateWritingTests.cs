using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit.Signing;
using static SmimeKit.TestKit.Signing.ForgedAttribute;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>The whole of the signing-certificate attributes: RFC 5035 §5.4.</summary>
public sealed class SigningCertificateWritingTests
{
    private static readonly TestIdentity _signer = TestIdentity.P256;
    private static readonly Certificate _root = Certificate.FromX509Certificate2(TestAuthority.Root);

    [Theory]
    [InlineData("sha-256")]
    [InlineData("sha-512")]
    [InlineData("sha-1")]
    [Trait("Requirement", "R5035-5.4-a")]
    [Trait("Requirement", "R5035-5.4.1-a")]
    [Trait("Requirement", "R5035-5.4.1-c")]
    [Trait("Requirement", "R5035-5.4.1.1-a")]
    [Trait("Requirement", "R5035-5.4.1.1-b")]
    [Trait("Requirement", "R5035-5.4.1.1-c")]
    [Trait("Requirement", "R5816-2.2.1-b")]
    public void Write_WithADigest_IsTheVersionThatItAsksFor(string name)
    {
        DigestAlgorithm digest = DigestAlgorithm.BuiltIn.Single(d => d.Name == name);
        SignedMessage read = SignedMessage.Read(Sign(new SigningCertificateOptions { Digest = digest, Path = [_root], Policies = ["1.2.3", "1.2.4"] }));
        SignerReport signer = read.Report.Signers[0];
        Assert.IsType<SignerVerdict.Valid>(signer.Verdict);

        bool version1 = name == "sha-1";
        byte[] Id(Certificate certificate) => Asn.Sequence(
            name == "sha-512" ? Asn.Algorithm(digest.Oid) : [],
            Asn.OctetString(Hash(digest, certificate.RawData.ToArray())),
            Asn.Sequence(
                Asn.Sequence(Asn.Tagged(0xA4, certificate.Issuer.RawData.ToArray())),
                Asn.Write(w => w.WriteInteger(certificate.SerialNumber.Span))));
        byte[] expected = Asn.Sequence(
            Asn.Sequence(Id(_signer.Certificate), Id(_root)),
            Asn.Sequence(Asn.Sequence(Asn.Oid("1.2.3")), Asn.Sequence(Asn.Oid("1.2.4"))));
        Assert.Equal(expected, signer.SignedAttributes.FindSingle(version1 ? SigningCertificateOid : SigningCertificateV2Oid)!.Value.ToArray());
        Assert.False(signer.SignedAttributes.Contains(version1 ? SigningCertificateV2Oid : SigningCertificateOid));

        SigningCertificate found = Assert.Single(SmimeKit.Cms.Signed.SigningCertificate.FindAll(signer.SignedAttributes));
        Assert.Equal(version1, found.IsVersion1);
        Assert.Equal(["1.2.3", "1.2.4"], found.Policies);
        Assert.Equal(2, found.Certificates.Count);
        Assert.Equal(_signer.Certificate.Issuer, found.Certificates[0].Issuer);
        Assert.Equal(_signer.Certificate.SerialNumber.ToArray(), found.Certificates[0].SerialNumber.ToArray());
        Assert.Equal(digest.Oid, found.Certificates[0].HashAlgorithm.Oid);
        Assert.True(found.Certificates[1].Matches(_root));
        Assert.False(found.Certificates[1].Matches(_signer.Certificate));
    }

    [Fact]
    [Trait("Requirement", "R5035-5.4.1-d")]
    public void AllowsInPath_FurtherCertificates_AdmitNoOthers()
    {
        Certificate other = TestIdentity.Rsa.Certificate;
        SignerReport one = SignedMessage.Read(Sign(SigningCertificateOptions.Default)).Report.Signers[0];
        Assert.True(one.AllowsInPath(other));
        SignerReport two = SignedMessage.Read(Sign(new SigningCertificateOptions { Path = [_root] })).Report.Signers[0];
        Assert.True(two.AllowsInPath(_root));
        Assert.True(two.AllowsInPath(_signer.Certificate));
        Assert.False(two.AllowsInPath(other));
        SignerReport bare = SignedMessage.Read(new ForgedMessage { Signers = [new ForgedSigner { Attributes = null }] }).Report.Signers[0];
        Assert.True(bare.AllowsInPath(other));
    }

    [Theory]
    [InlineData("right", true)]
    [InlineData("another issuer", false)]
    [InlineData("another serial number", false)]
    [InlineData("two names", false)]
    [InlineData("a mail address", false)]
    [InlineData("no name", false)]
    [Trait("Requirement", "R5035-5.4.1.1-b")]
    public void Verify_IssuerAndSerialNumber_HaveToFitWhenPresent(string how, bool valid)
    {
        Certificate certificate = _signer.Certificate;
        byte[] name = Asn.Tagged(0xA4, (how == "another issuer" ? certificate.Subject : certificate.Issuer).RawData.ToArray());
        IEnumerable<byte[]> names = how switch
        {
            "two names" => [name, name],
            "a mail address" => [Asn.Tagged(0x81, ["a@example.com"u8.ToArray()])],
            "no name" => [],
            _ => [name],
        };
        byte[] serial = how == "another serial number" ? Asn.Number(1) : Asn.Write(w => w.WriteInteger(certificate.SerialNumber.Span));
        byte[] attribute = Of(SigningCertificateV2Oid, Asn.Sequence(Asn.Sequence(Asn.Sequence(
            Asn.OctetString(Hash(DigestAlgorithm.Sha256, certificate.RawData.ToArray())), Asn.Sequence(Asn.Sequence(names), serial)))));
        SignerVerdict verdict = SignedMessage.Read(new ForgedMessage
        {
            Signers = [new ForgedSigner { Attributes = m => [.. Usual(m), attribute] }],
        }).Verdict;
        Assert.Equal(valid, verdict is SignerVerdict.Valid);
        Assert.Equal(valid ? null : "signing-certificate", (verdict as SignerVerdict.Malformed)?.Rule);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Write_VersionOneAddedByHand_IsRefused() => Assert.Throws<ArgumentException>(() => SignedDataWriter.Open(
        Stream.Null,
        new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(_signer) { SignedAttributes = [new CmsAttribute(SigningCertificateOid, Asn.Sequence())] }],
        }));

    private static byte[] Sign(SigningCertificateOptions options)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(_signer) { SigningCertificate = options }], Certificates = [_signer.Certificate],
        });
        writer.Content.Write(ForgedMessage.Text);
        writer.Complete();
        return output.ToArray();
    }
}
