using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Capabilities;

/// <summary>One capability, RFC 8551 §2.5.2: an algorithm that its announcer can process.</summary>
/// <param name="Oid">The algorithm as an object identifier.</param>
/// <param name="Parameters">The encoded parameters; empty when absent.</param>
public sealed record SmimeCapability(string Oid, ReadOnlyMemory<byte> Parameters)
{
    /// <summary>
    /// Gets RSA-KEM as RFC 9690 §2.4 has it announced: KDF3 with SHA-256, a key-encryption key of 16 octets, AES-128 key wrap. It is not among
    /// <see cref="SmimeCapabilities.Own"/>, because it takes a key from a file.
    /// </summary>
    public static SmimeCapability RsaKem { get; } = new(Oids.RsaKemKey, EncodeRsaKem());

    /// <summary>Compares by content.</summary>
    /// <param name="other">The other capability.</param>
    /// <returns>True when both announce the same.</returns>
    public bool Equals(SmimeCapability? other) =>
        other is not null && Oid == other.Oid && Parameters.Span.SequenceEqual(other.Parameters.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Oid.GetHashCode(StringComparison.Ordinal);

    // GenericHybridParameters: { id-kem-rsa, { { KDF3, SHA-256 }, 16 } }, { AES-128 wrap }.
    private static byte[] EncodeRsaKem()
    {
        const int KekLength = 16;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAlgorithm(writer, Oids.KemRsa, kem =>
            {
                using (kem.PushSequence())
                {
                    WriteAlgorithm(kem, Oids.Kdf3, kdf => WriteAlgorithm(kdf, Oids.Sha256));
                    kem.WriteInteger(KekLength);
                }
            });
            WriteAlgorithm(writer, Oids.Aes128Wrap);
        }

        return writer.Encode();
    }

    private static void WriteAlgorithm(AsnWriter writer, string oid, Action<AsnWriter>? writeParameters = null)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writeParameters?.Invoke(writer);
        }
    }
}
