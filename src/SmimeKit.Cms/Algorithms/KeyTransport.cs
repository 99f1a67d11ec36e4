using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Algorithms;

/// <summary>The identifiers of RSA key transport: PKCS #1 v1.5, RFC 3370 §4.2.1, and OAEP, RFC 3560 §3 and RFC 4055 §4.1.</summary>
/// <remarks><code>
/// RSAES-OAEP-params ::= SEQUENCE {
///     hashFunc     [0] AlgorithmIdentifier DEFAULT sha1Identifier,
///     maskGenFunc  [1] AlgorithmIdentifier DEFAULT mgf1SHA1Identifier,
///     pSourceFunc  [2] AlgorithmIdentifier DEFAULT pSpecifiedEmptyIdentifier }
/// </code></remarks>
internal static class KeyTransport
{
    private static readonly KeyTransportScheme _pkcs1 = new KeyTransportScheme.Pkcs1();

    /// <summary>Resolves an identifier.</summary>
    /// <param name="identifier">The identifier as read.</param>
    /// <param name="toleratesDeviations">Whether absent OAEP parameters mean the defaults.</param>
    /// <returns>The scheme, or null when the identifier or its parameters are not implemented.</returns>
    internal static KeyTransportScheme? Resolve(AlgorithmIdentifier identifier, bool toleratesDeviations)
    {
        if (identifier.Oid == Oids.RsaEncryption)
        {
            return identifier.HasNullOrAbsentParameters ? _pkcs1 : null;
        }

        if (identifier.Oid != Oids.RsaesOaep)
        {
            return null;
        }

        if (identifier.Parameters.IsEmpty) // R3560-3-f
        {
            return toleratesDeviations ? new KeyTransportScheme.Oaep(DigestAlgorithm.Sha1, DigestAlgorithm.Sha1, default) : null;
        }

        return Der.TryDecode(identifier.Parameters, DecodeOaep, out KeyTransportScheme? scheme, AsnEncodingRules.BER) ? scheme : null;
    }

    /// <summary>Encodes the identifier of a scheme: NULL for PKCS #1, components that are not the default for OAEP.</summary>
    internal static AlgorithmIdentifier Encode(KeyTransportScheme scheme) => scheme switch
    {
        KeyTransportScheme.Oaep oaep => new AlgorithmIdentifier(Oids.RsaesOaep, EncodeOaep(oaep)),
        _ => AlgorithmIdentifier.WithNull(Oids.RsaEncryption),
    };

    private static KeyTransportScheme? DecodeOaep(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        DigestAlgorithm? digest = DigestAlgorithm.Sha1;
        DigestAlgorithm? mgfDigest = DigestAlgorithm.Sha1;
        byte[]? label = [];
        if (ReadComponent(fields, 0) is { } hash)
        {
            digest = DigestAlgorithm.Find(hash);
        }

        if (ReadComponent(fields, 1) is { } mask)
        {
            mgfDigest = mask.Oid == Oids.Mgf1 && !mask.Parameters.IsEmpty
                ? DigestAlgorithm.Find(new AsnReader(mask.Parameters, AsnEncodingRules.BER).ReadAlgorithmIdentifier())
                : null;
        }

        if (ReadComponent(fields, 2) is { } source)
        {
            label = source.Oid == Oids.PSpecified && !source.Parameters.IsEmpty
                ? new AsnReader(source.Parameters, AsnEncodingRules.BER).ReadOctetString()
                : null;
        }

        fields.ThrowIfNotEmpty();
        return digest is null || mgfDigest is null || label is null ? null : new KeyTransportScheme.Oaep(digest, mgfDigest, label);
    }

    private static AlgorithmIdentifier? ReadComponent(AsnReader fields, int number)
    {
        if (!fields.HasTag(Der.Context(number)))
        {
            return null;
        }

        AsnReader inner = fields.ReadSequence(Der.Context(number));
        AlgorithmIdentifier value = inner.ReadAlgorithmIdentifier();
        inner.ThrowIfNotEmpty();
        return value;
    }

    private static byte[] EncodeOaep(KeyTransportScheme.Oaep oaep)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (oaep.Digest != DigestAlgorithm.Sha1)
            {
                WriteComponent(writer, 0, AlgorithmIdentifier.WithNull(oaep.Digest.Oid)); // RFC 4055 §2.1: NULL inside these parameters
            }

            if (oaep.MgfDigest != DigestAlgorithm.Sha1)
            {
                WriteComponent(writer, 1, new AlgorithmIdentifier(Oids.Mgf1, AlgorithmIdentifier.WithNull(oaep.MgfDigest.Oid).Encode()));
            }

            if (!oaep.Label.IsEmpty)
            {
                var label = new AsnWriter(AsnEncodingRules.DER);
                label.WriteOctetString(oaep.Label.Span);
                WriteComponent(writer, 2, new AlgorithmIdentifier(Oids.PSpecified, label.Encode()));
            }
        }

        return writer.Encode();
    }

    private static void WriteComponent(AsnWriter writer, int number, AlgorithmIdentifier component)
    {
        using (writer.PushSequence(Der.Context(number)))
        {
            writer.WriteAlgorithmIdentifier(component);
        }
    }
}
