using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Keys that are traps and signatures that are games: security S9, S10, S11.</summary>
public sealed class KeyAndSignatureTests
{
    private static readonly byte[] _rsaSha256 = Asn.Algorithm("1.2.840.113549.1.1.11", [5, 0]);
    private static readonly byte[] _digestInfo = Asn.Hex("3031300D060960864801650304020105000420"); // SHA-256, RFC 8017 §9.2

    [Theory]
    [InlineData("exponent 1")]
    [InlineData("exponent 0")]
    [InlineData("exponent even")]
    [InlineData("exponent of 33 bits")]
    [InlineData("modulus even")]
    [InlineData("modulus of 496 bits")]
    [InlineData("modulus of 32768 bits")]
    [InlineData("no key at all")]
    [Trait("Kind", "negative")]
    public void Verify_RsaKeyThatIsATrap_IsNeverValid(string trap)
    {
        PublicKey key = trap switch
        {
            "exponent 1" => TrapKeys.Rsa(2048, [1]),
            "exponent 0" => TrapKeys.Rsa(2048, [0]),
            "exponent even" => TrapKeys.Rsa(2048, [2]),
            "exponent of 33 bits" => TrapKeys.Rsa(2048, [1, 0, 0, 0, 1]),
            "modulus even" => TrapKeys.Rsa(2048, odd: false),
            "modulus of 496 bits" => TrapKeys.Rsa(496),
            "modulus of 32768 bits" => TrapKeys.Rsa(32768),
            _ => TrapKeys.Any(Asn.Algorithm("1.2.840.113549.1.1.1", [5, 0]), Asn.Number(1)),
        };

        // With exponent 1 the padded digest is its own signature.
        SignerVerdict verdict = Read(key, input => Pad(input, 256));
        Assert.Equal("1.2.840.113549.1.1.1", Assert.IsType<SignerVerdict.Unsupported>(verdict).Oid);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Verify_RsaKeyLargerThanThePolicyAdmits_IsNotEvenTried()
    {
        SignerVerdict verdict = Read(TrapKeys.Rsa(9216), _ => new byte[1152]);
        Assert.Equal("rsa-key-too-large", Assert.IsType<SignerVerdict.RefusedByPolicy>(verdict).Rule);
    }

    [Fact]
    [Trait("Requirement", "R8551-6-a")]
    [Trait("Requirement", "R8551-4.2-a")]
    public void Verify_ShortRsaKey_IsRefusedAndUnderLegacyAWeakness()
    {
        using RSA key = RSA.Create(1024);
        var identity = new TestIdentity("short", key);
        byte[] message = new ForgedMessage { Signers = [new ForgedSigner { Identity = identity }] };
        Assert.Equal("rsa-key-too-small", Assert.IsType<SignerVerdict.RefusedByPolicy>(SignedMessage.Read(message).Verdict).Rule);
        var legacy = new CmsReaderOptions { Policy = CmsPolicy.Legacy };
        Assert.Equal(["weak-rsa-key"], Assert.IsType<SignerVerdict.Valid>(SignedMessage.Read(message, options: legacy).Verdict).Weaknesses);
        var e = Assert.Throws<PolicyViolationException>(
            () => SignedDataWriter.Open(Stream.Null, new SignedDataWriterOptions { Signers = [new CmsSigner(identity)] }));
        Assert.Equal("rsa-key-too-small", e.Rule);
    }

    [Theory]
    [InlineData("explicit parameters")]
    [InlineData("no parameters")]
    [InlineData("unknown curve")]
    [InlineData("point off the curve")]
    [InlineData("point at infinity")]
    [Trait("Kind", "negative")]
    public void Verify_EcKeyThatIsATrap_IsNeverValid(string trap)
    {
        SubjectPublicKeyInfo good = TestIdentity.P256.Certificate.PublicKey;
        byte[] off = good.Key.ToArray();
        off[^1] ^= 1;
        PublicKey key = trap switch
        {
            "explicit parameters" => TrapKeys.Any(Asn.Algorithm("1.2.840.10045.2.1", Explicit()), good.Key.ToArray()),
            "no parameters" => TrapKeys.Any(Asn.Algorithm("1.2.840.10045.2.1"), good.Key.ToArray()),
            "unknown curve" => TrapKeys.Any(Asn.Algorithm("1.2.840.10045.2.1", Asn.Oid("1.2.3")), good.Key.ToArray()),
            "point off the curve" => TrapKeys.Any(Asn.Algorithm("1.2.840.10045.2.1", Asn.Oid("1.2.840.10045.3.1.7")), off),
            _ => TrapKeys.Any(Asn.Algorithm("1.2.840.10045.2.1", Asn.Oid("1.2.840.10045.3.1.7")), [0]),
        };
        SignerVerdict verdict = Read(key, new ForgedSigner().SignWithKey, Asn.Algorithm("1.2.840.10045.4.3.2"));
        Assert.Equal("1.2.840.10045.2.1", Assert.IsType<SignerVerdict.Unsupported>(verdict).Oid);
    }

    [Theory]
    [InlineData("30 06 0201 00 0201 00")]                 // r = s = 0, CVE-2022-21449
    [InlineData("30 06 0201 01 0201 00")]
    [InlineData("30 06 0201 FF 0201 01")]                 // negative
    [InlineData("30 00")]
    [InlineData("")]
    [InlineData("30 80 0201 01 0201 01 0000")]            // not DER
    [InlineData("30 09 0201 01 0201 01 0201 01")]         // a third number
    [InlineData("30 26 0221 00 FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 0201 01")] // r = n
    [Trait("Requirement", "R3369-5.3-n")]
    [Trait("Kind", "negative")]
    public void Verify_EcdsaSignatureThatIsAGame_IsAMismatch(string signature) =>
        AssertMismatch(new ForgedSigner { Sign = _ => Asn.Hex(signature) });

    [Theory]
    [InlineData("trailing octet")]
    [InlineData("huge")]
    [Trait("Kind", "negative")]
    public void Verify_EcdsaSignatureWithMore_IsAMismatch(string more) => AssertMismatch(new ForgedSigner
    {
        Sign = input => more == "huge" ? Asn.Sequence(Asn.Tagged(0x02, [1], new byte[100_000]), Asn.Number(1))
            : [.. new ForgedSigner().SignWithKey(input), 0],
    });

    [Theory]
    [InlineData("empty")]
    [InlineData("zero")]
    [InlineData("one")]
    [InlineData("short")]
    [InlineData("long")]
    [InlineData("modulus more")]
    [InlineData("huge")]
    [Trait("Requirement", "R3369-5.3-n")]
    [Trait("Requirement", "R3370-3.2-g")]
    [Trait("Kind", "negative")]
    public void Verify_RsaSignatureThatIsAGame_IsAMismatch(string game)
    {
        var signer = new ForgedSigner { Identity = TestIdentity.Rsa };
        byte[] modulus = ((RSA)TestIdentity.Rsa.Key).ExportParameters(false).Modulus!;
        AssertMismatch(signer with
        {
            Sign = input => game switch
            {
                "empty" => [],
                "zero" => new byte[256],
                "one" => [.. new byte[255], 1],
                "short" => signer.SignWithKey(input)[1..],
                "long" => [0, .. signer.SignWithKey(input)],
                "huge" => new byte[100_000],
                _ => Add(signer.SignWithKey(input), modulus),
            },
        });
    }

    [Theory]
    [InlineData("garbage behind the digest")]            // Bleichenbacher 2006, CVE-2006-4339
    [InlineData("garbage in the parameters")]
    [InlineData("digest identifier without parameters")] // CVE-2026-12860
    [Trait("Requirement", "R3370-3.2-h")]
    [Trait("Kind", "negative")]
    public void Verify_CubeRootForgery_IsAMismatch(string forgery)
    {
        byte[] modulus = RandomNumberGenerator.GetBytes(256);
        modulus[0] |= 0xC0;
        modulus[^1] |= 1;
        SignerVerdict verdict = Read(TrapKeys.Rsa(modulus, [3]), input =>
        {
            byte[] hash = SHA256.HashData(input);
            byte[] start = forgery switch
            {
                "garbage behind the digest" => [0x00, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, .. _digestInfo, .. hash],
                "garbage in the parameters" => [0x00, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, .. Asn.Hex("3081F0 3081CB 0609608648016503040201 0481BD")],
                _ => [0x00, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, .. Asn.Hex("302F300B06096086480165030402010420"), .. hash],
            };
            return CubeRoot([.. start, .. new byte[256 - start.Length]]);
        });
        Assert.IsType<SignerVerdict.SignatureMismatch>(verdict);
    }

    private static SignerVerdict Read(PublicKey key, Func<byte[], byte[]> sign, byte[]? algorithm = null)
    {
        var identity = new TestIdentity(TestAuthority.Issue("mallory", key), TestIdentity.P256.Key);
        return SignedMessage.Read(new ForgedMessage
        {
            Signers = [new ForgedSigner { Identity = identity, SignatureIdentifier = algorithm ?? _rsaSha256, Sign = sign }],
        }).Verdict;
    }

    private static void AssertMismatch(ForgedSigner signer) =>
        Assert.IsType<SignerVerdict.SignatureMismatch>(SignedMessage.Read(new ForgedMessage { Signers = [signer] }).Verdict);

    // EMSA-PKCS1-v1_5, RFC 8017 §9.2.
    private static byte[] Pad(byte[] input, int size)
    {
        byte[] info = [.. _digestInfo, .. SHA256.HashData(input)];
        return [0x00, 0x01, .. Enumerable.Repeat((byte)0xFF, size - info.Length - 3), 0x00, .. info];
    }

    private static byte[] Add(byte[] signature, byte[] modulus)
    {
        BigInteger sum = new BigInteger(signature, isUnsigned: true, isBigEndian: true) + new BigInteger(modulus, isUnsigned: true, isBigEndian: true);
        byte[] octets = sum.ToByteArray(isUnsigned: true, isBigEndian: true);
        return octets.Length == 256 ? octets : octets[^256..];
    }

    // The smallest number whose cube is not below: its cube begins with the block.
    private static byte[] CubeRoot(byte[] block)
    {
        var wanted = new BigInteger(block, isUnsigned: true, isBigEndian: true);
        BigInteger low = 0;
        BigInteger high = BigInteger.One << 700;
        while (low < high)
        {
            BigInteger middle = (low + high) >> 1;
            (low, high) = middle * middle * middle < wanted ? (middle + 1, high) : (low, middle);
        }

        byte[] root = low.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[256 - root.Length], .. root];
    }

    // The parameters of P-256 spelled out, with another base point: CVE-2020-0601.
    private static byte[] Explicit()
    {
        ECParameters curve = ((ECDsa)TestIdentity.P256.Key).ExportExplicitParameters(false);
        return Asn.Sequence(
            Asn.Number(1),
            Asn.Sequence(Asn.Oid("1.2.840.10045.1.1"), Asn.Write(w => w.WriteIntegerUnsigned(curve.Curve.Prime))),
            Asn.Sequence(Asn.OctetString(curve.Curve.A!), Asn.OctetString(curve.Curve.B!)),
            Asn.OctetString([0x04, .. curve.Q.X!, .. curve.Q.Y!]),
            Asn.Write(w => w.WriteIntegerUnsigned(curve.Curve.Order)),
            Asn.Number(1));
    }
}
