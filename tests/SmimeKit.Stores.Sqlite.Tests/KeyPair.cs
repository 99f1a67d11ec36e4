using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Stores.Sqlite.Tests;

/// <summary>A certificate with its private key in the clear.</summary>
internal sealed record KeyPair(Certificate Certificate, byte[] Pkcs8)
{
    internal static KeyPair Ec(string address = "alice@example.com", X509KeyUsageFlags usage = X509KeyUsageFlags.None)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Key holder", key, HashAlgorithmName.SHA256);
        return Make(request, X509SignatureGenerator.CreateForECDsa(key), key, address, usage);
    }

    internal static KeyPair Rsa(string address = "alice@example.com", X509KeyUsageFlags usage = X509KeyUsageFlags.None)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Key holder", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var signer = X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1);
        return Make(request, signer, key, address, usage);
    }

    /// <summary>Issues a certificate from another key.</summary>
    internal static KeyPair IssuedBy(KeyPair? issuer, string name, bool isAuthority)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa issuerKey = ECDsa.Create();
        issuerKey.ImportPkcs8PrivateKey(issuer?.Pkcs8 ?? key.ExportPkcs8PrivateKey(), out _);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        var issuerName = issuer is null ? request.SubjectName : new X500DistinguishedName(issuer.Certificate.Subject.RawData.Span);
        using X509Certificate2 certificate = request.Create(
            issuerName,
            X509SignatureGenerator.CreateForECDsa(issuerKey),
            Epoch,
            Epoch.AddDays(1),
            [0x40, .. RandomNumberGenerator.GetBytes(8)]);
        return new KeyPair(Certificate.FromX509Certificate2(certificate), key.ExportPkcs8PrivateKey());
    }

    /// <summary>Signs with a handle and checks the signature with the certificate.</summary>
    internal static async Task<bool> WorksAsync(ISigningKey key)
    {
        SignatureAlgorithm algorithm = SignatureAlgorithm.ForKey(key.Certificate.PublicKey, DigestAlgorithm.Sha256)!;
        byte[] digest = SHA256.HashData("message"u8);
        byte[] signature = await key.SignAsync(algorithm, digest);
        return algorithm.Verify(key.Certificate.PublicKey, digest, DigestAlgorithm.Sha256, signature) == SignatureCheck.Match;
    }

    private static KeyPair Make(
        CertificateRequest request, X509SignatureGenerator signer, AsymmetricAlgorithm key, string address, X509KeyUsageFlags usage)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        if (usage != X509KeyUsageFlags.None)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        }

        using X509Certificate2 certificate = request.Create(
            request.SubjectName, signer, Epoch, Epoch.AddDays(1), [0x40, .. RandomNumberGenerator.GetBytes(8)]);
        return new KeyPair(Certificate.FromX509Certificate2(certificate), key.ExportPkcs8PrivateKey());
    }
}
