using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>Extensions and fields, RFC 5280 §4 and §6.1.3 to §6.1.5.</summary>
public sealed class PathStructureTests
{
    private const string Unknown = "1.3.6.1.4.1.55555.1";
    private static readonly byte[] _null = [0x05, 0x00];

    private readonly TestAuthority _root = new("CN=Root");
    private readonly TestAuthority _ca = new("CN=Mail CA");

    [Theory]
    [InlineData("leaf")]
    [InlineData("ca")]
    [InlineData("root")]
    [Trait("Requirement", "R5280-6.1-a")]
    [Trait("Requirement", "R3850-4.4-b")]
    public void Extension_Unknown_RefusesThePathWhenCritical(string where)
    {
        Assert.Equal(["unknown-critical-extension"], ValidateWith(where, TestAuthority.Raw(Unknown, _null, critical: true)));
        Assert.Empty(ValidateWith(where, TestAuthority.Raw(Unknown, _null)));
    }

    [Theory]
    [InlineData("leaf")]
    [InlineData("ca")]
    [InlineData("root")]
    [Trait("Requirement", "R5280-4.2-a")]
    [Trait("Kind", "negative")]
    public void Extension_Twice_RefusesThePath(string where)
    {
        X509Extension id = TestAuthority.OwnIdentifier([1]);
        X509Extension unknown = TestAuthority.Raw(Unknown, _null);
        Assert.Equal(["duplicate-extension"], ValidateWith(where, id, id));
        Assert.Equal(["duplicate-extension"], ValidateWith(where, unknown, unknown));
    }

    [Fact]
    [Trait("Requirement", "R3850-4.4-a")]
    [Trait("Requirement", "R8550-4.4-a")]
    public void Extensions_OfMail_AreUnderstoodWhenCritical()
    {
        X509Extension[] all =
        [
            TestAuthority.BasicConstraints(false),
            TestAuthority.Usage(X509KeyUsageFlags.DigitalSignature),
            TestAuthority.Addresses("alice@example.com", critical: true),
            Critical(TestAuthority.Purposes("1.3.6.1.5.5.7.3.4")),
            Critical(TestAuthority.OwnIdentifier([1])),
            Critical(TestAuthority.IssuerIdentifier([2])),
        ];
        Certificate leaf = _root.Leaf(c => c with { Extensions = all });
        Certificate root = _root.Root();
        PathTest.IsTrusted(PathTest.Validate(leaf, [root]), leaf, root);
    }

