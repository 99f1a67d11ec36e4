using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Pqc.Crypto.Lms;
using Org.BouncyCastle.Security;
using SmimeKit.Certificates;
using X509 = Org.BouncyCastle.Asn1.X509;

namespace SmimeKit.TestKit.Keys;

/// <summary>
/// A key of HSS/LMS as a caller may plug one in: Bouncy Castle signs, and its state lives as long as the object. For tests only; the state of
/// a real one survives the process.
/// </summary>
public sealed class HssKey : ISigningKey
{
    public const string Oid = "1.2.840.113549.1.9.16.3.17";

    private static readonly DerObjectIdentifier _oid = new(Oid);

    private readonly Lock _lock = new();
    private readonly HssSigner _signer = new();

    /// <summary>Opens a key that <see cref="Make"/> made.</summary>
    public HssKey(Certificate certificate, byte[] pkcs8)
    {
        Certificate = certificate;
        byte[] secret = ((Asn1OctetString)PrivateKeyInfo.GetInstance(pkcs8).ParsePrivateKey()).GetOctets();
        _signer.Init(forSigning: true, HssPrivateKeyParameters.GetInstance(secret, certificate.PublicKey.Key.ToArray()));
    }

    public Certificate Certificate { get; }

    public IReadOnlyList<Certificate> Chain => [];

    /// <summary>Makes a key with one tree a level.</summary>
    public static KeyPair Make(params LmsParameters[] levels)
    {
        var generator = new HssKeyPairGenerator();
        generator.Init(new HssKeyGenerationParameters(levels, new SecureRandom()));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        var algorithm = new X509.AlgorithmIdentifier(_oid);
        return new KeyPair(
            new PrivateKeyInfo(algorithm, new DerOctetString(((HssPrivateKeyParameters)pair.Private).GetEncoded())).GetDerEncoded(),
            new X509.SubjectPublicKeyInfo(algorithm, ((HssPublicKeyParameters)pair.Public).GetEncoded()).GetDerEncoded());
    }

    public ValueTask<byte[]> SignAsync(
        SignatureAlgorithm algorithm, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return new(_signer.GenerateSignature(input.ToArray()));
        }
    }
}
