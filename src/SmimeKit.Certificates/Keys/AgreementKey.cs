using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A private key that agrees on secrets, in whatever form it does so. One class a family decides how; nobody else knows which.</summary>
internal abstract class AgreementKey : IDisposable
{
    /// <summary>The public half as <see cref="PublicKeyMatch.Normalize"/> writes it.</summary>
    internal abstract SubjectPublicKeyInfo GetPublicKey();

    /// <summary>Agrees with the owner of another key.</summary>
    /// <param name="other">The other key, as <see cref="AgreementGroup.Complete(SubjectPublicKeyInfo)"/> has made it for the group of this one.</param>
    /// <returns>The secret, as long as the group makes all of them, which the caller wipes; null when the other key is not usable.</returns>
    internal abstract byte[]? Agree(SubjectPublicKeyInfo other);

    public abstract void Dispose();

    /// <summary>Opens a key from a file.</summary>
    /// <exception cref="MalformedDataException">The key is malformed.</exception>
    internal static AgreementKey Open(PrivateKeyMaterial material) => material switch
    {
        { IsEc: true } => EllipticGroup.Open(material),
        { Oid: Oids.DhPublicNumber } => DiffieHellmanKey.FromMaterial(material),
        _ when MontgomeryGroup.Find(material.Oid) is { } group => MontgomeryKey.FromMaterial(group, material),
        _ => throw new UnsupportedAlgorithmException(material.Oid, "Private keys of this kind are not supported."),
    };

    /// <summary>A secret of the size that the key derivation wants (R2631-2.1.1-a, R5753-7.2-b).</summary>
    private protected static byte[] LeftPad(byte[] secret, int size)
    {
        if (secret.Length >= size)
        {
            return secret;
        }

        byte[] padded = new byte[size];
        secret.CopyTo(padded, size - secret.Length);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
        return padded;
    }
}
