using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>RSASSA-PSS, RFC 8017 §8.1; parameters RFC 4055 §3.1; use in CMS RFC 4056.</summary>
/// <remarks>
/// Written: one digest for the content and for MGF1, salt as long as the digest, trailer 1. Read: any digest, any MGF1 digest and any
/// salt that fits the modulus. The base library verifies the form that is written; Bouncy Castle verifies the others.
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

    /// <summary>Whether this is the form that is written, which the base library can do: one digest, salt as long.</summary>
    internal bool IsWrittenForm => MgfDigest == Digest && SaltLength == Digest.Size;

    /// <summary>Creates the scheme for signing: MGF1 with the same digest, salt as long as the digest (RFC 4055 §3.1).</summary>
    /// <param name="digest">The digest.</param>
    /// <returns>The scheme.</returns>
    public static RsaPssSignature Create(DigestAlgorithm digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return new RsaPssSignature(new AlgorithmIdentifier(Oids.RsassaPss, EncodeParameters(digest)), digest, digest, digest.Size);
    }

    /// <inheritdoc/>
    public override SignatureCheck Verify(
        SubjectPublicKeyInfo key, ReadOnlySpan<byte> digest, DigestAlgorithm hash, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(hash);
        if (key.Algorithm.Oid is not (Oids.RsaEncryption or Oids.RsassaPss) || !Allows(key))
        {
            return SignatureCheck.UnusableKey;
        }

        if (hash != Digest) // RFC 4056 §3
        {
            return SignatureCheck.Mismatch;
        }

        if (IsWrittenForm)
        {
            return RsaVerification.Verify(key, digest, hash, signature, RSASignaturePadding.Pss);
        }

        using RSA? rsa = key.TryCreateRsa();
        return rsa is null
            ? SignatureCheck.UnusableKey
            : VerifyWithBouncyCastle(rsa.ExportParameters(includePrivateParameters: false), digest, signature);
    }

    /// <inheritdoc/>
    public override int? GetFixedSize(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return (key.KeySize + 7) / 8;
    }

    internal static SignatureAlgorithm? TryResolve(AlgorithmIdentifier identifier, DigestAlgorithm? digest)
    {
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
        return digest is null || mgfDigest is null || saltLength is < 0 or > MaxSaltLength || trailer != 1
            ? null
            : new RsaPssSignature(identifier, digest, mgfDigest, saltLength);
    }

    private static byte[] EncodeParameters(DigestAlgorithm digest)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (digest != DigestAlgorithm.Sha1)
            {
                // RFC 4055 §2.1 wants NULL inside these parameters.
                AlgorithmIdentifier hash = AlgorithmIdentifier.WithNull(digest.Oid);
                using (writer.PushSequence(Der.Context(0)))
                {
                    hash.Encode(writer);
                }

                using (writer.PushSequence(Der.Context(1)))
                {
                    new AlgorithmIdentifier(Oids.Mgf1, hash.Encode()).Encode(writer);
                }

                using (writer.PushSequence(Der.Context(2)))
                {
                    writer.WriteInteger(digest.Size);
                }
            }
        }

        return writer.Encode();
    }

    // RFC 4056 §3: parameters in the certificate's key fix hash, mask generator and trailer, and a minimum of salt.
    internal bool Allows(SubjectPublicKeyInfo key)
    {
        if (key.Algorithm.Oid == Oids.RsaesOaep)
        {
            return false; // RFC 4055 §1.2
        }

        if (key.Algorithm.Oid != Oids.RsassaPss || key.Algorithm.Parameters.IsEmpty)
        {
            return true;
        }

        return TryResolve(key.Algorithm, null) is RsaPssSignature required
            && required.Digest == Digest && required.MgfDigest == MgfDigest && SaltLength >= required.SaltLength;
    }

    private SignatureCheck VerifyWithBouncyCastle(RSAParameters key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (digest.Length != Digest!.Size || signature.Length != key.Modulus!.Length)
        {
            return SignatureCheck.Mismatch;
        }

        try
        {
            PssSigner signer = PssSigner.CreateRawSigner(
                new RsaBlindedEngine(), BouncyCastleDigests.Create(Digest), BouncyCastleDigests.Create(MgfDigest), SaltLength, PssSigner.TrailerImplicit);
            signer.Init(forSigning: false, new RsaKeyParameters(
                isPrivate: false, new Org.BouncyCastle.Math.BigInteger(1, key.Modulus), new Org.BouncyCastle.Math.BigInteger(1, key.Exponent)));
            signer.BlockUpdate(digest);
            return signer.VerifySignature(signature.ToArray()) ? SignatureCheck.Match : SignatureCheck.Mismatch;
        }
        catch (Exception e) when (e is CryptoException or ArgumentException or InvalidOperationException)
        {
            return SignatureCheck.Mismatch; // a salt that does not fit the modulus among others
        }
    }
}
