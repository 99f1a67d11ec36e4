using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Enveloped;

/// <summary><c>unprotectedAttrs [1] IMPLICIT UnprotectedAttributes OPTIONAL</c> of EnvelopedData and EncryptedData, RFC 5652 §6.1 and §8.</summary>
internal static class UnprotectedAttributesField
{
    private const byte Identifier = 0xA1;
    private const string Field = "unprotectedAttrs";

    // R3369-11.1-b, R3369-11.2-b, R3369-11.3-a: these belong under a signature or tag.
    private static readonly string[] _refused = [Oids.ContentType, Oids.MessageDigest, Oids.SigningTime];

    /// <summary>Reads the field, if it comes next.</summary>
    internal static async ValueTask<CmsAttributes> ReadAsync(CmsInput input, CancellationToken cancellationToken)
    {
        byte[]? encoded = await ReadSetAsync(input, Identifier, Field, cancellationToken).ConfigureAwait(false);
        return encoded is null
            ? CmsAttributes.Empty
            : Der.Decode(encoded, Field, r => CmsAttributes.Decode(r, Der.Context(1)), AsnEncodingRules.BER);
    }

    /// <summary>Reads a set of attributes under an implicit tag, or none.</summary>
    internal static async ValueTask<byte[]?> ReadSetAsync(CmsInput input, byte identifier, string field, CancellationToken cancellationToken)
    {
        BerHeader? next = await input.Ber.PeekAsync(field, cancellationToken).ConfigureAwait(false);
        return next?.Identifier != identifier
            ? null
            : await input.Ber.ReadLeafAsync(field, input.Limits.MaxAttributesSize, nameof(input.Limits.MaxAttributesSize), cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>Encodes attributes that nothing protects under their tag; empty when there are none.</summary>
    /// <exception cref="ArgumentException">One of them must not be unprotected.</exception>
    internal static byte[] Encode(CmsAttributes attributes, int tag)
    {
        if (attributes.Any(a => _refused.Contains(a.Oid)))
        {
            throw new ArgumentException("content-type, message-digest and signing-time must not be unprotected.", nameof(attributes));
        }

        return attributes.Count == 0 ? [] : attributes.Encode(Der.Context(tag));
    }
}
