using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A public key with its algorithm, RFC 5280 §4.1.2.7.</summary>
/// <remarks><code>
/// SubjectPublicKeyInfo ::= SEQUENCE {
///     algorithm         AlgorithmIdentifier,
///     subjectPublicKey  BIT STRING }
/// </code>
/// Immutable. Key objects for callers are made for each use; those for verification are kept and used again.
/// </remarks>
public sealed class SubjectPublicKeyInfo
{
    private const int MaxRsaBits = 16384; // the largest modulus any policy admits; larger ones only burn time (security: absurd keys)

    private readonly Lazy<RSAParameters?> _rsa;
    private RsaKeyParameters? _managedRsa;
    private NativeKeyPool<RSA>? _rsaPool;
    private NativeKeyPool<ECDsa>? _ecdsaPool;
    private NativeKeyPool<ECDiffieHellman>? _ecdhPool;

    private SubjectPublicKeyInfo(ReadOnlyMemory<byte> rawData, AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> key)
    {
        RawData = rawData;
        Algorithm = algorithm;
        Key = key;
        _rsa = new Lazy<RSAParameters?>(DecodeRsa);
    }

    /// <summary>Gets the whole value as DER.</summary>
    public ReadOnlyMemory<byte> RawData { get; }

    /// <summary>Gets the key's algorithm.</summary>
    public AlgorithmIdentifier Algorithm { get; }

    /// <summary>Gets the octets of the BIT STRING.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>Gets whether this is an RSA key of any purpose (rsaEncryption, id-RSASSA-PSS, id-RSAES-OAEP, id-rsa-kem-spki).</summary>
    public bool IsRsa => Algorithm.Oid is Oids.RsaEncryption or Oids.RsassaPss or Oids.RsaesOaep or Oids.RsaKemKey;

    /// <summary>Gets whether this key may be used with RSA-KEM: rsaEncryption, or id-rsa-kem-spki, which is for that alone (RFC 9690 §2.3).</summary>
    internal bool IsForRsaKem => Algorithm.Oid is Oids.RsaEncryption or Oids.RsaKemKey;

    /// <summary>Gets whether this is an elliptic-curve key (id-ecPublicKey).</summary>
    public bool IsEc => Algorithm.Oid == Oids.EcPublicKey;

    /// <summary>Gets the OID of the named curve, or null for other keys and for explicit parameters, which are refused.</summary>
    public string? CurveOid => IsEc ? DecodeCurve() : null;

    /// <summary>Gets whether this is a DSA key (id-dsa).</summary>
    public bool IsDsa => Algorithm.Oid == Oids.Dsa;

    /// <summary>Gets whether this is a key of X9.42 Diffie-Hellman (dhpublicnumber, RFC 3279 §2.3.3).</summary>
    public bool IsDiffieHellman => Algorithm.Oid == Oids.DhPublicNumber;

    /// <summary>
    /// Gets whether this is a DSA key without domain parameters, which are those of the issuer's key then (RFC 3279 §2.3.2). Such a key
    /// verifies nothing before <see cref="TryInherit"/>.
    /// </summary>
    public bool InheritsParameters => IsDsa && Algorithm.HasNullOrAbsentParameters;

    /// <summary>
    /// Gets the size of the modulus (RSA), of the prime (DSA, Diffie-Hellman) or of the curve's field in bits; 0 when the key is malformed, inherits its
    /// parameters, or is of a kind whose name says its size.
    /// </summary>
    public int KeySize => IsRsa ? (_rsa.Value is { } rsa ? BitLength(rsa.Modulus!) : 0)
        : IsDsa ? TryGetDsaKey()?.Parameters.P.BitLength ?? 0
        : IsDiffieHellman ? DiffieHellmanDomain.TryDecode(Algorithm.Parameters)?.P.BitLength ?? 0
        : NamedCurve.Find(CurveOid)?.Bits ?? 0;

    /// <summary>Decodes a DER SubjectPublicKeyInfo.</summary>
    /// <param name="der">The encoding; kept, not copied.</param>
    /// <returns>The key. Its algorithm may be one that is not implemented.</returns>
    /// <exception cref="MalformedDataException">The encoding is not DER of this production.</exception>
    public static SubjectPublicKeyInfo Decode(ReadOnlyMemory<byte> der) => Der.Decode(der, "subjectPublicKeyInfo", Decode);

    /// <summary>Puts a key together from its parts.</summary>
    /// <param name="algorithm">The key's algorithm.</param>
    /// <param name="key">The octets of the BIT STRING; copied.</param>
    /// <returns>The key.</returns>
    public static SubjectPublicKeyInfo Create(AlgorithmIdentifier algorithm, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            algorithm.Encode(writer);
            writer.WriteBitString(key);
        }

