using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Keys;

/// <summary>Self-signed certificates for keys, and the vectors of Project Wycheproof.</summary>
internal static class KeyCertificates
{
    // Made once: what the tests need is keys, not their making.
    private static readonly Lazy<byte[]>[] _rsaKeys = [new(NewRsa), new(NewRsa)];

    private static readonly DateTimeOffset _from = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One of two RSA keys of 2048 bits, in an object of its own.</summary>
    internal static RSA Rsa(int which = 0)
    {
        RSA rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(_rsaKeys[which].Value, out _);
        return rsa;
    }

    internal static Certificate For(RSA key) =>
        Make(new CertificateRequest("CN=Test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    internal static Certificate For(ECDsa key) => Make(new CertificateRequest("CN=Test", key, HashAlgorithmName.SHA256));

    internal static Certificate For(ECDiffieHellman key)
    {
        using ECDsa signer = ECDsa.Create(key.ExportParameters(includePrivateParameters: true));
        return For(signer);
    }

    /// <summary>A certificate for a public key whose identifier the base library does not write. Its signature is nonsense.</summary>
    internal static Certificate For(SubjectPublicKeyInfo key)
    {
        using ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedName("CN=Test");
        var publicKey = PublicKey.CreateFromSubjectPublicKeyInfo(key.RawData.Span, out _);
        var request = new CertificateRequest(name, publicKey, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.Create(
            name, X509SignatureGenerator.CreateForECDsa(signer), _from, _from.AddDays(1), [1]);
        return Certificate.FromX509Certificate2(certificate);
    }

    /// <summary>The same key under another algorithm identifier.</summary>
    internal static Certificate Under(string oid, RSA key)
    {
        SubjectPublicKeyInfo plain = For(key).PublicKey;
        return For(SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(oid), plain.Key.Span));
    }

    internal static JsonElement Wycheproof(string file)
    {
        using JsonDocument json = JsonDocument.Parse(Vectors.Read($"wycheproof/{file}"));
        return json.RootElement.GetProperty("testGroups").Clone();
    }

    internal static byte[] Hex(this JsonElement element, string name) =>
        Convert.FromHexString(element.GetProperty(name).GetString()!);

    private static byte[] NewRsa()
    {
        using RSA rsa = RSA.Create(2048);
        return rsa.ExportRSAPrivateKey();
    }

    private static Certificate Make(CertificateRequest request)
    {
        using X509Certificate2 certificate = request.CreateSelfSigned(_from, _from.AddDays(1));
        return Certificate.FromX509Certificate2(certificate);
    }
}
