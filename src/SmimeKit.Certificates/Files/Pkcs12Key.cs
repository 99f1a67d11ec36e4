using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>A private key that its owner wants in a PKCS #12 file.</summary>
/// <param name="Certificate">The certificate of the key.</param>
/// <param name="Key">The key, exportable; stays the caller's.</param>
/// <param name="FriendlyName">The name that programs show, or null.</param>
public sealed record Pkcs12Key(Certificate Certificate, AsymmetricAlgorithm Key, string? FriendlyName = null);
