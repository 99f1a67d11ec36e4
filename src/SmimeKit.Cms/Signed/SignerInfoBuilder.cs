using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Makes one SignerInfo: RFC 5652 §5.3-5.5, with the attributes of RFC 8933, RFC 6211 and RFC 5035.</summary>
internal sealed class SignerInfoBuilder
{
    private const int MinimumRsaBits = 2048; // RFC 8551 §4.2: shorter keys are read, never used
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

    internal SignerInfoBuilder(CmsSigner signer, string? contentType)
    {
        _signer = signer;
        SubjectPublicKeyInfo key = signer.Key.Certificate.PublicKey;
        CheckKey(key);
        _scheme = SignatureAlgorithm.ForKey(key, signer.Digest, signer.UsePss)
            ?? throw new UnsupportedAlgorithmException(key.Algorithm.Oid, "Signing with this kind of key is not supported.");
        Digest = _scheme.Digest!;
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

    /// <summary>Gets the digest of the content that the signer needs.</summary>
    internal DigestAlgorithm Digest { get; }

    internal int Version => _identifier is SubjectKeyIdentifier ? 3 : 1;

    /// <summary>Gets the size of the encoded SignerInfo in bytes when it is known before the signature.</summary>
    internal int? FixedSize => _signatureSize is { } size ? Encode(new byte[size]).Length : null;

    /// <summary>Signs and encodes.</summary>
    internal async ValueTask<byte[]> SignAsync(byte[] contentDigest, CancellationToken cancellationToken)
    {
        byte[] input = contentDigest;
        if (_attributes.Length > 0)
        {
            contentDigest.CopyTo(_attributes, _messageDigestOffset);
            input = Digest.Hash(_attributes); // RFC 5652 §5.4
        }

        byte[] signature = await _signer.Key.SignAsync(_scheme, input, cancellationToken).ConfigureAwait(false);
        return _signatureSize is null || signature.Length == _signatureSize
            ? Encode(signature)
            : throw new StoreException("signature-size", "The key returned a signature of another size than its scheme has.");
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
