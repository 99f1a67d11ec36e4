using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeKit.Certificates;

/// <summary>An ML-KEM key from a file, checked as FIPS 203 §7.3 asks. Wiped when disposed.</summary>
internal sealed class MLKemPrivateKey : IDisposable
{
    private readonly byte[] _secret; // the seed, or the expanded key
    private bool _disposed;

    private MLKemPrivateKey(MLKemParameterSet set, byte[] secret, byte[] publicKey)
    {
        ParameterSet = set;
        _secret = secret;
        PublicKey = publicKey;
    }

    internal MLKemParameterSet ParameterSet { get; }

    /// <summary>The raw public key that belongs to the private one.</summary>
    internal byte[] PublicKey { get; }

    /// <exception cref="MalformedDataException">The key is malformed, or its parts do not belong together.</exception>
    internal static MLKemPrivateKey FromMaterial(MLKemParameterSet set, PrivateKeyMaterial material)
    {
        byte[]? secret = null;
        try
        {
            secret = MLKemKeys.Decode(set, material.PrivateKeyOctets());
            byte[] publicKey = MLKemKeys.Open(set, secret).GetPublicKeyEncoded();
            bool oneKey = material.PublicKey.IsEmpty || material.PublicKey.Span.SequenceEqual(publicKey); // RFC 5958 §2
            return oneKey && material.Parameters.IsEmpty && IsConsistent(set, secret, publicKey)
                ? new MLKemPrivateKey(set, secret, publicKey)
                : throw KeyFailure.Malformed();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or MalformedDataException)
        {
            CryptographicOperations.ZeroMemory(secret);
            throw KeyFailure.Malformed();
        }
    }

    /// <summary>Recovers the shared secret; a ciphertext of another key gives another secret (implicit rejection, FIPS 203 §6.3).</summary>
    internal byte[]? Decapsulate(ReadOnlySpan<byte> ciphertext)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(DecryptionKey));
        return ciphertext.Length != ParameterSet.CiphertextSize ? null
            : MLKem.IsSupported ? DecapsulateNative(ciphertext) : DecapsulateManaged(ciphertext);
    }

    /// <summary>The operation by the base library.</summary>
    internal byte[] DecapsulateNative(ReadOnlySpan<byte> ciphertext)
    {
        using MLKem key = _secret.Length == MLKemKeys.SeedSize
            ? MLKem.ImportPrivateSeed(ParameterSet.Native, _secret)
            : MLKem.ImportDecapsulationKey(ParameterSet.Native, _secret);
        return key.Decapsulate(ciphertext.ToArray());
    }

    /// <summary>The operation by Bouncy Castle.</summary>
    internal byte[] DecapsulateManaged(ReadOnlySpan<byte> ciphertext)
    {
        var decapsulator = new MLKemDecapsulator(ParameterSet.Managed);
        decapsulator.Init(MLKemKeys.Open(ParameterSet, _secret));
        byte[] secret = new byte[decapsulator.SecretLength];
        decapsulator.Decapsulate(ciphertext.ToArray(), 0, ciphertext.Length, secret, 0, secret.Length);
        return secret;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
    }

    // R9935-6-a: a round trip shows damage that the hash of the public key (FIPS 203 §7.3) does not cover.
    private static bool IsConsistent(MLKemParameterSet set, byte[] secret, byte[] publicKey)
    {
        if (set.EncapsulateManaged(publicKey, out byte[] ciphertext) is not { } expected)
        {
            return false;
        }

        using var key = new MLKemPrivateKey(set, [.. secret], publicKey);
        byte[] recovered = key.DecapsulateManaged(ciphertext);
        bool same = CryptographicOperations.FixedTimeEquals(expected, recovered);
        CryptographicOperations.ZeroMemory(expected);
        CryptographicOperations.ZeroMemory(recovered);
        return same;
    }
}
