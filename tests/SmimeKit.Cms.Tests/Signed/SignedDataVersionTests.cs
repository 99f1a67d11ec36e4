using SmimeKit.Cms.Signed;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>CMSVersion of SignedData, RFC 5652 §5.1: every combination of what decides.</summary>
public sealed class SignedDataVersionTests
{
    public static TheoryData<int> Combinations { get; } = [.. Enumerable.Range(0, 64)];

    [Theory]
    [MemberData(nameof(Combinations))]
    [Trait("Requirement", "R5652-5.1-a")]
    [Trait("Requirement", "R3369-5.1-b")]
    [Trait("Requirement", "R3369-5.1-c")]
    [Trait("Requirement", "R3369-5.1-d")]
    [Trait("Requirement", "R3852-5.1-a")]
    public void Read_VersionOfEveryCombination_IsTheFirstLineThatHolds(int bits)
    {
        bool otherCertificate = (bits & 1) != 0;
        bool otherRevocation = (bits & 2) != 0;
        bool v2Attribute = (bits & 4) != 0;
        bool v1Attribute = (bits & 8) != 0;
        bool otherContent = (bits & 16) != 0;
        bool byKey = (bits & 32) != 0;
        int expected = otherCertificate || otherRevocation ? 5 : v2Attribute ? 4 : v1Attribute || otherContent || byKey ? 3 : 1;

        TestIdentity signer = TestIdentity.P256;
        var forged = new ForgedMessage
        {
            ContentType = otherContent ? ForgedMessage.TstInfo : ForgedMessage.Data,
            Certificates =
            [
                signer.Certificate.RawData.ToArray(),
                .. otherCertificate ? [Asn.Tagged(0xA3, Asn.Oid("1.2.3"), Asn.Number(1))] : Array.Empty<byte[]>(),
                .. v2Attribute ? [Asn.Tagged(0xA2, Asn.Number(1))] : Array.Empty<byte[]>(),
                .. v1Attribute ? [Asn.Tagged(0xA1, Asn.Number(1))] : Array.Empty<byte[]>(),
            ],
            Crls = [Asn.Sequence(), .. otherRevocation ? [Asn.Tagged(0xA1, Asn.Oid("1.2.3"), Asn.Number(1))] : Array.Empty<byte[]>()],
            Signers = [new ForgedSigner
            {
                Sid = byKey ? ForgedSigner.KeyIdentifier(signer.Certificate.SubjectKeyIdentifier.ToArray()) : null,
                Version = Asn.Number(byKey ? 3 : 1),
            }],
        };
        foreach (int version in new[] { 0, 1, 2, 3, 4, 5 })
        {
            SignedMessage read = SignedMessage.Read(forged with { Version = Asn.Number(version) });
            Assert.IsType<SignerVerdict.Valid>(read.Verdict);
            Assert.Equal(version == expected ? [] : ["signed-data-version"], read.Report.Deviations);
        }
    }
}
