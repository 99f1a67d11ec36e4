using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A private key in the clear, on its way from a file into key objects. Wiped when disposed.</summary>
/// <remarks><code>
/// PrivateKeyInfo ::= SEQUENCE {                       -- RFC 5958 §2
///     version        INTEGER (0..1),
///     algorithm      AlgorithmIdentifier,
///     privateKey     OCTET STRING,
///     attributes [0] IMPLICIT … OPTIONAL,
///     publicKey  [1] IMPLICIT … OPTIONAL }
/// </code></remarks>
internal sealed class PrivateKeyMaterial : IDisposable
{
    private const int MaxSize = 64 * 1024; // an RSA key of 16384 bits has 9.5 KiB, the largest post-quantum keys less than 10

    private static readonly Asn1Tag _publicKey = Der.Context(1, constructed: false);

    private readonly byte[] _pkcs8;

    private PrivateKeyMaterial(byte[] pkcs8, AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> publicKey = default)
    {
        _pkcs8 = pkcs8;
        Oid = algorithm.Oid;
        Parameters = algorithm.Parameters.ToArray();
        CurveOid = Oid == Oids.EcPublicKey ? FindNamedCurve(algorithm) : null;
        PublicKey = publicKey.ToArray();
    }

    /// <summary>The identifier of the key's algorithm.</summary>
    internal string Oid { get; }

    internal bool IsRsa => Oid is Oids.RsaEncryption or Oids.RsassaPss or Oids.RsaesOaep;

    /// <summary>The parameters of the key's algorithm.</summary>
    internal ReadOnlyMemory<byte> Parameters { get; }

    /// <summary>The curve by name, one of the supported ones; null otherwise: curves in explicit parameters are a trap.</summary>
    internal string? CurveOid { get; }

    /// <summary>Whether this is a key on one of the supported curves.</summary>
    internal bool IsEc => CurveOid is not null;

    /// <summary>The octets of the public half, when the file tells them beside the private one; else empty.</summary>
    internal ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Whether keys of this kind sign, in what is implemented.</summary>
    internal bool CanSign => IsRsa || IsEc || Oid == Oids.Dsa || MessageSignature.Find(Oid) is not null;

    /// <summary>Whether keys of this kind decrypt, in what is implemented.</summary>
    internal bool CanDecrypt => IsRsa || CanAgree || MLKemParameterSet.Find(Oid) is not null;

    /// <summary>Whether keys of this kind agree on secrets, in what is implemented.</summary>
    internal bool CanAgree => IsEc || Oid == Oids.DhPublicNumber || MontgomeryGroup.Find(Oid) is not null;

    /// <summary>PKCS #8 PrivateKeyInfo, the PEM form "PRIVATE KEY".</summary>
    internal static PrivateKeyMaterial FromPkcs8(ReadOnlyMemory<byte> pkcs8)
    {
        RequireSize(pkcs8.Length);
        return Der.TryDecode(
            pkcs8, ReadOutside, out (AlgorithmIdentifier Algorithm, ReadOnlyMemory<byte> PublicKey) key, AsnEncodingRules.BER)
            ? new PrivateKeyMaterial(CopyPinned(pkcs8.Span), key.Algorithm, key.PublicKey)
            : throw KeyFailure.Malformed();
    }

    /// <summary>PKCS #1 RSAPrivateKey (RFC 8017 A.1.2), the PEM form "RSA PRIVATE KEY".</summary>
    internal static PrivateKeyMaterial FromRsaPrivateKey(ReadOnlyMemory<byte> pkcs1) =>
        Wrap(pkcs1, AlgorithmIdentifier.WithNull(Oids.RsaEncryption));

    /// <summary>SEC 1 ECPrivateKey (RFC 5915), the PEM form "EC PRIVATE KEY": the curve is inside.</summary>
    internal static PrivateKeyMaterial FromEcPrivateKey(ReadOnlyMemory<byte> sec1) =>
        Der.TryDecode(sec1, ReadCurve, out ReadOnlyMemory<byte> curve, AsnEncodingRules.BER)
            ? Wrap(sec1, new AlgorithmIdentifier(Oids.EcPublicKey, curve))
            : throw KeyFailure.Malformed();

