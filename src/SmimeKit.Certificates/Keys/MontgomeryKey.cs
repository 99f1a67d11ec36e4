using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A key of X25519 or X448, by Bouncy Castle. Wiped when disposed.</summary>
/// <remarks><code>
/// CurvePrivateKey ::= OCTET STRING  -- inside the privateKey of PKCS #8, RFC 8410 §7
/// </code></remarks>
internal sealed class MontgomeryKey : AgreementKey
{
    private readonly MontgomeryGroup _group;
    private readonly byte[] _scalar;
    private bool _disposed;

    private MontgomeryKey(MontgomeryGroup group, byte[] scalar)
    {
        _group = group;
        _scalar = scalar;
    }

    internal static MontgomeryKey Generate(MontgomeryGroup group)
    {
        byte[] scalar = GC.AllocateUninitializedArray<byte>(group.Size, pinned: true);
        RandomNumberGenerator.Fill(scalar);
        return new MontgomeryKey(group, scalar);
    }

    internal static MontgomeryKey FromMaterial(MontgomeryGroup group, PrivateKeyMaterial material)
    {
        bool isSound = Der.TryDecode(material.PrivateKeyOctets(), ReadOctets, out ReadOnlyMemory<byte> octets, AsnEncodingRules.BER) // R8410-7-a
            && octets.Length == group.Size && material.Parameters.IsEmpty;
        if (!isSound)
        {
            throw KeyFailure.Malformed();
        }

        var key = new MontgomeryKey(group, PrivateKeyMaterial.CopyPinned(octets.Span));
        if (material.PublicKey.IsEmpty || material.PublicKey.Span.SequenceEqual(group.DerivePublicKey(key._scalar))) // RFC 5958 §2
        {
            return key;
        }

        key.Dispose();
        throw KeyFailure.Malformed();
    }

    /// <inheritdoc/>
    internal override SubjectPublicKeyInfo GetPublicKey()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(DecryptionKey));
        return SubjectPublicKeyInfo.Create(_group.OriginatorAlgorithm, _group.DerivePublicKey(_scalar));
    }

    /// <inheritdoc/>
    internal override byte[]? Agree(SubjectPublicKeyInfo other)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(DecryptionKey));
        byte[] secret = new byte[_group.Size];
        return _group.TryAgree(_scalar, other.Key.ToArray(), secret) ? secret : null;
    }

    public override void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_scalar);
    }

    private static ReadOnlyMemory<byte> ReadOctets(AsnReader reader) =>
        reader.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> octets) ? octets : throw new AsnContentException();
}
