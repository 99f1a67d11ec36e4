using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Makes one SignerInfo: RFC 5652 §5.3-5.5, with the attributes of RFC 8933, RFC 6211 and RFC 5035.</summary>
internal sealed class SignerInfoBuilder
{
    private const int MinimumRsaBits = 2048; // RFC 8551 §4.2: shorter keys are read, never used, under no policy
    private const int UsualAttributesSize = 512;
    private const byte ImplicitAttributes = 0xA0;

    private static readonly byte[] _messageDigestOid = DerEncoding.Oid(Oids.MessageDigest);

    private readonly CmsSigner _signer;
    private readonly SignatureAlgorithm _scheme;
    private readonly AlgorithmIdentifier _digestIdentifier;
    private readonly CertificateIdentifier _identifier;
    private readonly CmsAttributes _unsigned;
    private readonly byte[] _attributes; // DER under the tag of SET OF, complete but for the message digest
    private readonly int _messageDigestOffset;
    private readonly int? _signatureSize;

    internal SignerInfoBuilder(CmsSigner signer, string? contentType, CmsPolicy policy)
    {
        _signer = signer;
        SubjectPublicKeyInfo key = signer.Key.Certificate.PublicKey;
        CheckKey(key);
        _scheme = ChooseScheme(signer, key);
        Digest = ChooseDigest(signer, _scheme);
        CheckPolicy(signer, key, policy);
        _digestIdentifier = Digest.ToIdentifier();
        _identifier = signer.UseSubjectKeyIdentifier
            ? SubjectKeyIdentifier.Of(signer.Key.Certificate)
            : IssuerAndSerialNumber.Of(signer.Key.Certificate);
        _signatureSize = _scheme.GetFixedSize(key);
        SignerAttributeRules.Check(signer, contentType);
        _unsigned = new CmsAttributes(signer.UnsignedAttributes);
        _ = _unsigned.Encode(Asn1Tag.SetOf); // values that are no ASN.1 are told of before anything is written
        (_attributes, _messageDigestOffset) = signer.UseSignedAttributes ? EncodeAttributes(contentType) : ([], 0);
    }

    /// <summary>Gets the digest of the content that the signer needs, or only names when it <see cref="SignsContent"/>.</summary>
    internal DigestAlgorithm Digest { get; }

    /// <summary>Gets whether the signature is over the content itself and not over a digest or attributes.</summary>
    internal bool SignsContent => _scheme.SignsMessage && !_signer.UseSignedAttributes;

    internal int Version => _identifier is SubjectKeyIdentifier ? 3 : 1;

    /// <summary>Gets the size of the encoded SignerInfo in bytes when it is known before the signature.</summary>
    internal int? FixedSize => _signatureSize is { } size ? Encode(new byte[size]).Length : null;

    /// <summary>Signs and encodes.</summary>
    internal async ValueTask<byte[]> SignAsync(ContentDigester content, CancellationToken cancellationToken)
    {
        byte[] signature = await _signer.Key.SignAsync(_scheme, GetInput(content), cancellationToken).ConfigureAwait(false);
        return _signatureSize is null || signature.Length == _signatureSize
            ? Encode(signature)
            : throw new StoreException("signature-size", "The key returned a signature of another size than its scheme has.");
    }

    private ReadOnlyMemory<byte> GetInput(ContentDigester content)
    {
        // S6: content that could be the signed attributes of another message is not signed without attributes.
        if (!_signer.UseSignedAttributes && CmsAttributes.LooksLikeSignedAttributes(content.PossibleAttributes))
        {
            throw new PolicyViolationException(
                "content-looks-like-signed-attributes", "The content is a set of signed attributes: it is signed only with attributes.");
        }

        if (SignsContent)
        {
            return content.KeepsContent
                ? content.Content
                : throw new LimitExceededException(nameof(CmsLimits.MaxContentSignedWhole), content.KeepLimit);
        }

        byte[] digest = content.GetDigest(Digest)!;
        if (_attributes.Length == 0)
        {
            return digest;
        }

        digest.CopyTo(_attributes, _messageDigestOffset);
        return _scheme.GetInput(_attributes); // RFC 5652 §5.4
    }

    private static SignatureAlgorithm ChooseScheme(CmsSigner signer, SubjectPublicKeyInfo key)
    {
        SignatureAlgorithm scheme = signer.Scheme?.Specialize(key) ?? SignatureAlgorithm.ForKey(key, signer.Digest, signer.UsePss)
            ?? throw new UnsupportedAlgorithmException(key.Algorithm.Oid, "Signing with this kind of key is not supported.");
        return scheme.Fits(key)
            ? scheme
            : throw new UnsupportedAlgorithmException(scheme.Identifier.Oid, "The key is not for this scheme, or malformed.");
    }

