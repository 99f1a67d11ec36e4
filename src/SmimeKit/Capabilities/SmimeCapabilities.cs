using System.Collections.Immutable;
using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Capabilities;

/// <summary>The sMIMECapabilities attribute, RFC 8551 §2.5.2: what a correspondent can process, in order of preference.</summary>
/// <remarks><code>
/// SMIMECapabilities ::= SEQUENCE OF SMIMECapability
/// SMIMECapability   ::= SEQUENCE { capabilityID OBJECT IDENTIFIER, parameters ANY OPTIONAL }
/// </code>
/// The list is partial: an algorithm that is missing may be supported all the same.
/// </remarks>
public sealed class SmimeCapabilities
{
    private const int MaxEntries = 256; // mail software announces about 15

    private SmimeCapabilities(ImmutableArray<SmimeCapability> entries) => Entries = entries;

    /// <summary>Gets what SmimeKit announces: what it reads and is safe, preferred first, grouped by kind.</summary>
    public static SmimeCapabilities Own { get; } = new(
    [
        new(Oids.Aes256Gcm, default),
        new(Oids.Aes128Gcm, default),
        new(Oids.Aes256Cbc, default),
        new(Oids.Aes192Cbc, default),
        new(Oids.Aes128Cbc, default),
        new(Oids.RsaesOaep, PublishedOaepSha256),
        new(Oids.RsaEncryption, default),
        new(Oids.EcdhStandardSha256, WrapParameters(Oids.Aes256Wrap)),
        new(Oids.EcdhStandardSha256, WrapParameters(Oids.Aes128Wrap)),
        new(Oids.MLKem768, default), // R9936-2.4-a: no parameters
        new(Oids.MLKem1024, default),
        new(Oids.MLKem512, default),
        new(Oids.Sha256WithRsa, new byte[] { 5, 0 }), // NULL by exception, RFC 5754 §3.2
        new(Oids.Sha512WithRsa, new byte[] { 5, 0 }),
        new(Oids.EcdsaWithSha256, default),
        new(Oids.EcdsaWithSha384, default),
        new(Oids.EcdsaWithSha512, default),
    ]);

    /// <summary>Gets the entries in the order of preference, unknown ones included.</summary>
    public ImmutableArray<SmimeCapability> Entries { get; }

    // The bytes that RFC 3560 §5 publishes; they leave out the explicit tags of RSAES-OAEP-params.
    private static ReadOnlyMemory<byte> PublishedOaepSha256 => Convert.FromHexString(
        "302B300D06096086480165030402010500301A06092A864886F70D010108300D06096086480165030402010500");

    /// <summary>Creates a list.</summary>
    /// <param name="entries">The entries, preferred first.</param>
    /// <returns>The list.</returns>
    public static SmimeCapabilities Create(IEnumerable<SmimeCapability> entries) => new([.. entries]);

    /// <summary>Decodes a list.</summary>
    /// <param name="der">DER SMIMECapabilities.</param>
    /// <returns>The list, or null when the encoding is malformed or longer than any real one.</returns>
    public static SmimeCapabilities? TryDecode(ReadOnlyMemory<byte> der) =>
        Der.TryDecode(der, Read, out SmimeCapabilities? capabilities, AsnEncodingRules.BER) ? capabilities : null;

    /// <summary>Reads the list that signed attributes announce.</summary>
    /// <param name="attributes">The signed attributes of a valid signer.</param>
    /// <returns>The list, or null when it is absent, repeated or malformed.</returns>
    public static SmimeCapabilities? Find(CmsAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return attributes.FindSingle(Oids.SmimeCapabilities) is { } value ? TryDecode(value) : null;
    }

    /// <summary>Tells whether an algorithm is announced, whatever its parameters.</summary>
    /// <param name="oid">The algorithm as an object identifier.</param>
    /// <returns>True when an entry names it.</returns>
    public bool Announces(string oid) => Entries.Any(e => e.Oid == oid);

    /// <summary>Encodes the list as DER.</summary>
    /// <returns>A new array.</returns>
    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (SmimeCapability entry in Entries)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(entry.Oid);
                    if (!entry.Parameters.IsEmpty)
                    {
                        writer.WriteEncodedValue(entry.Parameters.Span);
                    }
                }
            }
        }

        return writer.Encode();
    }

    /// <summary>Makes the signed attribute.</summary>
    /// <returns>The attribute.</returns>
    public CmsAttribute ToAttribute() => new(Oids.SmimeCapabilities, Encode());

    private static SmimeCapabilities? Read(AsnReader reader)
    {
        AsnReader list = reader.ReadSequence();
        var entries = ImmutableArray.CreateBuilder<SmimeCapability>();
        while (list.HasData && entries.Count < MaxEntries)
        {
            AsnReader entry = list.ReadSequence();
            string oid = entry.ReadObjectIdentifier();
            entries.Add(new SmimeCapability(oid, entry.HasData ? entry.ReadEncodedValue() : default));
        }

        list.ThrowIfNotEmpty();
        return new SmimeCapabilities(entries.ToImmutable());
    }

    private static ReadOnlyMemory<byte> WrapParameters(string wrapOid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(wrapOid);
        }

        return writer.Encode();
    }
}
