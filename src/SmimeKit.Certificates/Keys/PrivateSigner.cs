using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A private key in whatever form signs with it. One class a home of keys decides how; nobody else knows which.</summary>
internal abstract class PrivateSigner : IDisposable
{
    /// <summary>The public half as <see cref="PublicKeyMatch.Normalize"/> writes it.</summary>
    internal abstract byte[] GetPublicKey();

    /// <summary>Signs a digest, or the message for schemes that sign it.</summary>
    internal abstract byte[] Sign(SubjectPublicKeyInfo publicKey, SignatureAlgorithm algorithm, ReadOnlySpan<byte> input);

    public abstract void Dispose();

    /// <summary>Opens a key from a file.</summary>
    internal static PrivateSigner Open(PrivateKeyMaterial material) => material switch
    {
        { IsRsa: true } => NativePrivateSigner.FromRsa(material),
        { IsEc: true } => material.TryCreateEcdsa() is { } ecdsa ? new NativePrivateSigner(ecdsa, ownsKey: true) : EcPrivateSigner.FromMaterial(material),
        { Oid: Oids.Dsa } => DsaPrivateSigner.FromMaterial(material),
        _ when MessageSignature.Find(material.Oid) is { } scheme => MessagePrivateSigner.FromMaterial(scheme, material),
        _ => throw new UnsupportedAlgorithmException(material.Oid, "Private keys of this kind are not supported."),
    };

    private protected static UnsupportedAlgorithmException Unsupported(SignatureAlgorithm algorithm) =>
        new(algorithm.Identifier.Oid, "The private key cannot sign with this scheme.");
}