    [Theory]
    [InlineData("2.5.29.14", "leaf")]
    [InlineData("2.5.29.15", "leaf")]
    [InlineData("2.5.29.17", "leaf")]
    [InlineData("2.5.29.19", "leaf")]
    [InlineData("2.5.29.35", "leaf")]
    [InlineData("2.5.29.37", "leaf")]
    [InlineData("2.5.29.14", "ca")]
    [InlineData("2.5.29.35", "ca")]
    [InlineData("2.5.29.37", "ca")]
    [InlineData("2.5.29.37", "root")]
    [Trait("Requirement", "R3850-4.4-a")]
    [Trait("Kind", "negative")]
    public void Extension_Malformed_RefusesThePath(string oid, string where)
    {
        foreach (byte[] value in (byte[][])[[], [0x30], _null, [0x30, 0x02, 0x02, 0x05], [0xFF, 0xFF, 0xFF]])
        {
            Assert.Equal(["malformed-extension"], ValidateReplacing(where, TestAuthority.Raw(oid, value)));
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Extensions_InAnOldVersion_RefuseThePath()
    {
        Certificate leaf = _root.Leaf(c => c with { Version = 2 });
        PathTest.IsUntrusted(PathTest.Validate(leaf, [_root.Root()]), PathProblemCodes.MalformedExtension);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Algorithm_InsideUnlikeOutside_RefusesThePath()
    {
        Certificate leaf = _root.Leaf(c => c with { TbsAlgorithm = TestKey.Identifier("1.2.840.10045.4.3.3", withNull: false) });
        PathTest.IsUntrusted(PathTest.Validate(leaf, [_root.Root()]), PathProblemCodes.AlgorithmMismatch);
    }

    [Fact]
    [Trait("Requirement", "R3850-3-p")]
    [Trait("Kind", "negative")]
    public void Issuer_Empty_RefusesThePath()
    {
        var nameless = new TestAuthority("");
        PathTest.IsUntrusted(PathTest.Validate(nameless.Leaf(), [nameless.Root()]), PathProblemCodes.EmptyIssuer);
    }

    [Fact]
    [Trait("Requirement", "R5280-4.2.1.6-a")]
    public void Subject_EmptyWithCriticalNames_IsAccepted()
    {
        Certificate leaf = _root.Leaf(c => c with
        {
            Subject = TestCertificate.Name(""),
            Extensions = [TestAuthority.Addresses("alice@example.com", critical: true)],
        });
        Certificate root = _root.Root();
        PathValidationResult result = PathTest.Validate(leaf, [root]);
        PathTest.IsTrusted(result, leaf, root);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    [Trait("Requirement", "R3850-3-p")]
    public void Subject_EmptyWithoutCriticalNames_IsFlagged()
    {
        Certificate leaf = _root.Leaf(c => c with
        {
            Subject = TestCertificate.Name(""),
            Extensions = [TestAuthority.Addresses("alice@example.com")],
        });
        PathValidationResult result = PathTest.Validate(leaf, [_root.Root()]);
        Assert.Equal(TrustStatus.Trusted, result.Outcome);
        Assert.Equal(PathProblemCodes.EmptySubject, Assert.Single(result.Warnings).Code);
    }

    [Fact]
    [Trait("Requirement", "R3850-4.4.1-a")]
    [Trait("Requirement", "R5280-6.1.4-a")]
    [Trait("Kind", "negative")]
    public void Ca_WithoutBasicConstraints_IsNoIssuer()
    {
        Certificate ca = _root.Certify(_ca, c => c with { Extensions = [TestAuthority.Usage(X509KeyUsageFlags.KeyCertSign)] });
        PathTest.IsUntrusted(PathTest.Validate(_ca.Leaf(), [_root.Root()], ca), PathProblemCodes.NotACa);
    }

    [Fact]
    [Trait("Requirement", "R3850-4.4.1-b")]
    public void Leaf_WithBasicConstraints_IsAccepted()
    {
        Certificate leaf = _root.Leaf(c => c with { Extensions = [TestAuthority.BasicConstraints(false)] });
        Certificate root = _root.Root();
        PathTest.IsTrusted(PathTest.Validate(leaf, [root]), leaf, root);
    }

    [Fact]
    [Trait("Requirement", "R5280-6.1.4-a")]
    [Trait("Kind", "negative")]
    public void Ca_WithoutKeyCertSign_IsNoIssuer()
    {
        X509Extension[] extensions = [TestAuthority.BasicConstraints(true), TestAuthority.Usage(X509KeyUsageFlags.CrlSign)];
        Certificate ca = _root.Certify(_ca, c => c with { Extensions = extensions });
        Certificate root = _root.Root(c => c with { Extensions = extensions });
        PathTest.IsUntrusted(PathTest.Validate(_ca.Leaf(), [_root.Root()], ca), PathProblemCodes.IssuerKeyUsage);
        PathTest.IsUntrusted(PathTest.Validate(_root.Leaf(), [root]), PathProblemCodes.IssuerKeyUsage);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [Trait("Requirement", "R5280-6.1.4-a")]
    [Trait("Requirement", "R6818-4-a")]
    public void PathLength_OfAnAnchor_CountsIntermediatesButNotSelfIssuedOnes(int limit, bool accepted)
    {
        Certificate root = _root.Root(c => c with { Extensions = TestAuthority.CaExtensions(limit) });
        var rolledOver = new TestAuthority("CN=Root");
        Certificate selfIssued = _root.Certify(rolledOver);
        Certificate ca = rolledOver.Certify(_ca);
        Certificate leaf = _ca.Leaf();
        PathValidationResult result = PathTest.Validate(leaf, [root], selfIssued, ca);
        Assert.Equal(accepted ? [] : [PathProblemCodes.PathLength], result.Codes());
        Assert.Equal([leaf, ca, selfIssued, root], result.Path);
    }

    [Fact]
    [Trait("Requirement", "R5280-6.1.4-a")]
    public void PathLength_DoesNotCountALeafThatIsACa()
    {
        Certificate root = _root.Root(c => c with { Extensions = TestAuthority.CaExtensions(0) });
        Certificate ca = _root.Certify(_ca);
        PathValidationOptions options = PathTest.Options([root]) with { Purpose = CertificatePurpose.Any };
        PathTest.IsTrusted(options.Validate(ca), ca, root);
    }

    [Theory]
    [InlineData("ca", true)]
    [InlineData("ca", false)]
    [InlineData("root", true)]
    [InlineData("root", false)]
    [InlineData("leaf", true)]
    [Trait("Kind", "negative")]
    public void NameConstraints_FailClosed(string where, bool critical)
    {
        // NameConstraints ::= SEQUENCE { permittedSubtrees [0] { { base rfc822Name "example.com" } } }
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, "example.com", new Asn1Tag(TagClass.ContextSpecific, 1));
        }

        Assert.Equal(["name-constraints-unsupported"], ValidateWith(where, TestAuthority.Raw("2.5.29.30", writer.Encode(), critical)));
    }

    [Theory]
    [InlineData("2.5.29.32")]
    [InlineData("2.5.29.33")]
    [InlineData("2.5.29.36")]
    [InlineData("2.5.29.54")]
    public void PolicyExtensions_FailClosedWhenCritical(string oid)
    {
        Assert.Equal(["policy-constraints-unsupported"], ValidateWith("ca", TestAuthority.Raw(oid, _null, critical: true)));
        Assert.Equal(["policy-constraints-unsupported"], ValidateWith("leaf", TestAuthority.Raw(oid, _null, critical: true)));
        Assert.Empty(ValidateWith("ca", TestAuthority.Raw(oid, _null)));
    }

    private static X509Extension Critical(X509Extension extension) => new(extension.Oid!, extension.RawData, critical: true);

    private string[] ValidateWith(string where, params X509Extension[] more) =>
        Validate(where, c => c with { Extensions = [.. c.Extensions, .. more] });

    private string[] ValidateReplacing(string where, X509Extension extension) => Validate(where, c => c with
    {
        Extensions = [.. c.Extensions.Where(e => e.Oid!.Value != extension.Oid!.Value), extension],
    });

    private string[] Validate(string where, Func<TestCertificate, TestCertificate> change)
    {
        Certificate root = _root.Root(where == "root" ? change : null);
        Certificate ca = _root.Certify(_ca, where == "ca" ? change : null);
        Certificate leaf = _ca.Leaf(where == "leaf" ? change : null);
        return PathTest.Validate(leaf, [root], ca).Codes();
    }
}