    /// <summary>Makes a fresh key. It is meant for a file, so it is made here and not in a device.</summary>
    internal static PrivateKeyMaterial Generate(CertificateKeyKind kind)
    {
        using AsymmetricAlgorithm key = kind switch
        {
            CertificateKeyKind.Rsa2048 => RSA.Create(2048),
            CertificateKeyKind.Rsa3072 => RSA.Create(3072),
            CertificateKeyKind.EcP256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            CertificateKeyKind.EcP384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        byte[] pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            return FromPkcs8(pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    internal RSA CreateRsa()
    {
        Require(IsRsa);
        RSA rsa = RSA.Create();
        return Import(rsa, () => rsa.ImportRSAPrivateKey(PrivateKeyOctets().Span, out _));
    }

    internal ECDsa CreateEcdsa()
    {
        Require(IsEc);
        ECDsa key = ECDsa.Create();
        return Import(key, () => key.ImportPkcs8PrivateKey(_pkcs8, out _));
    }

    /// <summary>Makes the base library's key; null when the platform refuses it, maybe for its curve.</summary>
    internal ECDsa? TryCreateEcdsa()
    {
        try
        {
            return CreateEcdsa();
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    /// <summary>Makes the base library's key; null when the platform refuses it, maybe for its curve.</summary>
    internal ECDiffieHellman? TryCreateEcdh()
    {
        try
        {
            Require(IsEc);
            ECDiffieHellman key = ECDiffieHellman.Create();
            return Import(key, () => key.ImportPkcs8PrivateKey(_pkcs8, out _));
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    /// <summary>The public half as <see cref="PublicKeyMatch.Normalize"/> writes it; null for kinds that are not implemented.</summary>
    internal byte[]? ExportPublicKey()
    {
        if (MLKemParameterSet.Find(Oid) is { } set)
        {
            using MLKemPrivateKey decapsulator = MLKemPrivateKey.FromMaterial(set, this);
            return SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(Oid), decapsulator.PublicKey).RawData.ToArray();
        }

        if (CanSign)
        {
            using PrivateSigner signer = PrivateSigner.Open(this);
            return signer.GetPublicKey();
        }

        if (!CanAgree)
        {
            return null;
        }

        using AgreementKey key = AgreementKey.Open(this);
        return key.GetPublicKey().RawData.ToArray();
    }

    /// <summary>The key as PKCS #8, to be encrypted at once; not a copy.</summary>
    internal ReadOnlySpan<byte> Pkcs8 => _pkcs8;

    /// <summary>A copy of the RSAPrivateKey, in pinned memory that its owner wipes.</summary>
    internal byte[] CopyRsaPrivateKey() => CopyPinned(PrivateKeyOctets().Span);

    internal ValueTask ImportIntoAsync(IPrivateKeySink sink, Certificate certificate, CancellationToken cancellationToken) =>
        sink.ImportPrivateKeyAsync(certificate, _pkcs8, cancellationToken);

    public void Dispose() => CryptographicOperations.ZeroMemory(_pkcs8);

    private static (AlgorithmIdentifier, ReadOnlyMemory<byte>) ReadOutside(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        fields.ReadIntegerBytes();
        AlgorithmIdentifier algorithm = AlgorithmIdentifier.Decode(fields);
        fields.ReadEncodedValue();
        ReadOnlyMemory<byte> publicKey = default;
        while (fields.HasData)
        {
            if (fields.HasTag(_publicKey))
            {
                publicKey = fields.ReadBitString(out _, _publicKey);
            }
            else
            {
                fields.ReadEncodedValue();
            }
        }

        return (algorithm, publicKey);
    }

    private static string? FindNamedCurve(AlgorithmIdentifier algorithm) =>
        Der.TryDecode(algorithm.Parameters, r => r.ReadObjectIdentifier(), out string? curve)
        && NamedCurve.Find(curve) is not null
            ? curve
            : null;

    // ECPrivateKey ::= SEQUENCE { version INTEGER, privateKey OCTET STRING, parameters [0] OPTIONAL, publicKey [1] OPTIONAL }
    private static ReadOnlyMemory<byte> ReadCurve(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        fields.ReadIntegerBytes();
        fields.ReadEncodedValue();
        return fields.ReadSequence(Der.Context(0)).ReadEncodedValue();
    }

    private static PrivateKeyMaterial Wrap(ReadOnlyMemory<byte> privateKey, AlgorithmIdentifier algorithm)
    {
        RequireSize(privateKey.Length);
        var writer = new AsnWriter(AsnEncodingRules.DER, privateKey.Length + 64);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            algorithm.Encode(writer);
            writer.WriteOctetString(privateKey.Span);
        }

        byte[] pkcs8 = GC.AllocateUninitializedArray<byte>(writer.GetEncodedLength(), pinned: true);
        writer.Encode(pkcs8);
        writer.Reset(); // wipes its buffer
        return new PrivateKeyMaterial(pkcs8, algorithm);
    }

    private static void RequireSize(int size)
    {
        if (size > MaxSize)
        {
            throw new LimitExceededException("MaxPrivateKeySize", MaxSize);
        }
    }

    // Pinned: the collector leaves no copies behind that nobody wipes.
    internal static byte[] CopyPinned(ReadOnlySpan<byte> secret)
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(copy);
        return copy;
    }

    private static T Import<T>(T key, Action import)
        where T : AsymmetricAlgorithm
    {
        try
        {
            import();
            return key;
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw KeyFailure.Malformed();
        }
    }

    private void Require(bool isWanted)
    {
        if (!isWanted)
        {
            throw new UnsupportedAlgorithmException(Oid, "Private keys of this kind are not supported.");
        }
    }

    /// <summary>What is inside the OCTET STRING; not a copy.</summary>
    internal ReadOnlyMemory<byte> PrivateKeyOctets() =>
        Der.TryDecode(_pkcs8, ReadPrivateKey, out ReadOnlyMemory<byte> key, AsnEncodingRules.BER) ? key : throw KeyFailure.Malformed();

    private static ReadOnlyMemory<byte> ReadPrivateKey(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        fields.ReadIntegerBytes();
        AlgorithmIdentifier.Decode(fields);
        return fields.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> key) ? key : throw new AsnContentException();
    }
}