        return Decode(writer.Encode());
    }

    /// <summary>Completes a DSA key by the domain parameters of its issuer's key.</summary>
    /// <param name="issuer">
    /// The issuer's key. It has to be the true one: who may choose the parameters makes signatures for any key. A path through its
    /// certificate has to be validated.
    /// </param>
    /// <returns>The complete key, or null when this key inherits nothing or the issuer's has no parameters to give.</returns>
    public SubjectPublicKeyInfo? TryInherit(SubjectPublicKeyInfo issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        return InheritsParameters && issuer.IsDsa && !issuer.InheritsParameters
            ? Create(new AlgorithmIdentifier(Oids.Dsa, issuer.Algorithm.Parameters), Key.Span)
            : null;
    }

    /// <summary>Completes the key of somebody who agrees with the owner of this one by what both have in common.</summary>
    /// <param name="algorithm">The other's algorithm; parameters that are absent, or NULL, are those of this key (RFC 5753 §3.1.1).</param>
    /// <param name="key">The octets of the other's BIT STRING.</param>
    /// <returns>
    /// The other's key; null when it is of another kind, curve, group or form, or when keys of this kind do not agree. Whether it is valid in
    /// its group shows when a secret is agreed on.
    /// </returns>
    public SubjectPublicKeyInfo? TryComplete(AlgorithmIdentifier algorithm, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return AgreementGroup.Of(this)?.Complete(algorithm, key);
    }

    /// <summary>Creates the base library's object for an RSA key.</summary>
    /// <returns>A new object that the caller disposes, or null when this is no usable RSA key.</returns>
    public RSA? TryCreateRsa() =>
        _rsa.Value is { } parameters ? Import(RSA.Create(), rsa => rsa.ImportParameters(parameters)) : null;

    /// <summary>Creates the base library's object for an ECDSA key on a named curve.</summary>
    /// <returns>A new object that the caller disposes, or null when this is no usable EC key.</returns>
    public ECDsa? TryCreateEcdsa() =>
        KeySize > 0 && IsEc ? Import(ECDsa.Create(), key => key.ImportSubjectPublicKeyInfo(RawData.Span, out _)) : null;

    /// <summary>Creates the base library's object for an ECDH key on a named curve.</summary>
    /// <returns>A new object that the caller disposes, or null when this is no usable EC key.</returns>
    public ECDiffieHellman? TryCreateEcdh() =>
        KeySize > 0 && IsEc ? Import(ECDiffieHellman.Create(), key => key.ImportSubjectPublicKeyInfo(RawData.Span, out _)) : null;

    /// <summary>Encrypts to the owner of this RSA key. The platform's key object is kept for the next time.</summary>
    /// <param name="data">The plaintext, no longer than the padding leaves room for.</param>
    /// <param name="padding">The padding.</param>
    /// <returns>The ciphertext, as long as the modulus, or null when this is no usable RSA key.</returns>
    /// <exception cref="ArgumentException">The plaintext is too long.</exception>
    public byte[]? TryEncryptRsa(ReadOnlySpan<byte> data, RSAEncryptionPadding padding)
    {
        ArgumentNullException.ThrowIfNull(padding);
        if (RsaPool.Rent() is not { } rsa)
        {
            return null;
        }

        try
        {
            byte[] encrypted = rsa.Encrypt(data, padding);
            RsaPool.Return(rsa);
            return encrypted;
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            throw new ArgumentException("The plaintext does not fit the key and the padding.", nameof(data));
        }
    }

    /// <summary>Agrees with the owner of this EC key. The platform's key object is kept for the next time.</summary>
    /// <param name="own">The other side's private key on the same curve.</param>
    /// <returns>The x coordinate of the shared point, which the caller wipes, or null when this key cannot be used with the other.</returns>
    public byte[]? TryAgree(ECDiffieHellman own)
    {
        ArgumentNullException.ThrowIfNull(own);
        if (EcdhPool.Rent() is not { } key)
        {
            return null;
        }

        try
        {
            using ECDiffieHellmanPublicKey publicKey = key.PublicKey;
            byte[] secret = own.DeriveRawSecretAgreement(publicKey);
            EcdhPool.Return(key);
            return secret;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose(); // among others: keys on different curves
            return null;
        }
    }

    /// <summary>Makes a shared secret for the owner of this key by a key encapsulation mechanism.</summary>
    /// <param name="scheme">The mechanism and its parameters.</param>
    /// <param name="ciphertext">What the owner recovers the secret from; empty when this key cannot be used.</param>
    /// <returns>The secret, fresh for each call, which the caller wipes, or null when this key cannot be used with the mechanism.</returns>
    public byte[]? TryEncapsulate(KeyEncapsulationScheme scheme, out byte[] ciphertext)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ciphertext = [];
        return scheme switch
        {
            KeyEncapsulationScheme.MLKem mlKem when mlKem.ParameterSet.Fits(this) => mlKem.ParameterSet.Encapsulate(Key.Span, out ciphertext),
            KeyEncapsulationScheme.Rsa rsa when IsForRsaKem && TryGetRsaKey() is { } key =>
                RsaKem.Encapsulate(key, rsa, out ciphertext),
            _ => null,
        };
    }

    /// <summary>Gets the key objects for verifying RSA signatures and for encrypting.</summary>
    internal NativeKeyPool<RSA> RsaPool => _rsaPool ??= new NativeKeyPool<RSA>(TryCreateRsa);

    /// <summary>Gets the key objects for verifying ECDSA signatures.</summary>
    internal NativeKeyPool<ECDsa> EcdsaPool => _ecdsaPool ??= new NativeKeyPool<ECDsa>(TryCreateEcdsa);

    /// <summary>Gets the key objects for agreeing with the key's owner.</summary>
    internal NativeKeyPool<ECDiffieHellman> EcdhPool => _ecdhPool ??= new NativeKeyPool<ECDiffieHellman>(TryCreateEcdh);

    /// <summary>Bouncy Castle's form of an RSA key; null when this is no usable one. Kept: making it tests the modulus, which takes long.</summary>
    internal RsaKeyParameters? TryGetRsaKey() => _managedRsa ??= CreateManagedRsa();

    /// <summary>Bouncy Castle's form of a DSA key; null when this is no usable one, or one without parameters.</summary>
    internal DsaPublicKeyParameters? TryGetDsaKey() =>
        IsDsa && !InheritsParameters && DsaKeys.TryDecodeParameters(Algorithm.Parameters) is { } parameters
            ? DsaKeys.TryDecodePublicKey(Key, parameters)
            : null;

    internal static SubjectPublicKeyInfo Decode(AsnReader reader)
    {
        ReadOnlyMemory<byte> raw = reader.PeekEncodedValue();
        AsnReader fields = reader.ReadSequence();
        AlgorithmIdentifier algorithm = AlgorithmIdentifier.Decode(fields);
        ReadOnlyMemory<byte> key = fields.ReadBitString(out int unused);
        fields.ThrowIfNotEmpty();
        if (unused != 0)
        {
            throw new AsnContentException();
        }

        return new SubjectPublicKeyInfo(raw, algorithm, key);
    }

    private static T? Import<T>(T key, Action<T> import)
        where T : AsymmetricAlgorithm
    {
        try
        {
            import(key);
            return key;
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            key.Dispose(); // among others: a point that is not on its curve, a curve that the platform lacks
            return null;
        }
    }

    private static int BitLength(byte[] unsigned) =>
        unsigned.Length == 0 ? 0 : (unsigned.Length * 8) - byte.LeadingZeroCount(unsigned[0]);

    private RsaKeyParameters? CreateManagedRsa()
    {
        if (_rsa.Value is not { } rsa)
        {
            return null;
        }

        try
        {
            return new RsaKeyParameters(isPrivate: false, new BigInteger(1, rsa.Modulus), new BigInteger(1, rsa.Exponent));
        }
        catch (ArgumentException)
        {
            return null; // a modulus with small factors: damaged
        }
    }

    private RSAParameters? DecodeRsa() =>
        IsRsa && Der.TryDecode(Key, DecodeRsaPublicKey, out RSAParameters? value) ? value : null;

    // RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }, RFC 8017 A.1.1.
    private static RSAParameters? DecodeRsaPublicKey(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        byte[] modulus = fields.ReadIntegerBytes().Span.TrimStart((byte)0).ToArray();
        byte[] exponent = fields.ReadIntegerBytes().Span.TrimStart((byte)0).ToArray();
        fields.ThrowIfNotEmpty();

        // Odd modulus, odd exponent from 3 up to 32 bits: anything else is a trap, not a key.
        bool usable = BitLength(modulus) is >= 512 and <= MaxRsaBits && (modulus[^1] & 1) == 1
            && exponent.Length is >= 1 and <= 4 && (exponent[^1] & 1) == 1 && !(exponent is [1]);
        return usable ? new RSAParameters { Modulus = modulus, Exponent = exponent } : null;
    }

    // RFC 5480 §2.1.1: namedCurve only.
    private string? DecodeCurve() =>
        Der.TryDecode(Algorithm.Parameters, r => r.ReadObjectIdentifier(), out string? oid) ? oid : null;
}
