using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>The x509-limbo suite. Every case runs; where the verdict differs on purpose, the reason is given and the difference asserted.</summary>
public sealed class LimboTests
{
    private const string Revocation = "needs a CRL, which path validation does not look at";
    private const string Profile = "a rule about what CAs may issue, not about what RFC 5280 §6.1 accepts";
    private const string WebPki = "a rule of the web PKI, not of S/MIME";
    private const string HostName = "compares host names, which S/MIME has no use for";
    private const string NameConstraints = "name constraints are not evaluated: refused";

    private static readonly Lazy<JsonDocument> _suite = new(() => JsonDocument.Parse(Vectors.Read("x509-limbo/limbo.json")));

    private static readonly Dictionary<string, string> _divergences = new()
    {
        ["crl::revoked-certificate-with-crl"] = Revocation,
        ["crl::crlnumber-critical"] = Revocation,
        ["crl::issuer-missing-crlsign"] = Revocation,
        ["pathlen::max-chain-depth-1-self-issued"] = "PathLimits.PathLength counts every certificate, the self-issued too",
        ["rfc5280::aki::critical-aki"] = Profile,
        ["rfc5280::aki::leaf-missing-aki"] = Profile,
        ["rfc5280::aki::cross-signed-root-missing-aki"] = Profile,
        ["rfc5280::nc::permitted-dns-match"] = NameConstraints,
        ["rfc5280::nc::permitted-ipv4-match"] = NameConstraints,
        ["rfc5280::nc::permitted-different-constraint-type"] = NameConstraints,
        ["rfc5280::nc::excluded-different-constraint-type"] = NameConstraints,
        ["rfc5280::nc::nc-permits-email-literal-asterisk-exact-match"] = NameConstraints,
        ["rfc5280::nc::nc-permits-email-literal-double-asterisk"] = NameConstraints,
        ["rfc5280::nc::nc-permits-email-literal-mid-asterisk"] = NameConstraints,
        ["rfc5280::nc::nc-forbids-othername-noop"] = NameConstraints,
        ["rfc5280::san::noncritical-with-empty-subject"] = "a warning, not a refusal (R3850-3-p)",
        ["rfc5280::serial::zero"] = Profile,
        ["rfc5280::ski::critical-ski"] = Profile,
        ["rfc5280::ski::root-missing-ski"] = Profile,
        ["rfc5280::ski::intermediate-missing-ski"] = Profile,
        ["rfc5280::leaf-ku-keycertsign"] = Profile,
        ["webpki::aki::root-with-aki-missing-keyidentifier"] = WebPki,
        ["webpki::aki::root-with-aki-authoritycertissuer"] = WebPki,
        ["webpki::cn::ipv4-hex-mismatch"] = HostName,
        ["webpki::cn::ipv4-leading-zeros-mismatch"] = HostName,
        ["webpki::cn::ipv6-uppercase-mismatch"] = HostName,
        ["webpki::cn::ipv6-uncompressed-mismatch"] = HostName,
        ["webpki::cn::punycode-not-in-san"] = HostName,
        ["webpki::cn::case-mismatch"] = HostName,
        ["webpki::eku::ee-anyeku"] = WebPki,
        ["webpki::eku::root-has-eku"] = WebPki,
        ["webpki::nc::permitted-dns-match-noncritical"] = NameConstraints,
        ["webpki::san::mismatch-domain-san"] = HostName,
        ["webpki::san::mismatch-subdomain-apex-san"] = HostName,
        ["webpki::san::mismatch-apex-subdomain-san"] = HostName,
        ["webpki::san::public-suffix-multi-label-wildcard-san"] = HostName,
        ["webpki::san::public-suffix-private-namespace-wildcard-san"] = HostName,
        ["webpki::san::wildcard-embedded-leftmost-san"] = HostName,
        ["webpki::san::wildcard-not-in-leftmost-san"] = HostName,
        ["webpki::san::wildcard-match-across-labels-san"] = HostName,
        ["webpki::san::san-critical-with-nonempty-subject"] = Profile,
        ["webpki::san::san-wildcard-only"] = HostName,
        ["webpki::v1-cert"] = "S/MIME reads identity certificates of every version (R3850-2.2-a)",
        ["webpki::ee-basicconstraints-ca"] = WebPki,
    };

