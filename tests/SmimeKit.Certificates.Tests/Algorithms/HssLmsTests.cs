using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Pqc.Crypto.Lms;
using Org.BouncyCastle.Security;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Algorithms;

/// <summary>HSS/LMS signatures, RFC 8554 and SP 800-208: published, of Bouncy Castle, and hostile.</summary>
public sealed class HssLmsTests
{
    private const string Oid = "1.2.840.113549.1.9.16.3.17";

    private static readonly byte[] _publicKey = Convert.FromHexString(HssExample.PublicKey);
    private static readonly byte[] _message = Encoding.ASCII.GetBytes(HssExample.Message);
    private static readonly byte[] _signature = Convert.FromHexString(HssExample.Signature);
    private static readonly SignatureAlgorithm _scheme = SignatureAlgorithm.Resolve(new AlgorithmIdentifier(Oid))!;

    public static TheoryData<int, int> Types { get; } = [.. from tree in new[] { 5, 10, 15, 20 } from chain in Enumerable.Range(0, 4) select (tree, chain)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "R9708-5-b")]
    [Trait("Matrix", "hss-lms-sha256")]
    public void Verify_PublishedSignature_MatchesWithRawAndWithWrappedKey(bool wrapped)
    {
        SubjectPublicKeyInfo key = Key(wrapped ? Wrap(_publicKey) : _publicKey);
        Assert.Equal(SignatureCheck.Match, _scheme.VerifyMessage(key, _message, _signature));
        Assert.Equal(SignatureCheck.Mismatch, _scheme.VerifyMessage(key, _message.AsSpan(1), _signature));
        Assert.Null(_scheme.GetFixedSize(key));
    }

    [Theory]
    [InlineData("0500")]
    [InlineData("0400")]
    [Trait("Requirement", "R9708-3-a")]
    [Trait("Kind", "negative")]
    public void Parameters_OfKeyOrSignature_AreAbsent(string parameters)
    {
        var identifier = new AlgorithmIdentifier(Oid, Convert.FromHexString(parameters));
        Assert.Null(SignatureAlgorithm.Resolve(identifier));
        Assert.Equal(SignatureCheck.UnusableKey, _scheme.VerifyMessage(SubjectPublicKeyInfo.Create(identifier, _publicKey), _message, _signature));
        Assert.Empty(_scheme.Identifier.Parameters.ToArray());
    }

    [Theory]
    [MemberData(nameof(Types))]
    [Trait("Matrix", "hss-lms-sha256")]
    [Trait("Matrix", "hss-lms-shake256")]
    public void Verify_EveryFamilyAndWidth_MatchesWhatBouncyCastleSigns(int tree, int chain)
    {
        var parameters = new LmsParameters(
            LMSigParameters.GetParametersByID(tree), LMOtsParameters.GetParametersByID((((tree / 5) - 1) * 4) + 1 + chain));
        (SubjectPublicKeyInfo key, byte[] signature) = Sign(parameters);
        Assert.Equal(signature.Length, _scheme.GetFixedSize(key));
        Assert.Equal(SignatureCheck.Match, _scheme.VerifyMessage(key, _message, signature));
    }

    [Theory]
    [InlineData("5-3", SignatureCheck.Match)]
    [InlineData("5-3 6-4", SignatureCheck.Match)]                     // another height and width
    [InlineData("5-3 5-3 5-3 5-3 5-3 5-3 5-3 5-3", SignatureCheck.Match)]
    [InlineData("5-3 15-11", SignatureCheck.Mismatch)]                // SHA-256, then SHAKE256
    [InlineData("5-3 10-7", SignatureCheck.Mismatch)]                 // SHA-256, then SHA-256/192
    public void Verify_Levels_HaveOneHashFunction(string levels, SignatureCheck expected)
    {
        (SubjectPublicKeyInfo key, byte[] signature) = Sign([.. levels.Split(' ').Select(Level)]);
        Assert.Equal(expected, _scheme.VerifyMessage(key, _message, signature));
        Assert.Equal(levels.Contains(' ', StringComparison.Ordinal) ? null : signature.Length, _scheme.GetFixedSize(key));

        static LmsParameters Level(string types)
        {
            int[] numbers = [.. types.Split('-').Select(int.Parse)];
            return new LmsParameters(LMSigParameters.GetParametersByID(numbers[0]), LMOtsParameters.GetParametersByID(numbers[1]));
        }
    }

    [Fact]
    public void Verify_OctetsOfASignatureChanged_IsAMismatch()
    {
        SubjectPublicKeyInfo key = Key(_publicKey);
        for (int i = 0; i < _signature.Length; i += LongTests.Enabled ? 1 : 3) // of each field of four octets one at least
        {
            byte[] changed = [.. _signature];
            changed[i] ^= (byte)(1 << (i % 8));
            Assert.Equal(SignatureCheck.Mismatch, _scheme.VerifyMessage(key, _message, changed));
        }
    }

    [Fact]
    public void Verify_SignatureOfAnotherLength_IsAMismatch()
    {
        SubjectPublicKeyInfo key = Key(_publicKey);
        for (int length = 0; length < _signature.Length; length++)
        {
            Assert.Equal(SignatureCheck.Mismatch, _scheme.VerifyMessage(key, _message, _signature.AsSpan(0, length)));
        }

        Assert.Equal(SignatureCheck.Mismatch, _scheme.VerifyMessage(key, _message, [.. _signature, 0]));
    }

    [Fact]
    public void Verify_KeyWithAChangedOctet_IsNeverAMatch()
    {
        for (int i = 0; i < _publicKey.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. _publicKey];
                changed[i] ^= (byte)(1 << bit);
                SubjectPublicKeyInfo key = Key(changed);
                SignatureCheck expected = _scheme.Fits(key) ? SignatureCheck.Mismatch : SignatureCheck.UnusableKey;
                Assert.Equal(expected, _scheme.VerifyMessage(key, _message, _signature));
            }
        }
    }

    [Theory]
    [InlineData("no levels", "00000000 00000005 00000004")]
    [InlineData("nine levels", "00000009 00000005 00000004")]
    [InlineData("very many levels", "FFFFFFFF 00000005 00000004")]
    [InlineData("unknown tree", "00000002 00000004 00000004")]
    [InlineData("tree of another registry", "00000002 00000019 00000004")]
    [InlineData("unknown chains", "00000002 00000005 00000000")]
    [InlineData("chains of another registry", "00000002 00000005 00000011")]
    [InlineData("chains of another hash function", "00000002 00000005 0000000C")]
    [InlineData("chains of another size", "00000002 00000005 00000008")]
    [Trait("Kind", "negative")]
    public void Fits_KeyOfUnknownParameters_IsFalse(string what, string start)
    {
        SubjectPublicKeyInfo key = Key([.. Convert.FromHexString(start.Replace(" ", "", StringComparison.Ordinal)), .. _publicKey.AsSpan(12)]);
        Assert.False(_scheme.Fits(key), what);
        Assert.Equal(SignatureCheck.UnusableKey, _scheme.VerifyMessage(key, _message, _signature));
        Assert.Null(_scheme.GetFixedSize(key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0400")]
    [InlineData("0405 0000000200")]
    [InlineData("04FFFFFFFF")]
    [Trait("Kind", "negative")]
    public void Fits_KeyCutOff_IsFalse(string key) =>
        Assert.False(_scheme.Fits(Key(Convert.FromHexString(key.Replace(" ", "", StringComparison.Ordinal)))));

    [Fact]
    [Trait("Requirement", "R9708-5-a")]
    public void Digest_IsTheHashFunctionOfTheTree()
    {
        SubjectPublicKeyInfo shake = Sign(new LmsParameters(LMSigParameters.lms_shake256_n32_h5, LMOtsParameters.shake256_n32_w8)).Key;
        Assert.Equal(DigestAlgorithm.Sha256, _scheme.Specialize(Key(_publicKey)).ChooseDigest(signedAttributes: true));
        Assert.Equal(DigestAlgorithm.Shake256, _scheme.Specialize(shake).ChooseDigest(signedAttributes: true));
        foreach (DigestAlgorithm digest in DigestAlgorithm.BuiltIn)
        {
            Assert.Equal(digest == DigestAlgorithm.Sha256, _scheme.Specialize(Key(_publicKey)).IsPairedWith(digest, signedAttributes: true));
            Assert.Equal(digest == DigestAlgorithm.Shake256, _scheme.Specialize(shake).IsPairedWith(digest, signedAttributes: true));
        }
    }

    private static (SubjectPublicKeyInfo Key, byte[] Signature) Sign(params LmsParameters[] levels)
    {
        var generator = new HssKeyPairGenerator();
        generator.Init(new HssKeyGenerationParameters(levels, new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        var signer = new HssSigner();
        signer.Init(forSigning: true, pair.Private);
        return (Key(((HssPublicKeyParameters)pair.Public).GetEncoded()), signer.GenerateSignature(_message));
    }

    private static SubjectPublicKeyInfo Key(ReadOnlySpan<byte> octets) => SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(Oid), octets);

    private static byte[] Wrap(byte[] octets) => [0x04, (byte)octets.Length, .. octets];
}
