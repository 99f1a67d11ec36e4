using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>Those to whom the tests encrypt.</summary>
public static class Recipients
{
    private static readonly Lazy<TestIdentity> _rsa = new(() => Create("to-rsa", RSA.Create(2048)));
    private static readonly Lazy<TestIdentity> _other = new(() => Create("to-other", RSA.Create(2048)));
    private static readonly Lazy<TestIdentity> _p256 = new(() => Create("to-p256", ECDsa.Create(ECCurve.NamedCurves.nistP256)));
    private static readonly Lazy<TestIdentity> _p384 = new(() => Create("to-p384", ECDsa.Create(ECCurve.NamedCurves.nistP384)));
    private static readonly Lazy<TestIdentity> _p521 = new(() => Create("to-p521", ECDsa.Create(ECCurve.NamedCurves.nistP521)));

    public static TestIdentity Rsa => _rsa.Value;

    /// <summary>Gets the second of several recipients. No peer ever gets this key.</summary>
    public static TestIdentity Other => _other.Value;

    public static TestIdentity P256 => _p256.Value;

    public static TestIdentity P384 => _p384.Value;

    public static TestIdentity P521 => _p521.Value;

    // With digitalSignature as well: the base library makes no PKCS #12 file of a certificate that is for key agreement only.
    private static TestIdentity Create(string name, AsymmetricAlgorithm key)
    {
        X509KeyUsageFlags usage = key is RSA ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.KeyAgreement;
        return new TestIdentity(TestAuthority.Issue(name, key, usages: usage | X509KeyUsageFlags.DigitalSignature), key);
    }
}
