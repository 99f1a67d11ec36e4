using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Algorithms;

/// <summary>Project Wycheproof: every signature file of the collection, through the schemes as certificates and messages name them.</summary>
public sealed class WycheproofSignatureTests
{
    // "acceptable" is what other verifiers admit for old time's sake: DigestInfo without NULL, integers that are not DER. None is admitted here.
    private static readonly string[] _files =
    [
        "dsa_2048_256_sha256_test",
        "ecdsa_brainpoolP256r1_sha256_test", "ecdsa_brainpoolP384r1_sha384_test", "ecdsa_brainpoolP512r1_sha512_test",
        "ecdsa_secp256r1_sha256_test", "ecdsa_secp256r1_sha512_test", "ecdsa_secp384r1_sha256_test", "ecdsa_secp384r1_sha384_test",
        "ecdsa_secp384r1_sha512_test", "ecdsa_secp521r1_sha512_test",
        "ed25519_test", "ed448_test",
        "mldsa_44_verify_test", "mldsa_65_verify_test", "mldsa_87_verify_test",
        "rsa_pss_2048_sha1_mgf1_20_params_test", "rsa_pss_2048_sha1_mgf1_20_test", "rsa_pss_2048_sha256_mgf1_0_params_test",
        "rsa_pss_2048_sha256_mgf1_0_test", "rsa_pss_2048_sha256_mgf1_32_params_test", "rsa_pss_2048_sha256_mgf1_32_test",
        "rsa_pss_2048_sha256_mgf1sha1_20_test", "rsa_pss_2048_sha384_mgf1_48_test", "rsa_pss_2048_sha512_mgf1sha256_32_params_test",
        "rsa_pss_3072_sha256_mgf1_32_test", "rsa_pss_4096_sha256_mgf1_32_test", "rsa_pss_4096_sha384_mgf1_48_test",
        "rsa_pss_4096_sha512_mgf1_64_test",
        "rsa_signature_2048_sha224_test", "rsa_signature_2048_sha256_test", "rsa_signature_2048_sha384_test", "rsa_signature_2048_sha512_test",
        "rsa_signature_3072_sha256_test", "rsa_signature_3072_sha384_test", "rsa_signature_3072_sha512_test",
        "rsa_signature_4096_sha256_test", "rsa_signature_4096_sha512_test",
    ];

    public static TheoryData<string> Files { get; } = [.. _files];

    [Theory]
    [MemberData(nameof(Files))]
    [Trait("Requirement", "R3370-3.1-f")]
    [Trait("Requirement", "R3370-3.2-g")]
    [Trait("Requirement", "R3370-3.2-h")]
    [Trait("Requirement", "R4056-3-g")]
    [Trait("Requirement", "R5753-2.1.1-b")]
    [Trait("Requirement", "R9881-4-a")]
    public void Verify_EveryTestOfAFile_AgreesWithItsResult(string file)
    {
        int count = 0;
        foreach ((JsonElement group, JsonElement test) in Read(file))
        {
            if (test.TryGetProperty("ctx", out JsonElement context) && context.GetString()!.Length > 0)
            {
                continue; // the context is empty in CMS (R9882-3.2-a)
            }

            count++;
            SignatureCheck result = FindKey(file, group) is { } key
                ? FindScheme(group, key).VerifyMessage(key, Octets(test, "msg"), Octets(test, "sig"))
                : SignatureCheck.UnusableKey;
            bool valid = test.GetProperty("result").GetString() == "valid";
            Assert.True(valid == (result == SignatureCheck.Match), $"{test.GetProperty("tcId")} {test.GetProperty("comment")}: {result}");
        }

        Assert.True(count > 40);
    }

    [Fact]
    [Trait("Requirement", "R5754-2-c")]
    public async Task Sign_RsaPkcs1_GivesThePublishedOctets()
    {
        foreach ((JsonElement group, JsonElement test) in Read("rsa_pkcs1_2048_sig_gen_test"))
        {
            DigestAlgorithm? digest = DigestAlgorithm.FindByMicalg(group.GetProperty("sha").GetString()!);
            if (digest is null)
            {
                continue; // SHA-512/256 and SHA-512/224: no RFC of CMS names them
            }

            using SigningKey key = SigningKey.FromPkcs8(
                KeyVectors.CertificateFor(Octets(group, "keyDer")), Octets(group, "privateKeyPkcs8"));
            RsaPkcs1Signature scheme = RsaPkcs1Signature.Create(digest);
            Assert.Equal(Octets(test, "sig"), await key.SignAsync(scheme, scheme.GetInput(Octets(test, "msg"))));
        }
    }

    [Fact]
    [Trait("Requirement", "R9881-6-a")]
    [Trait("Requirement", "R9882-4-b")]
    public async Task Sign_MLDsaFromASeed_VerifiesAndDiffersEachTime()
    {
        foreach ((JsonElement group, JsonElement test) in Read("mldsa_44_sign_seed_test"))
        {
            if (test.GetProperty("result").GetString() != "valid" || !test.TryGetProperty("msg", out _) || !group.TryGetProperty("privateKeyPkcs8", out _))
            {
                continue; // external mu, which CMS has no use for; contexts that are too long
            }

            var publicKey = SubjectPublicKeyInfo.Create(MLDsaSignature.MLDsa44.Identifier, Octets(group, "publicKey"));
            using SigningKey key = SigningKey.FromPkcs8(KeyVectors.CertificateFor(publicKey.RawData.ToArray()), Octets(group, "privateKeyPkcs8"));
            byte[] message = Octets(test, "msg");
            byte[] one = await key.SignAsync(MLDsaSignature.MLDsa44, message);
            byte[] two = await key.SignAsync(MLDsaSignature.MLDsa44, message);
            Assert.NotEqual(one, two);
            Assert.Equal(SignatureCheck.Match, MLDsaSignature.MLDsa44.VerifyMessage(publicKey, message, one));
            Assert.Equal(SignatureCheck.Match, MLDsaSignature.MLDsa44.VerifyMessage(publicKey, message, two));
        }
    }

    private static IEnumerable<(JsonElement Group, JsonElement Test)> Read(string name)
    {
        using JsonDocument file = JsonDocument.Parse(Vectors.Read($"wycheproof/{name}.json"));
        foreach (JsonElement group in file.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                yield return (group, test);
            }
        }
    }

    private static byte[] Octets(JsonElement test, string member) => Convert.FromHexString(test.GetProperty(member).GetString()!);

    // Keys of ML-DSA may have any length there; the others come as SubjectPublicKeyInfo.
    private static SubjectPublicKeyInfo? FindKey(string file, JsonElement group) => file.StartsWith("mldsa", StringComparison.Ordinal)
        ? SubjectPublicKeyInfo.Create(MLDsaSignature.All.Single(s => file.Contains(s.Name[^2..], StringComparison.Ordinal)).Identifier, Octets(group, "publicKey"))
        : SubjectPublicKeyInfo.Decode(Octets(group, "publicKeyDer"));

    private static SignatureAlgorithm FindScheme(JsonElement group, SubjectPublicKeyInfo key)
    {
        DigestAlgorithm? digest = group.TryGetProperty("sha", out JsonElement sha) ? DigestAlgorithm.FindByMicalg(sha.GetString()!)! : null;
        if (group.TryGetProperty("mgfSha", out JsonElement mgf))
        {
            return RsaPssSignature.Create(digest!, DigestAlgorithm.FindByMicalg(mgf.GetString()!)!, group.GetProperty("sLen").GetInt32());
        }

        return SignatureAlgorithm.ForKey(key, digest)!;
    }
}
