using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Pqc.Crypto.Lms;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace SmimeKit.TestKit.Keys;

/// <summary>A new key of any kind, in its two standard encodings.</summary>
/// <param name="Pkcs8">The private key, RFC 5958.</param>
/// <param name="PublicKey">The SubjectPublicKeyInfo.</param>
public sealed record KeyPair(byte[] Pkcs8, byte[] PublicKey)
{
    // One line a kind. What the base library makes is made by it: other programs have an easier time with its encodings.
    private static readonly Dictionary<string, Func<KeyPair>> _kinds = new()
    {
        ["rsa"] = () => Rsa(2048),
        ["rsa-3072"] = () => Rsa(3072),
        ["dsa"] = () => Export(DSA.Create(2048)),
        ["p224"] = () => Ec("1.3.132.0.33"),
        ["p256"] = () => Ec("1.2.840.10045.3.1.7"),
        ["p384"] = () => Ec("1.3.132.0.34"),
        ["p521"] = () => Ec("1.3.132.0.35"),
        ["brainpool-p256"] = () => Ec("1.3.36.3.3.2.8.1.1.7"),
        ["brainpool-p384"] = () => Ec("1.3.36.3.3.2.8.1.1.11"),
        ["brainpool-p512"] = () => Ec("1.3.36.3.3.2.8.1.1.13"),
        ["ed25519"] = () => Make(new Ed25519KeyPairGenerator(), new Ed25519KeyGenerationParameters(_random)),
        ["ed448"] = () => Make(new Ed448KeyPairGenerator(), new Ed448KeyGenerationParameters(_random)),
        ["x25519"] = () => Make(new X25519KeyPairGenerator(), new X25519KeyGenerationParameters(_random)),
        ["x448"] = () => Make(new X448KeyPairGenerator(), new X448KeyGenerationParameters(_random)),
        ["dh"] = () => Export(RawKey.DiffieHellman()),
        ["ml-dsa-44"] = () => MLDsa(MLDsaParameters.ml_dsa_44),
        ["ml-dsa-65"] = () => MLDsa(MLDsaParameters.ml_dsa_65),
        ["ml-dsa-87"] = () => MLDsa(MLDsaParameters.ml_dsa_87),
        ["ml-kem-512"] = () => MLKem(MLKemParameters.ml_kem_512),
        ["ml-kem-768"] = () => MLKem(MLKemParameters.ml_kem_768),
        ["ml-kem-1024"] = () => MLKem(MLKemParameters.ml_kem_1024),
        ["slh-dsa-sha2-128s"] = () => SlhDsa(SlhDsaParameters.slh_dsa_sha2_128s),
        ["slh-dsa-sha2-128f"] = () => SlhDsa(SlhDsaParameters.slh_dsa_sha2_128f),
        ["slh-dsa-sha2-192s"] = () => SlhDsa(SlhDsaParameters.slh_dsa_sha2_192s),
        ["slh-dsa-sha2-192f"] = () => SlhDsa(SlhDsaParameters.slh_dsa_sha2_192f),
        ["slh-dsa-sha2-256s"] = () => SlhDsa(SlhDsaParameters.slh_dsa_sha2_256s),
        ["slh-dsa-sha2-256f"] = () => SlhDsa(SlhDsaParameters.slh_dsa_sha2_256f),
        ["slh-dsa-shake-128s"] = () => SlhDsa(SlhDsaParameters.slh_dsa_shake_128s),
        ["slh-dsa-shake-128f"] = () => SlhDsa(SlhDsaParameters.slh_dsa_shake_128f),
        ["slh-dsa-shake-192s"] = () => SlhDsa(SlhDsaParameters.slh_dsa_shake_192s),
        ["slh-dsa-shake-192f"] = () => SlhDsa(SlhDsaParameters.slh_dsa_shake_192f),
        ["slh-dsa-shake-256s"] = () => SlhDsa(SlhDsaParameters.slh_dsa_shake_256s),
        ["slh-dsa-shake-256f"] = () => SlhDsa(SlhDsaParameters.slh_dsa_shake_256f),
        ["hss-lms-sha256"] = () => HssKey.Make(
            new LmsParameters(LMSigParameters.lms_sha256_n32_h5, LMOtsParameters.sha256_n32_w4),
            new LmsParameters(LMSigParameters.lms_sha256_n32_h5, LMOtsParameters.sha256_n32_w4)),
        ["hss-lms-shake256"] = () => HssKey.Make(new LmsParameters(LMSigParameters.lms_shake256_n24_h10, LMOtsParameters.shake256_n24_w4)),
    };

    private static readonly SecureRandom _random = new();

    /// <summary>Gets the kinds.</summary>
    public static IReadOnlyCollection<string> Kinds => _kinds.Keys;

    /// <summary>Makes a key.</summary>
    /// <param name="kind">The kind: <c>rsa</c>, <c>p256</c>, <c>ed25519</c>, <c>ml-kem-768</c>, …</param>
    public static KeyPair Make(string kind) => _kinds[kind]();

    private static KeyPair Rsa(int bits) => Export(RSA.Create(bits));

    private static KeyPair Ec(string oid) => Export(ECDsa.Create(ECCurve.CreateFromOid(new Oid(oid))));

    private static KeyPair MLDsa(MLDsaParameters parameters) => Make(new MLDsaKeyPairGenerator(), new MLDsaKeyGenerationParameters(_random, parameters));

    private static KeyPair MLKem(MLKemParameters parameters) => Make(new MLKemKeyPairGenerator(), new MLKemKeyGenerationParameters(_random, parameters));

    private static KeyPair SlhDsa(SlhDsaParameters parameters) => Make(new SlhDsaKeyPairGenerator(), new SlhDsaKeyGenerationParameters(_random, parameters));

    private static KeyPair Export(AsymmetricAlgorithm key)
    {
        using (key)
        {
            return new KeyPair(key.ExportPkcs8PrivateKey(), key.ExportSubjectPublicKeyInfo());
        }
    }

    private static KeyPair Make(IAsymmetricCipherKeyPairGenerator generator, KeyGenerationParameters parameters)
    {
        generator.Init(parameters);
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        return new KeyPair(
            PrivateKeyInfoFactory.CreatePrivateKeyInfo(pair.Private).GetEncoded(),
            SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetEncoded());
    }
}