    private static DigestAlgorithm ChooseDigest(CmsSigner signer, SignatureAlgorithm scheme)
    {
        DigestAlgorithm usual = scheme.ChooseDigest(signer.UseSignedAttributes);
        if (!scheme.SignsMessage || signer.Digest is null)
        {
            return usual;
        }

        // Without attributes the digest is only a name, and each RFC prescribes it (R8419-3.2-a, R9882-3.3-d, R9814-4-d, R9708-5-a).
        bool paired = signer.UseSignedAttributes ? scheme.IsPairedWith(signer.Digest, signedAttributes: true) : signer.Digest == usual;
        return paired
            ? signer.Digest
            : throw new UnsupportedAlgorithmException(signer.Digest.Oid, $"{scheme.Name} is not paired with {signer.Digest.Name}.");
    }

    private void CheckPolicy(CmsSigner signer, SubjectPublicKeyInfo key, CmsPolicy policy)
    {
        DateTimeOffset at = signer.SigningTime ?? DateTimeOffset.MinValue;
        string? rule = (SignsContent ? null : policy.FindDigestObjection(Digest.Oid, at))
            ?? policy.FindSignatureObjection(_scheme.Name, at)
            ?? (key.IsDsa && !key.InheritsParameters ? policy.FindDsaObjection(key.KeySize) : null);
        if (rule is not null)
        {
            throw new PolicyViolationException(rule, $"The policy does not write {_scheme} beside {Digest.Name} with this key.");
        }
    }

    private static void CheckKey(SubjectPublicKeyInfo key)
    {
        if (key.IsRsa && key.KeySize < MinimumRsaBits)
        {
            throw new PolicyViolationException("rsa-key-too-small", $"RSA keys below {MinimumRsaBits} bits do not sign.");
        }
    }

    private (byte[] Encoded, int MessageDigestOffset) EncodeAttributes(string? contentType)
    {
        AsnWriter writer = DerEncoding.CreateWriter(UsualAttributesSize + _signer.SignedAttributes.Sum(a => a.EncodedSize));
        using (writer.PushSetOf())
        {
            if (contentType is not null) // R2634-1.3.4-d: a countersignature has neither of the two
            {
                WriteAttribute(writer, Oids.ContentType, () => writer.WriteObjectIdentifier(contentType));
                WriteAttribute(
                    writer,
                    Oids.CmsAlgorithmProtection, // R8933-4.1-a
                    () => AlgorithmProtection.WriteValue(writer, _digestIdentifier, _scheme.Identifier));
            }

            WriteAttribute(writer, Oids.MessageDigest, () => writer.WriteOctetString(new byte[Digest.Size]));
            WriteAttribute(
                writer,
                SigningCertificate.OidFor(_signer.SigningCertificate.Digest), // R3851-2.5-d
                () => SigningCertificate.WriteValue(writer, _signer.Key.Certificate, _signer.SigningCertificate));
            if (_signer.SigningTime is { } time)
            {
                WriteAttribute(writer, Oids.SigningTime, () => SigningTime.WriteValue(writer, time));
            }

            foreach (CmsAttribute attribute in _signer.SignedAttributes)
            {
                attribute.Encode(writer);
            }
        }

        byte[] encoded = writer.Encode();
        return (encoded, FindMessageDigest(encoded));
    }

    private static void WriteAttribute(AsnWriter writer, string oid, Action writeValue)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSetOf())
            {
                writeValue();
            }
        }
    }

    // The digest ends its attribute. It has no part in the order of the set: no other attribute is of its type.
    private int FindMessageDigest(ReadOnlySpan<byte> attributes)
    {
        _ = AsnDecoder.ReadEncodedValue(attributes, AsnEncodingRules.DER, out int offset, out _, out _);
        while (true)
        {
            _ = AsnDecoder.ReadEncodedValue(attributes[offset..], AsnEncodingRules.DER, out int start, out _, out int size);
            if (attributes[(offset + start)..].StartsWith(_messageDigestOid))
            {
                return offset + size - Digest.Size;
            }

            offset += size;
        }
    }

    private byte[] Encode(byte[] signature)
    {
        byte[] wire = [.. _attributes];
        if (wire.Length > 0)
        {
            wire[0] = ImplicitAttributes; // on the wire; SET OF in the hash (RFC 5652 §5.4)
        }

        return new SignerInfoAsn
        {
            Identifier = _identifier,
            DigestAlgorithm = _digestIdentifier,
            SignedAttributes = wire,
            SignatureAlgorithm = _scheme.Identifier,
            Signature = signature,
            UnsignedAttributes = _unsigned,
        }.Encode();
    }
}
