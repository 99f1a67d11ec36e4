using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>Those to whom the tests encrypt.</summary>
public static class Recipients
{
    private static readonly Lazy<TestIdentity> _other = new(CreateOther);

    public static TestIdentity Rsa => RecipientRow.IdentityOf("rsa");

    public static TestIdentity P256 => RecipientRow.IdentityOf("p256");

    /// <summary>Gets the second of several recipients. No peer ever gets this key.</summary>
    public static TestIdentity Other => _other.Value;

    private static TestIdentity CreateOther()
    {
        RSA key = RSA.Create(2048);
        return new TestIdentity(TestAuthority.Issue("to-other", key, usages: X509KeyUsageFlags.KeyEncipherment), key);
    }
}
