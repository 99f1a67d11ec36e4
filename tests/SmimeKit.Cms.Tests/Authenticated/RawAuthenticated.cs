using System.Security.Cryptography;
using SmimeKit.Cms.Tests.Enveloped;
using SmimeKit.TestKit.Signing;
using TestIdentity = SmimeKit.Cms.Tests.Enveloped.TestIdentity;

namespace SmimeKit.Cms.Tests.Authenticated;

/// <summary>An AuthenticatedData put together field by field, so that each of them can be wrong.</summary>
internal sealed class RawAuthenticated
{
    internal const string Data = "1.2.840.113549.1.7.1";
    internal const string HmacSha256 = "1.2.840.113549.2.9";
    internal const string Sha256 = "2.16.840.1.101.3.4.2.1";

    internal byte[] Key { get; set; } = RandomNumberGenerator.GetBytes(32);

    internal int Version { get; set; }

    internal byte[]? Originator { get; set; }

    internal List<byte[]> Recipients { get; } = [];

    internal byte[] MacAlgorithm { get; set; } = Asn.Algorithm(HmacSha256);

    /// <summary>Gets the algorithm under [1]; null when it is absent.</summary>
    internal byte[]? DigestAlgorithm { get; set; }

    internal string ContentType { get; set; } = Data;

    internal byte[]? Content { get; set; } = "This is some sample content."u8.ToArray();

    /// <summary>Gets the attributes under the tag of SET OF; null when they are absent.</summary>
    internal byte[]? Attributes { get; set; }

    internal Func<byte[], byte[], byte[]> Mac { get; set; } = HMACSHA256.HashData;

    internal Func<byte[], byte[]> ChangeMac { get; set; } = mac => mac;

    internal byte[]? LastAttributes { get; set; }

    /// <summary>Gets what the MAC is computed over when it is not what it should be.</summary>
    internal byte[]? MacInput { get; set; }

    internal static RawAuthenticated To(TestIdentity recipient, int keySize = 32)
    {
        var message = new RawAuthenticated { Key = RandomNumberGenerator.GetBytes(keySize) };
        message.Recipients.Add(RawEnvelope.Transport(recipient, message.Key));
        return message;
    }

    /// <summary>Adds the attributes that RFC 5652 §9.1 wants, or others.</summary>
    internal RawAuthenticated WithAttributes(params byte[][] attributes)
    {
        DigestAlgorithm = Asn.Algorithm(Sha256);
        Attributes = Asn.SortedSet(attributes.Length > 0 ? attributes : [TypeAttribute(ContentType), DigestAttribute(Content!)]);
        return this;
    }

    internal static byte[] TypeAttribute(string contentType) =>
        Asn.Sequence(Asn.Oid("1.2.840.113549.1.9.3"), Asn.Set(Asn.Oid(contentType)));

    internal static byte[] DigestAttribute(byte[] content) =>
        Asn.Sequence(Asn.Oid("1.2.840.113549.1.9.4"), Asn.Set(Asn.OctetString(SHA256.HashData(content))));

    internal byte[] Encode()
    {
        byte[] mac = ChangeMac(Mac(Key, MacInput ?? Attributes ?? Content ?? []));
        byte[] encap = Content is null
            ? Asn.Sequence(Asn.Oid(ContentType))
            : Asn.Sequence(Asn.Oid(ContentType), Asn.Tagged(0xA0, Asn.OctetString(Content)));
        return Asn.Sequence(
            Asn.Oid("1.2.840.113549.1.9.16.1.2"),
            Asn.Tagged(0xA0, Asn.Sequence(
                Asn.Number(Version),
                Originator ?? [],
                Asn.Set(Recipients),
                MacAlgorithm,
                DigestAlgorithm is null ? [] : [0xA1, .. DigestAlgorithm.AsSpan(1)],
                encap,
                Attributes is null ? [] : [0xA2, .. Attributes.AsSpan(1)],
                Asn.OctetString(mac),
                LastAttributes ?? [])));
    }
}
