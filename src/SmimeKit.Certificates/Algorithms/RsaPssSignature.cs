using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>RSASSA-PSS, RFC 8017 §8.1; parameters RFC 4055 §3.1; use in CMS RFC 4056; with SHAKE RFC 8702 §3.2.1.</summary>
/// <remarks>
/// Written unless asked otherwise: one digest for the content and for MGF1, salt as long as the digest, trailer 1. Read: any digest, any
/// MGF1 digest and any salt that fits the modulus. With SHAKE there are no parameters: SHAKE itself is the mask generator, and the salt has
/// 32 or 64 bytes. The base library does the usual form; Bouncy Castle does the others.
/// </remarks>
public sealed class RsaPssSignature : SignatureAlgorithm
{
    private const int DefaultSaltLength = 20; // RFC 4055 §3.1
    private const int MaxSaltLength = 2048;   // no modulus in use holds more

    private RsaPssSignature(AlgorithmIdentifier identifier, DigestAlgorithm digest, DigestAlgorithm mgfDigest, int saltLength)
        : base(identifier, digest)
    {
        MgfDigest = mgfDigest;
        SaltLength = saltLength;
    }

    /// <inheritdoc/>
    public override string Name => "rsa-pss";

    /// <summary>Gets the digest inside MGF1.</summary>
    public DigestAlgorithm MgfDigest { get; }

    /// <summary>Gets the length of the salt in bytes.</summary>
    public int SaltLength { get; }

    /// <summary>Gets whether the mask generator is SHAKE itself and not MGF1 (RFC 8702 §3.2.1).</summary>
    public bool IsShake => Identifier.Oid != Oids.RsassaPss;

    /// <summary>Whether this is the form that the base library can do: one digest, salt as long.</summary>
    internal bool IsNative => !IsShake && Digest!.IsNative && MgfDigest == Digest && SaltLength == Digest.Size;

    /// <summary>Creates the scheme for signing: MGF1 with the same digest, salt as long as the digest (RFC 4055 §3.1).</summary>
    /// <param name="digest">The digest; SHAKE128 and SHAKE256 make the schemes of RFC 8702.</param>
    /// <returns>The scheme.</returns>
    /// <exception cref="UnsupportedAlgorithmException">The digest is SHAKE256 by its other identifier.</exception>
    public static RsaPssSignature Create(DigestAlgorithm digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return digest.Oid is Oids.Shake128 or Oids.Shake256
            ? Shake(digest.Oid == Oids.Shake128 ? Oids.RsassaPssShake128 : Oids.RsassaPssShake256, digest)
            : Create(digest, digest, digest.Size);
    }

    /// <summary>Creates the scheme with parameters of the caller's choice. RFC 4055 §3.1 recommends those of <see cref="Create(DigestAlgorithm)"/>.</summary>
    /// <param name="digest">The digest; not SHAKE.</param>
    /// <param name="mgfDigest">The digest inside MGF1; not SHAKE.</param>
    /// <param name="saltLength">The length of the salt in bytes.</param>
    /// <returns>The scheme.</returns>
    /// <exception cref="UnsupportedAlgorithmException">A digest is not one of these parameters'.</exception>
    public static RsaPssSignature Create(DigestAlgorithm digest, DigestAlgorithm mgfDigest, int saltLength)
    {
        ArgumentNullException.ThrowIfNull(digest);
        ArgumentNullException.ThrowIfNull(mgfDigest);
        ArgumentOutOfRangeException.ThrowIfNegative(saltLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(saltLength, MaxSaltLength);
        if (!IsParameter(digest) || !IsParameter(mgfDigest))
        {
            throw new UnsupportedAlgorithmException(digest.Oid, "SHAKE is no parameter of RSASSA-PSS: it has identifiers of its own (RFC 8702).");
        }

        var identifier = new AlgorithmIdentifier(Oids.RsassaPss, EncodeParameters(digest, mgfDigest, saltLength));
        return new RsaPssSignature(identifier, digest, mgfDigest, saltLength);
    }

    /// <inheritdoc/>
    public override bool Fits(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Algorithm.Oid is Oids.RsaEncryption or Oids.RsassaPss && Allows(key);
    }

    /// <inheritdoc/>
    public override SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> input, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(hash);
        if (!Fits(key))
        {
            return SignatureCheck.UnusableKey;
        }

        if (hash != Digest) // RFC 4056 §3
        {
            return SignatureCheck.Mismatch;
        }

        if (IsNative)
        {
            return RsaVerification.Verify(key, input, hash, signature, RSASignaturePadding.Pss);
        }

        return key.TryGetRsaKey() is { } rsa ? VerifyWithBouncyCastle(rsa, input, signature) : SignatureCheck.UnusableKey;
    }

    /// <inheritdoc/>
    public override int? GetFixedSize(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return (key.KeySize + 7) / 8;
    }

