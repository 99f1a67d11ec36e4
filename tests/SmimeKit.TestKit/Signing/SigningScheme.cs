using SmimeKit.Certificates;

namespace SmimeKit.TestKit.Signing;

/// <summary>One way to sign: a key and a digest.</summary>
public sealed record SigningScheme(string Name, Func<TestIdentity> Signer, DigestAlgorithm Digest, bool Pss = false)
{
    /// <summary>The registry: one line buys every test of <see cref="SigningCases"/>.</summary>
    public static IReadOnlyList<SigningScheme> All { get; } =
    [
        new("rsa-sha256", () => TestIdentity.Rsa, DigestAlgorithm.Sha256),
        new("rsa-sha384", () => TestIdentity.Rsa, DigestAlgorithm.Sha384),
        new("rsa-sha512", () => TestIdentity.Rsa, DigestAlgorithm.Sha512),
        new("pss-sha256", () => TestIdentity.Rsa, DigestAlgorithm.Sha256, Pss: true),
        new("pss-sha384", () => TestIdentity.Rsa, DigestAlgorithm.Sha384, Pss: true),
        new("pss-sha512", () => TestIdentity.Rsa, DigestAlgorithm.Sha512, Pss: true),
        new("ecdsa-p256", () => TestIdentity.P256, DigestAlgorithm.Sha256),
        new("ecdsa-p384", () => TestIdentity.P384, DigestAlgorithm.Sha384),
        new("ecdsa-p521", () => TestIdentity.P521, DigestAlgorithm.Sha512),
    ];

    /// <summary>Gets the obsolete scheme, which is read by the legacy policy only and never written.</summary>
    public static SigningScheme Sha1 { get; } = new("rsa-sha1", () => TestIdentity.Rsa, DigestAlgorithm.Sha1);

    public bool IsRsa => Name.StartsWith("rsa", StringComparison.Ordinal);

    public bool IsEcdsa => Name.StartsWith("ecdsa", StringComparison.Ordinal);

    /// <summary>
    /// Gets the distance between the offsets that tests visit: the large curves cost a millisecond a message, and how a message is
    /// parsed does not depend on them.
    /// </summary>
    public int Stride => !LongTests.Enabled && Name is "ecdsa-p384" or "ecdsa-p521" ? 7 : 1;

    public override string ToString() => Name;
}
