using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;
using static SmimeKit.TestKit.Signing.ForgedAttribute;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Which certificate a signer means: RFC 5652 §5.3, RFC 5035; security S13.</summary>
public sealed class SigningCertificateTests
{
    private static readonly TestIdentity _signer = TestIdentity.P256;
    private static readonly byte[] _certificate = _signer.Certificate.RawData.ToArray();

    private static readonly Dictionary<string, (bool Valid, byte[][] Attributes)> _ess = new()
    {
        ["V2"] = (true, [SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate))]),
        ["V2 with SHA-256 spelled out"] = (true, [SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate), Asn.Algorithm(DigestAlgorithm.Sha256.Oid))]),
        ["V2 with SHA-256 and NULL"] = (true, [SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate), Asn.Algorithm(DigestAlgorithm.Sha256.Oid, [5, 0]))]),
        ["V2 with SHA-512"] = (true, [SigningCertificate(Hash(DigestAlgorithm.Sha512, _certificate), Asn.Algorithm(DigestAlgorithm.Sha512.Oid))]),
        ["V1"] = (true, [SigningCertificate(Hash(DigestAlgorithm.Sha1, _certificate), oid: SigningCertificateOid)]),
        ["V1 and V2"] = (true, [SigningCertificate(Hash(DigestAlgorithm.Sha1, _certificate), oid: SigningCertificateOid), SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate))]),
        ["V2 of another certificate"] = (false, [SigningCertificate(Hash(DigestAlgorithm.Sha256, TestIdentity.Rsa.Certificate.RawData.ToArray()))]),
        ["V2 with another digest than said"] = (false, [SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate), Asn.Algorithm(DigestAlgorithm.Sha512.Oid))]),
        ["V2 of an unknown digest"] = (false, [SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate), Asn.Algorithm("1.2.3.4"))]),
        ["V2 cut short"] = (false, [SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate)[..31])]),
        ["V2 empty"] = (false, [Of(SigningCertificateV2Oid, Asn.Sequence(Asn.Sequence()))]),
        ["V2 as a number"] = (false, [Of(SigningCertificateV2Oid, Asn.Number(1))]),
        ["V2 twice"] = (false, [SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate)), SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate))]),
        ["V2 right, V1 wrong"] = (false, [SigningCertificate(new byte[20], oid: SigningCertificateOid), SigningCertificate(Hash(DigestAlgorithm.Sha256, _certificate))]),
        ["V1 right, V2 wrong"] = (false, [SigningCertificate(Hash(DigestAlgorithm.Sha1, _certificate), oid: SigningCertificateOid), SigningCertificate(new byte[32])]),
    };

    public static TheoryData<string> Ess { get; } = [.. _ess.Keys];

    [Theory]
    [MemberData(nameof(Ess))]
    [Trait("Requirement", "R5035-5.4.1-a")]
    [Trait("Requirement", "R5035-5.4.1-b")]
    [Trait("Requirement", "R5035-5.4.1-e")]
    [Trait("Requirement", "R5035-5.4.1.1-a")]
    [Trait("Requirement", "R5035-5.4.1.1-c")]
    [Trait("Requirement", "R3851-2.5-c")]
    [Trait("Requirement", "R5035-5.4-b")]
    public void Verify_SigningCertificate_HasToNameTheCertificate(string name)
    {
        (bool valid, byte[][] attributes) = _ess[name];
        SignerVerdict verdict = SignedMessage.Read(new ForgedMessage
        {
            Signers = [new ForgedSigner { Attributes = m => [.. Usual(m), .. attributes] }],
        }).Verdict;
        Assert.Equal(valid, verdict is SignerVerdict.Valid);
        Assert.Equal(valid ? null : "signing-certificate", (verdict as SignerVerdict.Malformed)?.Rule);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "R5035-5.4-c")]
    [Trait("Requirement", "R8550-4.2-a")]
    public void Verify_TwoCertificatesForOneKey_TheOneMeantIsReported(bool first)
    {
        Certificate reissued = TestAuthority.Issue("p256", _signer.Key);
        byte[] ski = ForgedSigner.KeyIdentifier(reissued.SubjectKeyIdentifier.ToArray());
        byte[] meant = Hash(DigestAlgorithm.Sha256, (first ? _signer.Certificate : reissued).RawData.ToArray());
        SignedMessage read = SignedMessage.Read(new ForgedMessage
        {
            Signers = [new ForgedSigner { Sid = ski, Version = Asn.Number(3), Attributes = m => [.. Usual(m), SigningCertificate(meant)] }],
            Certificates = [_certificate, reissued.RawData.ToArray()],
        });
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(first ? _signer.Certificate : reissued, read.Report.Signers[0].Certificate);
    }

    public static TheoryData<string, bool> Decoys { get; } = new()
    {
        { "same issuer and serial number", true },
        { "same issuer and serial number", false },
        { "same key identifier", true },
        { "same key identifier", false },
        { "RSA key too large to try", true },
        { "key of another kind", true },
        { "key that is none", true },
    };

    [Theory]
    [MemberData(nameof(Decoys))]
    [Trait("Requirement", "R3369-5.1-h")]
    [Trait("Requirement", "R3851-2.6-b")]
    public void Verify_DecoyWithTheSameIdentifier_DoesNotHideTheSigner(string decoy, bool decoyFirst)
    {
        bool byKey = decoy == "same key identifier";
        string serial = _signer.Certificate.SerialNumberHex;
        Certificate other = decoy switch
        {
            "same key identifier" => TestAuthority.Issue(
                "mallory", TestIdentity.P384.Key, keyIdentifier: Convert.ToHexString(_signer.Certificate.SubjectKeyIdentifier.Span)),
            "RSA key too large to try" => TestAuthority.Issue("mallory", TrapKeys.Rsa(9216), serial),
            "key of another kind" => TestAuthority.Issue("mallory", TestIdentity.Rsa.Key, serial),
            "key that is none" => TestAuthority.Issue("mallory", TrapKeys.Rsa(2048, exponent: [1]), serial),
            _ => TestAuthority.Issue("mallory", TestIdentity.P384.Key, serial),
        };
        byte[] otherBytes = other.RawData.ToArray();
        SignedMessage read = SignedMessage.Read(new ForgedMessage
        {
            Signers = [new ForgedSigner
            {
                Sid = byKey ? ForgedSigner.KeyIdentifier(_signer.Certificate.SubjectKeyIdentifier.ToArray()) : null,
                Version = Asn.Number(byKey ? 3 : 1),
            }],
            Certificates = decoyFirst ? [otherBytes, _certificate] : [_certificate, otherBytes],
        });
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(_signer.Certificate, read.Report.Signers[0].Certificate);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-e")]
    public void Verify_KeyIdentifierThatIsNoHash_IsMatchedByTheExtension()
    {
        var identity = new TestIdentity("odd-keyid", TestIdentity.P256.Key, keyIdentifier: "0102030405");
        SignedMessage read = SignedMessage.Read(new ForgedMessage
        {
            Signers = [new ForgedSigner { Identity = identity, Sid = ForgedSigner.KeyIdentifier([1, 2, 3, 4, 5]), Version = Asn.Number(3) }],
        });
        Assert.Equal(identity.Certificate, read.Report.Signers[0].Certificate);
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
    }

    [Theory]
    [InlineData("bits of the key")]
    [InlineData("whole key")]
    public void Verify_ComputedKeyIdentifier_IsMatched(string what) // Outlook 2010
    {
        SubjectPublicKeyInfo key = _signer.Certificate.PublicKey;
        byte[] computed = Hash(DigestAlgorithm.Sha1, (what == "whole key" ? key.RawData : key.Key).ToArray());
        var identity = new TestIdentity("odd-keyid", TestIdentity.P256.Key, keyIdentifier: "0102030405");
        SignedMessage read = SignedMessage.Read(new ForgedMessage
        {
            Signers = [new ForgedSigner { Identity = identity, Sid = ForgedSigner.KeyIdentifier(computed), Version = Asn.Number(3) }],
        });
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Verify_EmptyKeyIdentifier_MatchesNobody()
    {
        SignedMessage read = SignedMessage.Read(new ForgedMessage
        {
            Signers = [new ForgedSigner { Sid = ForgedSigner.KeyIdentifier([]), Version = Asn.Number(3) }],
            Certificates = [_certificate, TestAuthority.Root.RawData],
        });
        Assert.IsType<SignerVerdict.CertificateNotFound>(read.Verdict);
    }

    [Fact]
    [Trait("Requirement", "R3369-10.2.4-a")]
    public void Verify_SerialNumberWithHighBit_IsMatched()
    {
        var identity = new TestIdentity("serial", TestIdentity.P256.Key, serialNumber: "80");
        Assert.Equal("0080", identity.Certificate.SerialNumberHex);
        Assert.IsType<SignerVerdict.Valid>(
            SignedMessage.Read(new ForgedMessage { Signers = [new ForgedSigner { Identity = identity }] }).Verdict);
    }

    [Fact]
    [Trait("Requirement", "R3369-10.2.4-a")]
    public void Verify_IssuerInAnotherStringType_IsMatched()
    {
        // CN=Test Root as PrintableString in lower case, where the certificate has UTF8String.
        byte[] issuer = Asn.Sequence(Asn.Set(Asn.Sequence(Asn.Oid("2.5.4.3"), Asn.Tagged(0x13, "test  root"u8.ToArray()))));
        byte[] sid = Asn.Sequence(issuer, Asn.Write(w => w.WriteInteger(_signer.Certificate.SerialNumber.Span)));
        Assert.IsType<SignerVerdict.Valid>(
            SignedMessage.Read(new ForgedMessage { Signers = [new ForgedSigner { Sid = sid }] }).Verdict);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.6-a")]
    [Trait("Requirement", "R3369-5.1-h")]
    public void Verify_CertificateNotCarried_ComesFromTheResolver()
    {
        byte[] message = new ForgedMessage { Certificates = [] };
        Assert.IsType<SignerVerdict.CertificateNotFound>(SignedMessage.Read(message).Verdict);
        SignedMessage read = SignedMessage.Read(message, resolver: (identifier, _) =>
        {
            Assert.True(identifier.Matches(_signer.Certificate));
            return ValueTask.FromResult<IReadOnlyList<Certificate>>([TestIdentity.Rsa.Certificate, _signer.Certificate]);
        });
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(_signer.Certificate, read.Report.Signers[0].Certificate);
    }

    [Fact]
    [Trait("Requirement", "R3369-10.2.2-a")]
    [Trait("Requirement", "R3369-10.2.2-d")]
    [Trait("Requirement", "R5652-10.2.2-a")]
    [Trait("Requirement", "R3852-10.2.1-a")]
    [Trait("Requirement", "R3369-12.2-a")]
    [Trait("Requirement", "R3369-5.2.1-e")]
    [Trait("Requirement", "R3850-2.2.1-a")]
    [Trait("Requirement", "R8550-2.2.1-a")]
    [Trait("Requirement", "R5652-10.2.1-a")]
    public void Read_OtherChoicesAndDamagedCertificates_AreKeptApart()
    {
        byte[] damaged = [.. _certificate];
        damaged[4] ^= 0xFF; // the tag of what is signed
        byte[][] others =
        [
            Asn.Tagged(0xA0, Asn.Sequence()), Asn.Tagged(0xA1, Asn.Sequence(Asn.Number(1))), Asn.Tagged(0xA2, Asn.Sequence()),
            Asn.Tagged(0xA3, Asn.Oid("1.2.3"), Asn.Number(1)), Asn.Sequence(), damaged,
        ];
        byte[] crl = Asn.Crl();
        byte[] ocsp = Asn.Tagged(0xA1, Asn.Oid("1.3.6.1.5.5.7.16.2"), Asn.Sequence());
        SignedMessage read = SignedMessage.Read(new ForgedMessage
        {
            Version = Asn.Number(5), Certificates = [.. others, _certificate], Crls = [crl, ocsp],
        });
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(_signer.Certificate, Assert.Single(read.Report.Carried.Certificates));
        Assert.Equal(others, read.Report.Carried.OtherCertificates.Select(c => c.ToArray()));
        Assert.Equal(crl, Assert.Single(read.Report.Carried.Crls).ToArray());
        Assert.Equal(ocsp, Assert.Single(read.Report.Carried.OtherRevocationInfo).ToArray());
        Assert.Empty(read.Report.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R3369-10.2.1-a")]
    public void Read_RevocationListsOfEveryKind_AreCarriedAsTheyAre()
    {
        string[] names = ["GoodCACRL", "deltaCRLCA1deltaCRL", "onlyContainsCACertsCACRL", "onlyContainsAttributeCertsCACRL", "indirectCRLCA1CRL"];
        byte[][] crls = [.. names.Select(n => Vectors.Read($"pkits/crls/{n}.crl"))];
        SignedMessage read = SignedMessage.Read(new ForgedMessage { Crls = crls });
        Assert.IsType<SignerVerdict.Valid>(read.Verdict);
        Assert.Equal(crls, read.Report.Carried.Crls.Select(c => c.ToArray()));
    }

    [Fact]
    [Trait("Requirement", "R5652-5.1-c")]
    [Trait("Requirement", "R3369-5.1-n")]
    public void Read_RepeatedCertificatesAndEmptySets_AreTolerated()
    {
        byte[] root = TestAuthority.Root.RawData;
        Assert.IsType<SignerVerdict.Valid>(
            SignedMessage.Read(new ForgedMessage { Certificates = [root, _certificate, _certificate, root] }).Verdict);
        byte[] message = new ForgedMessage { Certificates = [[]], Crls = [[]] };
        Assert.IsType<SignerVerdict.CertificateNotFound>(SignedMessage.Read(message).Verdict);
    }
}
