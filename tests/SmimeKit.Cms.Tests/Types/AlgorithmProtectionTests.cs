using SmimeKit.Certificates;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Types;

/// <summary>CMSAlgorithmProtection in AuthenticatedData: RFC 6211 §3.2. That in SignedData is tested with its verdicts.</summary>
public sealed class AlgorithmProtectionTests
{
    private const string HmacSha256 = "1.2.840.113549.2.9";
    private const string HmacSha512 = "1.2.840.113549.2.11";

    private static readonly AlgorithmIdentifier _digest = DigestAlgorithm.Sha256.ToIdentifier();
    private static readonly AlgorithmIdentifier _mac = new(HmacSha256);

    [Fact]
    [Trait("Requirement", "R6211-2-a")]
    public void WriteMacValue_IsTheGoldenValue() => Assert.Equal(
        Asn.Sequence(Asn.Algorithm(DigestAlgorithm.Sha256.Oid), Asn.Tagged(0xA2, Asn.Oid(HmacSha256))), Value());

    [Theory]
    [InlineData("right", true)]
    [InlineData("absent", true)]
    [InlineData("another digest", false)]
    [InlineData("another MAC", false)]
    [InlineData("for a signature", false)]
    [InlineData("for both", false)]
    [InlineData("twice", false)]
    [InlineData("two values", false)]
    [InlineData("neither", false)]
    [Trait("Requirement", "R6211-3.2-a")]
    [Trait("Requirement", "R6211-2-c")]
    [Trait("Requirement", "R6211-3-b")]
    [Trait("Requirement", "R6211-3-c")]
    public void AgreesWithMac_WhereThereIsOne_ItHasToAgree(string how, bool agrees)
    {
        byte[] digest = Asn.Algorithm(DigestAlgorithm.Sha256.Oid, [5, 0]); // NULL is as good as nothing
        byte[] value = how switch
        {
            "another digest" => Asn.Sequence(Asn.Algorithm(DigestAlgorithm.Sha512.Oid), Asn.Tagged(0xA2, Asn.Oid(HmacSha256))),
            "another MAC" => Asn.Sequence(digest, Asn.Tagged(0xA2, Asn.Oid(HmacSha512))),
            "for a signature" => Asn.Sequence(digest, Asn.Tagged(0xA1, Asn.Oid(HmacSha256))),
            "for both" => Asn.Sequence(digest, Asn.Tagged(0xA1, Asn.Oid(HmacSha256)), Asn.Tagged(0xA2, Asn.Oid(HmacSha256))),
            "neither" => Asn.Sequence(digest),
            _ => Asn.Sequence(digest, Asn.Tagged(0xA2, Asn.Oid(HmacSha256))),
        };
        var attribute = new CmsAttribute(
            ForgedAttribute.AlgorithmProtectionOid, how == "two values" ? [value, value] : [value]);
        CmsAttributes attributes = how switch
        {
            "absent" => CmsAttributes.Empty,
            "twice" => new([attribute, attribute]),
            _ => new([attribute]),
        };
        Assert.Equal(agrees, AlgorithmProtection.AgreesWithMac(attributes, _digest, _mac));
    }

    private static byte[] Value() => Asn.Write(w => AlgorithmProtection.WriteMacValue(w, _digest, _mac));
}
