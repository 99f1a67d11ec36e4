using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Makes one SignerInfo: RFC 5652 §5.3-5.5, with the attributes of RFC 8933, RFC 6211 and RFC 5035.</summary>
internal sealed class SignerInfoBuilder
{
    private readonly CmsSigner _signer;
    private readonly string _contentType;
    private readonly SignatureAlgorithm _scheme;
    private readonly AlgorithmIdentifier _digestIdentifier;
    private readonly CertificateIdentifier _identifier;

    internal SignerInfoBuilder(CmsSigner signer, string contentType)
    {
        _signer = signer;
        _contentType = contentType;
        SubjectPublicKeyInfo key = signer.Key.Certificate.PublicKey;
        _scheme = SignatureAlgorithm.ForKey(key, signer.Digest, signer.UsePss)
            ?? throw new UnsupportedAlgorithmException(key.Algorithm.Oid, "Signing with this kind of key is not supported.");
        Digest = _scheme.Digest!;
        _digestIdentifier = Digest.ToIdentifier();
        _identifier = signer.UseSubjectKeyIdentifier
            ? SubjectKeyIdentifier.Of(signer.Key.Certificate)
            : IssuerAndSerialNumber.Of(signer.Key.Certificate);
        CheckAttributes(signer, contentType);
    }

    /// <summary>Gets the digest of the content that the signer needs.</summary>
    internal DigestAlgorithm Digest { get; }

    internal int Version => _identifier is SubjectKeyIdentifier ? 3 : 1;

    /// <summary>Gets the size of the encoded SignerInfo in bytes when it is known before the signature.</summary>
    internal int? FixedSize =>
        _scheme.GetFixedSize(_signer.Key.Certificate.PublicKey) is { } size
            ? Create(EncodeAttributes(new byte[Digest.Size]), new byte[size]).Encode().Length
            : null;

    internal async ValueTask<SignerInfoAsn> SignAsync(byte[] contentDigest, CancellationToken cancellationToken)
    {
        if (!_signer.UseSignedAttributes)
        {
            return Create([], await SignDigestAsync(contentDigest, cancellationToken).ConfigureAwait(false));
        }

        byte[] attributes = EncodeAttributes(contentDigest);
        byte[] signature = await SignDigestAsync(Digest.Hash(attributes), cancellationToken).ConfigureAwait(false);
        return Create(attributes, signature);
    }

    private static void CheckAttributes(CmsSigner signer, string contentType)
    {
        if (!signer.UseSignedAttributes && (contentType != Oids.Data || signer.SignedAttributes.Count > 0 || signer.SigningTime is not null))
        {
            throw new ArgumentException("Signed attributes are required: the content type is not data, or attributes were given.", nameof(signer));
        }

        foreach (CmsAttribute attribute in signer.SignedAttributes)
        {
            // Written here (RFC 5652 §11), or unsigned by definition (§11.4).
            if (attribute.Oid is Oids.ContentType or Oids.MessageDigest or Oids.SigningTime or Oids.Countersignature
                or Oids.CmsAlgorithmProtection or Oids.SigningCertificateV2)
            {
                throw new ArgumentException($"The attribute {attribute.Oid} is not the caller's to add.", nameof(signer));
            }
        }

        foreach (CmsAttribute attribute in signer.UnsignedAttributes)
        {
            if (attribute.Oid is Oids.ContentType or Oids.MessageDigest or Oids.SigningTime or Oids.CmsAlgorithmProtection)
            {
                throw new ArgumentException($"The attribute {attribute.Oid} is never unsigned.", nameof(signer)); // RFC 5652 §11.1-11.3
            }
        }
    }

    private ValueTask<byte[]> SignDigestAsync(byte[] digest, CancellationToken cancellationToken) =>
        _signer.Key.SignAsync(_scheme, digest, cancellationToken);

    /// <summary>DER of the attributes under the tag of SET OF: what is hashed.</summary>
    private byte[] EncodeAttributes(byte[] contentDigest)
    {
        if (!_signer.UseSignedAttributes)
        {
            return [];
        }

        List<CmsAttribute> attributes =
        [
            new(Oids.ContentType, DerEncoding.Oid(_contentType)),
            new(Oids.MessageDigest, DerEncoding.OctetString(contentDigest)),
            AlgorithmProtection.Create(_digestIdentifier, _scheme.Identifier),
            SigningCertificateV2.Create(_signer.Key.Certificate),
            .. _signer.SignedAttributes,
        ];
        if (_signer.SigningTime is { } time)
        {
            attributes.Add(SigningTime.Create(time));
        }

        return new CmsAttributes(attributes).Encode(Asn1Tag.SetOf);
    }

    private SignerInfoAsn Create(byte[] attributes, byte[] signature)
    {
        byte[] wire = [.. attributes];
        if (wire.Length > 0)
        {
            wire[0] = 0xA0; // [0] IMPLICIT on the wire, SET OF in the hash (RFC 5652 §5.4)
        }

        return new SignerInfoAsn
        {
            Identifier = _identifier,
            DigestAlgorithm = _digestIdentifier,
            SignedAttributes = wire,
            SignatureAlgorithm = _scheme.Identifier,
            Signature = signature,
            UnsignedAttributes = new CmsAttributes(_signer.UnsignedAttributes),
        };
    }
}
