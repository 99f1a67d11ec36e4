using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using SmimeKit.Certificates;
using BcCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace SmimeKit.Benchmarks;

/// <summary>Somebody with a signing and an encryption certificate of one issuer, in the form that each contestant wants.</summary>
internal sealed class Person
{
    private static readonly DateTimeOffset _from = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _to = new(2036, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private Person(string address, Issuer issuer, X509Certificate2 signing, X509Certificate2 encryption)
    {
        Address = address;
        Issuer = issuer;
        Signing = signing;
        Encryption = encryption;
        SigningKey = SigningKey.FromX509Certificate2(signing);
        DecryptionKey = DecryptionKey.FromX509Certificate2(encryption);
        BcSigning = new BcCertificate(signing.RawData);
        BcEncryption = new BcCertificate(encryption.RawData);
        BcSigningKey = ToBouncyCastle(signing);
        BcEncryptionKey = ToBouncyCastle(encryption);
    }

    /// <summary>Gets an instant at which all certificates are valid.</summary>
    internal static DateTimeOffset Now { get; } = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    internal string Address { get; }

    internal Issuer Issuer { get; }

    internal X509Certificate2 Signing { get; }

    internal X509Certificate2 Encryption { get; }

    internal SigningKey SigningKey { get; }

    internal DecryptionKey DecryptionKey { get; }

    internal BcCertificate BcSigning { get; }

    internal BcCertificate BcEncryption { get; }

    internal AsymmetricKeyParameter BcSigningKey { get; }

    internal AsymmetricKeyParameter BcEncryptionKey { get; }

    internal bool IsRsa => SigningKey.Certificate.PublicKey.IsRsa;

    internal static Person Create(string address, bool rsa)
    {
        Issuer issuer = Issuer.CreateRoot(rsa);
        return new Person(
            address,
            issuer,
            issuer.Issue(address, X509KeyUsageFlags.DigitalSignature, _from, _to),
            issuer.Issue(address, rsa ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.KeyAgreement, _from, _to));
    }

    internal static AsymmetricKeyParameter ToBouncyCastle(X509Certificate2 certificate) => PrivateKeyFactory.CreateKey(Export(certificate));

    private static byte[] Export(X509Certificate2 certificate) =>
        ((AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey() ?? (AsymmetricAlgorithm)certificate.GetECDiffieHellmanPrivateKey()!)
            .ExportPkcs8PrivateKey();
}