    public static TheoryData<string> Cases() =>
        Vectors.Available ? [.. Suite().Select(c => c.GetProperty("id").GetString()!)] : ["(the vector collection is missing)"];

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Requirement", "R5280-6.1.3-a")]
    [Trait("Requirement", "R5280-6.1.4-a")]
    [Trait("Requirement", "R3850-4.4-d")]
    public void Verdict_OfLimboCase_IsTheExpectedOneOrDiffersForAReason(string id)
    {
        Vectors.Require();
        JsonElement limbo = Suite().Single(c => c.GetProperty("id").GetString() == id);
        bool expected = limbo.GetProperty("expected_result").GetString() == "SUCCESS";
        bool trusted = Validate(limbo) is { Outcome: TrustStatus.Trusted };
        if (_divergences.TryGetValue(id, out string? reason))
        {
            Assert.False(expected == trusted, $"No longer different: {reason}");
        }
        else
        {
            Assert.Equal(expected, trusted);
        }
    }

    [Fact]
    public void Divergences_NameCasesOfTheSuite()
    {
        Vectors.Require();
        Assert.Empty(_divergences.Keys.Except(Suite().Select(c => c.GetProperty("id").GetString()!)));
    }

    [Fact]
    [Trait("Requirement", "R5280-6.1-a")]
    public void NameConstraints_OfAnyLimboCase_FailClosedUnderTheirOwnCode()
    {
        Vectors.Require();
        JsonElement[] cases = [.. Suite().Where(c => c.GetProperty("id").GetString()!.Contains("::nc::", StringComparison.Ordinal))];
        Assert.NotEmpty(cases);
        Assert.All(cases, c => Assert.Contains(PathProblemCodes.NameConstraintsUnsupported, Validate(c)!.Codes()));
    }

    private static JsonElement[] Suite() => [.. _suite.Value.RootElement.GetProperty("testcases").EnumerateArray()];

    // Null when a certificate of the case does not decode: then there is nothing to trust.
    private static PathValidationResult? Validate(JsonElement limbo)
    {
        try
        {
            return OptionsFor(limbo).Validate(Decode(limbo.GetProperty("peer_certificate")));
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    private static PathValidationOptions OptionsFor(JsonElement limbo)
    {
        string? time = limbo.GetProperty("validation_time").GetString();
        string? usage = limbo.GetProperty("extended_key_usage").EnumerateArray().Select(u => u.GetString()).SingleOrDefault();
        JsonElement depth = limbo.GetProperty("max_chain_depth");
        return new PathValidationOptions
        {
            Anchors = new TestAnchors(DecodeAll(limbo.GetProperty("trusted_certs"))),
            ExtraCertificates = DecodeAll(limbo.GetProperty("untrusted_intermediates")),
            At = time is null
                ? new DateTimeOffset(2024, 6, 1, 0, 0, 0, TimeSpan.Zero)
                : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture),
            Purpose = CertificatePurpose.EmailSigning,
            Policy = CertificatePolicy.Default with
            {
                ExtendedKeyUsage = usage switch
                {
                    "serverAuth" => "1.3.6.1.5.5.7.3.1",
                    "clientAuth" => "1.3.6.1.5.5.7.3.2",
                    _ => null,
                },
            },
            Limits = depth.ValueKind == JsonValueKind.Null
                ? PathLimits.Default
                : PathLimits.Default with { PathLength = depth.GetInt32() + 2 },
        };
    }

    private static Certificate[] DecodeAll(JsonElement pems) => [.. pems.EnumerateArray().Select(Decode)];

    private static Certificate Decode(JsonElement pem)
    {
        string text = pem.GetString()!;
        return Certificate.Decode(Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]));
    }
}
