using System.Collections.Immutable;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>One parameter set of ML-KEM, FIPS 203: keys RFC 9935, use in CMS RFC 9936.</summary>
/// <remarks>
/// Public keys have 800, 1184 and 1568 bytes, ciphertexts 768, 1088 and 1568, shared secrets 32. The base library computes where it can
/// on this platform, Bouncy Castle elsewhere.
/// </remarks>
public sealed class MLKemParameterSet
{
    /// <summary>The size in bytes of what both sides share.</summary>
    internal const int SecretSize = 32;

    private MLKemParameterSet(string oid, string name, int publicKeySize, int ciphertextSize, MLKemParameters managed, MLKemAlgorithm native)
    {
        Oid = oid;
        Name = name;
        PublicKeySize = publicKeySize;
        CiphertextSize = ciphertextSize;
        Managed = managed;
        Native = native;
    }

    /// <summary>Gets ML-KEM-512.</summary>
    public static MLKemParameterSet MLKem512 { get; } =
        new(Oids.MLKem512, "ml-kem-512", 800, 768, MLKemParameters.ml_kem_512, MLKemAlgorithm.MLKem512);

    /// <summary>Gets ML-KEM-768.</summary>
    public static MLKemParameterSet MLKem768 { get; } =
        new(Oids.MLKem768, "ml-kem-768", 1184, 1088, MLKemParameters.ml_kem_768, MLKemAlgorithm.MLKem768);

    /// <summary>Gets ML-KEM-1024.</summary>
    public static MLKemParameterSet MLKem1024 { get; } =
        new(Oids.MLKem1024, "ml-kem-1024", 1568, 1568, MLKemParameters.ml_kem_1024, MLKemAlgorithm.MLKem1024);

    /// <summary>Gets the parameter sets.</summary>
    public static ImmutableArray<MLKemParameterSet> All { get; } = [MLKem512, MLKem768, MLKem1024];

    /// <summary>Gets the object identifier in dotted form, of keys and of the mechanism.</summary>
    public string Oid { get; }

    /// <summary>Gets the name for people: <c>ml-kem-768</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the size of a public key in bytes.</summary>
    public int PublicKeySize { get; }

    /// <summary>Gets the size of a ciphertext in bytes.</summary>
    public int CiphertextSize { get; }

    internal MLKemParameters Managed { get; }

    internal MLKemAlgorithm Native { get; }

    /// <summary>Finds a parameter set by its identifier.</summary>
    /// <param name="oid">The object identifier in dotted form.</param>
    /// <returns>The parameter set, or null when it is none of ML-KEM.</returns>
    public static MLKemParameterSet? Find(string oid) => All.FirstOrDefault(s => s.Oid == oid);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Whether a key is one of this parameter set: raw octets, no parameters (R9935-4-a).</summary>
    internal bool Fits(SubjectPublicKeyInfo key) =>
        key.Algorithm.Oid == Oid && key.Algorithm.Parameters.IsEmpty && key.Key.Length == PublicKeySize;

    /// <summary>Makes a secret and its ciphertext for a public key; null when the key fails the checks of FIPS 203 §7.2.</summary>
    internal byte[]? Encapsulate(ReadOnlySpan<byte> publicKey, out byte[] ciphertext) => MLKem.IsSupported
        ? EncapsulateNative(publicKey, out ciphertext)
        : EncapsulateManaged(publicKey, out ciphertext);

    /// <summary>The operation by the base library.</summary>
    internal byte[]? EncapsulateNative(ReadOnlySpan<byte> publicKey, out byte[] ciphertext)
    {
        ciphertext = [];
        try
        {
            using MLKem key = MLKem.ImportEncapsulationKey(Native, publicKey);
            key.Encapsulate(out ciphertext, out byte[] secret);
            return secret;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The operation by Bouncy Castle.</summary>
    internal byte[]? EncapsulateManaged(ReadOnlySpan<byte> publicKey, out byte[] ciphertext) =>
        EncapsulateManaged(publicKey, new SecureRandom(), out ciphertext);

    /// <summary>The operation by Bouncy Castle with a given source of randomness: for published vectors.</summary>
    internal byte[]? EncapsulateManaged(ReadOnlySpan<byte> publicKey, SecureRandom random, out byte[] ciphertext)
    {
        ciphertext = [];
        try
        {
            var encapsulator = new MLKemEncapsulator(Managed);
            encapsulator.Init(new ParametersWithRandom(MLKemPublicKeyParameters.FromEncoding(Managed, publicKey.ToArray()), random));
            byte[] secret = new byte[encapsulator.SecretLength];
            ciphertext = new byte[encapsulator.EncapsulationLength];
            encapsulator.Encapsulate(ciphertext, 0, ciphertext.Length, secret, 0, secret.Length);
            return secret;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