    internal static SignatureAlgorithm? TryChoose(SubjectPublicKeyInfo key, DigestAlgorithm? digest, bool pss) =>
        key.Algorithm.Oid == Oids.RsassaPss || (pss && key.Algorithm.Oid == Oids.RsaEncryption)
            ? Create(digest ?? DigestAlgorithm.Sha256)
            : null;

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest)
    {
        if (identifier.Oid is Oids.RsassaPssShake128 or Oids.RsassaPssShake256 && identifier.Parameters.IsEmpty) // R8702-3.2.1-a
        {
            return Shake(identifier.Oid, identifier.Oid == Oids.RsassaPssShake128 ? DigestAlgorithm.Shake128 : DigestAlgorithm.Shake256);
        }

        if (identifier.Oid != Oids.RsassaPss || identifier.Parameters.IsEmpty)
        {
            return null; // RFC 4056 §2.2: a signature's parameters are present.
        }

        return Der.TryDecode(identifier.Parameters, r => DecodeParameters(identifier, r), out RsaPssSignature? scheme) ? scheme : null;
    }

    // RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] DEFAULT sha1, maskGenAlgorithm [1] DEFAULT mgf1SHA1,
    //                                  saltLength [2] DEFAULT 20, trailerField [3] DEFAULT 1 }
    private static RsaPssSignature? DecodeParameters(AlgorithmIdentifier identifier, AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        DigestAlgorithm? digest = DigestAlgorithm.Sha1;
        DigestAlgorithm? mgfDigest = DigestAlgorithm.Sha1;
        int saltLength = DefaultSaltLength;
        int trailer = 1;
        if (fields.HasTag(Der.Context(0)))
        {
            AsnReader inner = fields.ReadSequence(Der.Context(0));
            digest = DigestAlgorithm.Find(AlgorithmIdentifier.Decode(inner));
            inner.ThrowIfNotEmpty();
        }

        if (fields.HasTag(Der.Context(1)))
        {
            AsnReader inner = fields.ReadSequence(Der.Context(1));
            AlgorithmIdentifier mgf = AlgorithmIdentifier.Decode(inner);
            inner.ThrowIfNotEmpty();
            mgfDigest = mgf.Oid == Oids.Mgf1 && !mgf.Parameters.IsEmpty
                ? DigestAlgorithm.Find(AlgorithmIdentifier.Decode(new AsnReader(mgf.Parameters, AsnEncodingRules.DER)))
                : null;
        }

        if (fields.HasTag(Der.Context(2)))
        {
            AsnReader inner = fields.ReadSequence(Der.Context(2));
            saltLength = inner.TryReadInt32(out int value) ? value : -1;
            inner.ThrowIfNotEmpty();
        }

        if (fields.HasTag(Der.Context(3)))
        {
            AsnReader inner = fields.ReadSequence(Der.Context(3));
            trailer = inner.TryReadInt32(out int value) ? value : -1;
            inner.ThrowIfNotEmpty();
        }

        fields.ThrowIfNotEmpty();
        return digest is null || mgfDigest is null || !IsParameter(digest) || !IsParameter(mgfDigest)
            || saltLength is < 0 or > MaxSaltLength || trailer != 1
            ? null
            : new RsaPssSignature(identifier, digest, mgfDigest, saltLength);
    }

    private static RsaPssSignature Shake(string oid, DigestAlgorithm digest) =>
        new(new AlgorithmIdentifier(oid), digest, digest, digest.Size);

    private static bool IsParameter(DigestAlgorithm digest) => digest.Oid is not (Oids.Shake128 or Oids.Shake256 or Oids.Shake256Len);

    // DER leaves out what has its default: SHA-1, MGF1 with SHA-1, 20.
    private static byte[] EncodeParameters(DigestAlgorithm digest, DigestAlgorithm mgfDigest, int saltLength)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (digest != DigestAlgorithm.Sha1)
            {
                using (writer.PushSequence(Der.Context(0)))
                {
                    AlgorithmIdentifier.WithNull(digest.Oid).Encode(writer); // RFC 4055 §2.1 wants NULL inside these parameters.
                }
            }

            if (mgfDigest != DigestAlgorithm.Sha1)
            {
                using (writer.PushSequence(Der.Context(1)))
                {
                    new AlgorithmIdentifier(Oids.Mgf1, AlgorithmIdentifier.WithNull(mgfDigest.Oid).Encode()).Encode(writer);
                }
            }

            if (saltLength != DefaultSaltLength)
            {
                using (writer.PushSequence(Der.Context(2)))
                {
                    writer.WriteInteger(saltLength);
                }
            }
        }

        return writer.Encode();
    }

    // RFC 4056 §3: parameters in the certificate's key fix hash, mask generator and trailer, and a minimum of salt.
    internal bool Allows(SubjectPublicKeyInfo key)
    {
        if (key.Algorithm.Oid is Oids.RsaesOaep or Oids.RsaKemKey)
        {
            return false; // RFC 4055 §1.2, RFC 9690 §2.3
        }

        if (key.Algorithm.Oid != Oids.RsassaPss || key.Algorithm.Parameters.IsEmpty)
        {
            return true;
        }

        return TryResolve(key.Algorithm, null) is RsaPssSignature required && !IsShake
            && required.Digest == Digest && required.MgfDigest == MgfDigest && SaltLength >= required.SaltLength;
    }

    /// <summary>Signs with a key that came from a file.</summary>
    internal byte[] Sign(RsaPrivateNumbers numbers, ReadOnlySpan<byte> digest)
    {
        PssSigner signer = CreateSigner();
        signer.Init(forSigning: true, numbers.ToBouncyCastle());
        signer.BlockUpdate(digest);
        return signer.GenerateSignature();
    }

    private SignatureCheck VerifyWithBouncyCastle(RsaKeyParameters key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (digest.Length != Digest!.Size || signature.Length != (key.Modulus.BitLength + 7) / 8)
        {
            return SignatureCheck.Mismatch;
        }

        try
        {
            PssSigner signer = CreateSigner();
            signer.Init(forSigning: false, key);
            signer.BlockUpdate(digest);
            return signer.VerifySignature(signature.ToArray()) ? SignatureCheck.Match : SignatureCheck.Mismatch;
        }
        catch (Exception e) when (e is CryptoException or ArgumentException or InvalidOperationException)
        {
            return SignatureCheck.Mismatch; // a salt that does not fit the modulus among others
        }
    }

    private PssSigner CreateSigner() => PssSigner.CreateRawSigner(
        new RsaBlindedEngine(), BouncyCastleDigests.Create(Digest!), BouncyCastleDigests.Create(MgfDigest), SaltLength, PssSigner.TrailerImplicit);
}
