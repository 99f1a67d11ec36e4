using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Every budget of <see cref="CmsLimits"/> that SignedData spends, at its edge: security S18.</summary>
public sealed class SignedDataLimitTests
{
    private static readonly byte[] _certificate = TestIdentity.P256.Certificate.RawData.ToArray();
    private static readonly byte[] _sha256 = Asn.Algorithm(DigestAlgorithm.Sha256.Oid);
    private static readonly byte[] _crl = Asn.Crl(new byte[100]);

    private static readonly Dictionary<string, (CmsLimits Limits, Func<int, ForgedMessage> Make, int Fits)> _budgets = new()
    {
        ["MaxDigestAlgorithms"] = (CmsLimits.Default, n => new() { DigestAlgorithms = Enumerable.Repeat(_sha256, n) }, 16),
        ["MaxCertificates"] = (CmsLimits.Default, n => new() { Certificates = [.. Enumerable.Repeat(_certificate, n)] }, 200),
        ["MaxCertificateSize"] = (
            CmsLimits.Default with { MaxCertificateSize = _certificate.Length },
            n => new() { Certificates = [_certificate, Asn.Sequence(new byte[n])] },
            _certificate.Length - 4),
        ["MaxCrls"] = (CmsLimits.Default, n => new() { Crls = [.. Enumerable.Repeat(_crl, n)] }, 50),
        ["MaxCrlSize"] = (CmsLimits.Default with { MaxCrlSize = 10 * _crl.Length }, n => new() { Crls = [.. Enumerable.Repeat(_crl, n)] }, 10), // all together
        ["MaxSigners"] = (CmsLimits.Default, n => new() { Signers = [.. Enumerable.Repeat(new ForgedSigner(), n)], Certificates = [_certificate] }, 16),
        ["MaxAttributesSize"] = (CmsLimits.Default with { MaxAttributesSize = 3000 }, n => new() { Signers = [Padded(n)] }, 3000),
        ["MaxSignatureChecks"] = (
            CmsLimits.Default with { MaxSignatureChecks = 3 },
            n => new() { Signers = [.. Enumerable.Repeat(new ForgedSigner(), n)], Certificates = [_certificate] },
            3),
        ["MaxAsn1Depth"] = (CmsLimits.Default, n => new() { EContent = Nested(n) }, 64 - 5), // what is around the content takes five
    };

    public static TheoryData<string> Budgets { get; } = [.. _budgets.Keys];

    [Theory]
    [MemberData(nameof(Budgets))]
    [Trait("Requirement", "R3369-14-g")]
    [Trait("Kind", "negative")]
    public void Read_OneBeyondABudget_NamesIt(string budget)
    {
        (CmsLimits limits, Func<int, ForgedMessage> make, int fits) = _budgets[budget];
        var options = new CmsReaderOptions { Limits = limits };
        SignedMessage read = SignedMessage.Read(make(fits), options: options);
        Assert.All(read.Report.Signers, s => Assert.IsType<SignerVerdict.Valid>(s.Verdict));
        byte[] beyond = make(fits + 1);
        Assert.Equal(budget, Assert.Throws<LimitExceededException>(() => SignedMessage.Read(beyond, options: options)).Limit);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Read_ManyCertificatesOfOneIdentifier_CostsABoundedNumberOfChecks()
    {
        // Two hundred certificates that all fit the signer, none of which signed.
        byte[] ski = TestIdentity.Rsa.Certificate.SubjectKeyIdentifier.ToArray();
        byte[][] decoys = [.. Enumerable.Range(0, 200).Select(_ =>
            TestAuthority.Issue("mallory", TrapKeys.Rsa(2048), keyIdentifier: Convert.ToHexString(ski)).RawData.ToArray())];
        byte[] message = new ForgedMessage
        {
            Signers = [new ForgedSigner { Identity = TestIdentity.Rsa, Sid = ForgedSigner.KeyIdentifier(ski), Version = Asn.Number(3) }],
            Certificates = decoys,
        };
        Assert.Equal("MaxSignatureChecks", Assert.Throws<LimitExceededException>(() => SignedMessage.Read(message)).Limit);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Trait("Kind", "negative")]
    public void Read_LongIdentifierOfContent_IsALimit(int field)
    {
        byte[] oid = Asn.Tagged(0x06, [0x2A, .. Enumerable.Repeat((byte)0x81, 200), 0x01]);
        byte[] message = field == 1 ? Asn.Sequence(oid, Asn.Tagged(0xA0, Asn.Sequence()))
            : Asn.Sequence(Asn.Oid(ForgedMessage.SignedData), Asn.Tagged(0xA0, Asn.Sequence(
                Asn.Number(1), Asn.Set(), Asn.Sequence(oid), Asn.Set())));
        Assert.Equal("MaxOidSize", Assert.Throws<LimitExceededException>(() => SignedMessage.Read(message)).Limit);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Read_AttributeWithAMonstrousIdentifier_EndsSoon()
    {
        // Quadratic conversion of identifiers to text: CVE-2023-2650.
        byte[] oid = Asn.Tagged(0x06, [0x2A, .. Enumerable.Repeat((byte)0xFF, 900_000), 0x01]);
        byte[] message = new ForgedMessage
        {
            Signers = [new ForgedSigner { Attributes = m => [.. ForgedAttribute.Usual(m), Asn.Sequence(oid, Asn.Set(Asn.Number(1)))] }],
        };
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("signed-attributes", Assert.IsType<SignerVerdict.Malformed>(SignedMessage.Read(message).Verdict).Rule);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    // A signer of exactly this size: what is missing goes into an unsigned attribute. RSA, so that all are of one size.
    private static ForgedSigner Padded(int size)
    {
        ForgedSigner tooLarge = Padding(size);
        ForgedSigner padded = Padding((2 * size) - Size(tooLarge));
        return Size(padded) == size ? padded : throw new InvalidOperationException("A length has got fewer octets.");
    }

    private static ForgedSigner Padding(int count) => new()
    {
        Identity = TestIdentity.Rsa,
        UnsignedAttributes = Asn.Tagged(0xA1, ForgedAttribute.Of(ForgedAttribute.UnknownOid, Asn.OctetString(new byte[count]))),
    };

    private static int Size(ForgedSigner signer)
    {
        int size = 0;
        _ = new ForgedMessage { Signers = [signer with { Whole = info => Measure(info) }] }.Encode();
        return size;

        byte[] Measure(byte[] info)
        {
            size = info.Length;
            return info;
        }
    }

    private static byte[] Nested(int depth)
    {
        byte[] starts = [.. Enumerable.Repeat<byte[]>([0x24, 0x80], depth).SelectMany(b => b)];
        return Asn.Tagged(0xA0, starts, Asn.OctetString(ForgedMessage.Text), new byte[2 * depth]);
    }
}
