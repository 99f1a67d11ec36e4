using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;

namespace SmimeKit.Cms.Signed;

/// <summary>What a time-stamp is about, by its hash: RFC 3161 §2.4.1.</summary>
/// <remarks><code>
/// MessageImprint ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, hashedMessage OCTET STRING }
/// </code></remarks>
public sealed class MessageImprint
{
    private MessageImprint(AlgorithmIdentifier hashAlgorithm, ReadOnlyMemory<byte> hash)
    {
        HashAlgorithm = hashAlgorithm;
        Hash = hash;
    }

    /// <summary>Gets the digest algorithm.</summary>
    public AlgorithmIdentifier HashAlgorithm { get; }

    /// <summary>Gets the digest.</summary>
    public ReadOnlyMemory<byte> Hash { get; }

    /// <summary>Gets the digest algorithm when it is implemented and its digests have the size of <see cref="Hash"/>, otherwise null.</summary>
    public DigestAlgorithm? Digest =>
        DigestAlgorithm.Find(HashAlgorithm) is { } digest && digest.Size == Hash.Length ? digest : null;

    /// <summary>Hashes what is to be stamped.</summary>
    /// <param name="octets">The octets; for a signature time-stamp those of the signature (<see cref="SignerReport.Signature"/>).</param>
    /// <param name="digest">The digest.</param>
    /// <returns>The imprint.</returns>
    public static MessageImprint Of(ReadOnlySpan<byte> octets, DigestAlgorithm digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return new MessageImprint(digest.ToIdentifier(), digest.Hash(octets));
    }

    /// <summary>Takes a digest that was computed elsewhere.</summary>
    /// <param name="hash">The digest; copied.</param>
    /// <param name="digest">Its algorithm.</param>
    /// <returns>The imprint.</returns>
    /// <exception cref="ArgumentException">The digest has another size than its algorithm.</exception>
    public static MessageImprint OfDigest(ReadOnlySpan<byte> hash, DigestAlgorithm digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return hash.Length == digest.Size
            ? new MessageImprint(digest.ToIdentifier(), hash.ToArray())
            : throw new ArgumentException($"A {digest.Name} digest has {digest.Size} octets.", nameof(hash));
    }

    /// <summary>Tells whether the imprint is that of these octets.</summary>
    /// <param name="octets">The octets.</param>
    /// <returns>True when it is; false also for a digest that is not implemented.</returns>
    public bool Matches(ReadOnlySpan<byte> octets) =>
        Digest is { } digest && CryptographicOperations.FixedTimeEquals(digest.Hash(octets), Hash.Span);

    internal bool IsSame(MessageImprint other) =>
        HashAlgorithm.IsEquivalentTo(other.HashAlgorithm) && CryptographicOperations.FixedTimeEquals(Hash.Span, other.Hash.Span);

    internal static MessageImprint Decode(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        var imprint = new MessageImprint(fields.ReadAlgorithmIdentifier(), fields.ReadOctetString());
        fields.ThrowIfNotEmpty();
        return imprint;
    }

    internal void Encode(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteAlgorithmIdentifier(HashAlgorithm);
            writer.WriteOctetString(Hash.Span);
        }
    }
}
