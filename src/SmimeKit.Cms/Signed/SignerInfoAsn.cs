using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Wire form of <c>SignerInfo</c>, RFC 5652 §5.3.</summary>
/// <remarks><code>
/// SignerInfo ::= SEQUENCE {
///     version             CMSVersion,
///     sid                 SignerIdentifier,
///     digestAlgorithm     DigestAlgorithmIdentifier,
///     signedAttrs         [0] IMPLICIT SignedAttributes OPTIONAL,
///     signatureAlgorithm  SignatureAlgorithmIdentifier,
///     signature           SignatureValue,
///     unsignedAttrs       [1] IMPLICIT UnsignedAttributes OPTIONAL }
/// </code></remarks>
internal sealed class SignerInfoAsn
{
    private const byte Set = 0x31;
    private const int IssuerAndSerialVersion = 1;
    private const int SubjectKeyIdentifierVersion = 3;

    internal int Version { get; private init; }

    internal required CertificateIdentifier Identifier { get; init; }

    internal required AlgorithmIdentifier DigestAlgorithm { get; init; }

    /// <summary>Gets the signed attributes as received, tag [0] included; empty when absent.</summary>
    internal ReadOnlyMemory<byte> SignedAttributes { get; init; }

    internal required AlgorithmIdentifier SignatureAlgorithm { get; init; }

    internal required ReadOnlyMemory<byte> Signature { get; init; }

    internal CmsAttributes UnsignedAttributes { get; init; } = CmsAttributes.Empty;

    /// <summary>Gets whether there is a set of unsigned attributes with none in it, which is not allowed (SIZE (1..MAX)).</summary>
    internal bool HasEmptyUnsignedAttributes { get; private init; }

    /// <summary>Gets the version that the identifier asks for.</summary>
    internal int ProperVersion => Identifier is SubjectKeyIdentifier ? SubjectKeyIdentifierVersion : IssuerAndSerialVersion;

    internal bool HasKnownVersion => Version is IssuerAndSerialVersion or SubjectKeyIdentifierVersion;

    /// <summary>Reads <c>SignerInfos ::= SET OF SignerInfo</c>; null stands for what cannot be read, beside the others (R3369-5.1-l).</summary>
    internal static async ValueTask<List<(ReadOnlyMemory<byte> Encoded, SignerInfoAsn? Signer)>> ReadAllAsync(
        BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken)
    {
        const string Field = "signerInfos";
        var signers = new List<(ReadOnlyMemory<byte>, SignerInfoAsn?)>();
        await ber.EnterAsync(Set, Field, cancellationToken).ConfigureAwait(false);
        while (await ber.PeekAsync(Field, cancellationToken).ConfigureAwait(false) is not null)
        {
            if (signers.Count >= limits.MaxSigners)
            {
                throw new LimitExceededException(nameof(limits.MaxSigners), limits.MaxSigners);
            }

            byte[] encoded = await ber.ReadLeafAsync(
                $"{Field}[{signers.Count}]", limits.MaxAttributesSize, nameof(limits.MaxAttributesSize), cancellationToken).ConfigureAwait(false);
            signers.Add((encoded, Der.TryDecode(encoded, Decode, out SignerInfoAsn? signer, AsnEncodingRules.BER) ? signer : null));
        }

        await ber.LeaveAsync(Field, cancellationToken).ConfigureAwait(false);
        return signers;
    }

    internal static SignerInfoAsn Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        int version = CmsVersion.Read(fields); // R3369-10.2.5-a: out of range is handled as an unknown version
        CertificateIdentifier identifier = CertificateIdentifier.Decode(fields);
        AlgorithmIdentifier digest = fields.ReadAlgorithmIdentifier();
        ReadOnlyMemory<byte> signedAttributes = fields.HasTag(Der.Context(0)) ? fields.ReadEncodedValue() : default;
        AlgorithmIdentifier signatureAlgorithm = fields.ReadAlgorithmIdentifier();
        byte[] signature = fields.ReadOctetString();
        bool hasUnsigned = fields.HasTag(Der.Context(1));
        CmsAttributes unsigned = hasUnsigned ? ReadUnsignedAttributes(fields) : CmsAttributes.Empty;
        fields.ThrowIfNotEmpty();
        return new SignerInfoAsn
        {
            Version = version,
            Identifier = identifier,
            DigestAlgorithm = digest,
            SignedAttributes = signedAttributes,
            SignatureAlgorithm = signatureAlgorithm,
            Signature = signature,
            UnsignedAttributes = unsigned,
            HasEmptyUnsignedAttributes = hasUnsigned && unsigned.Count == 0,
        };
    }

    // MimeKit writes an empty set where there should be none; nobody vouches for these attributes anyway.
    private static CmsAttributes ReadUnsignedAttributes(AsnReader fields)
    {
        ReadOnlyMemory<byte> set = fields.PeekContentBytes();
        if (!set.IsEmpty)
        {
            return CmsAttributes.Decode(fields, Der.Context(1));
        }

        fields.ReadEncodedValue();
        return CmsAttributes.Empty;
    }

    /// <summary>Gets the signed attributes; empty when there are none or they cannot be read.</summary>
    internal CmsAttributes ReadSignedAttributes() =>
        !SignedAttributes.IsEmpty
        && Der.TryDecode(SignedAttributes, r => CmsAttributes.Decode(r, Der.Context(0)), out CmsAttributes? decoded, AsnEncodingRules.BER)
            ? decoded!
            : CmsAttributes.Empty;

    internal byte[] Encode()
    {
        int parts = SignedAttributes.Length + SignatureAlgorithm.Parameters.Length + Signature.Length;
        AsnWriter writer = DerEncoding.CreateWriter(256 + parts + UnsignedAttributes.Sum(a => a.EncodedSize));
        using (writer.PushSequence())
        {
            writer.WriteInteger(ProperVersion);
            Identifier.Encode(writer);
            writer.WriteAlgorithmIdentifier(DigestAlgorithm);
            if (!SignedAttributes.IsEmpty)
            {
                writer.WriteEncodedValue(SignedAttributes.Span);
            }

            writer.WriteAlgorithmIdentifier(SignatureAlgorithm);
            writer.WriteOctetString(Signature.Span);
            if (UnsignedAttributes.Count > 0)
            {
                writer.WriteEncodedValue(UnsignedAttributes.Encode(Der.Context(1)));
            }
        }

        return writer.Encode();
    }
}
