using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Types;

/// <summary>What a message carries for building paths: CertificateSet and RevocationInfoChoices, RFC 5652 §10.2.1-10.2.3.</summary>
/// <remarks>Nothing here is trusted for being carried. Entries that do not parse are kept apart and do not hide the others.</remarks>
public sealed record CarriedCertificates
{
    internal const byte V2AttributeCertificate = 0xA2;

    private const byte Sequence = 0x30;

    /// <summary>Gets a message's belongings when it carries nothing.</summary>
    public static CarriedCertificates None { get; } = new();

    /// <summary>Gets the X.509 certificates, in the order received.</summary>
    public IReadOnlyList<Certificate> Certificates { get; init; } = [];

    /// <summary>
    /// Gets the certificate choices that are no readable X.509 certificate, encoded with the tag that tells which: extended certificates
    /// <c>[0]</c>, attribute certificates <c>[1]</c> and <c>[2]</c>, other formats <c>[3]</c>, and what is damaged.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OtherCertificates { get; init; } = [];

    /// <summary>Gets the CRLs, encoded. They look like CRLs; nothing inside has been decoded or verified.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Crls { get; init; } = [];

    /// <summary>Gets entries that stand where CRLs do and are none, encoded.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> UnreadableCrls { get; init; } = [];

    /// <summary>Gets other revocation information, encoded with its tag <c>[1]</c>: OCSP responses, SCVP (RFC 5940) and unknown formats.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OtherRevocationInfo { get; init; } = [];

    /// <summary>Puts what several messages carry together. What occurs in more than one is kept once.</summary>
    /// <param name="all">What each of the messages carries.</param>
    /// <returns>All of it, in the order of the messages.</returns>
    public static CarriedCertificates Merge(params IEnumerable<CarriedCertificates> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        List<CarriedCertificates> each = [.. all];
        return new CarriedCertificates
        {
            Certificates = [.. each.SelectMany(c => c.Certificates).Distinct()],
            OtherCertificates = CarriedEntries.Distinct(each.SelectMany(c => c.OtherCertificates)),
            Crls = CarriedEntries.Distinct(each.SelectMany(c => c.Crls)),
            UnreadableCrls = CarriedEntries.Distinct(each.SelectMany(c => c.UnreadableCrls)),
            OtherRevocationInfo = CarriedEntries.Distinct(each.SelectMany(c => c.OtherRevocationInfo)),
        };
    }

    /// <summary>Makes an entry of <see cref="OtherCertificates"/> from an attribute certificate of version 2 (RFC 5755).</summary>
    /// <param name="attributeCertificate">The encoded AttributeCertificate, a SEQUENCE.</param>
    /// <returns>The entry. What the certificate says is not looked at.</returns>
    /// <exception cref="ArgumentException">The value is no SEQUENCE.</exception>
    public static ReadOnlyMemory<byte> EncodeAttributeCertificate(ReadOnlyMemory<byte> attributeCertificate)
    {
        if (!BerValue.TryRead(attributeCertificate.Span, out BerValue value)
            || value.Identifier != Sequence || value.Size != attributeCertificate.Length)
        {
            throw new ArgumentException("An attribute certificate is one SEQUENCE.", nameof(attributeCertificate));
        }

        return Retag(attributeCertificate, V2AttributeCertificate);
    }

    /// <summary>Makes an entry of <see cref="OtherRevocationInfo"/> from an OCSP response (RFC 5940 §3).</summary>
    /// <param name="response">The encoded OCSPResponse. Its signature is not verified.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="ArgumentException">The value is no OCSPResponse with an answer.</exception>
    public static ReadOnlyMemory<byte> EncodeOcspResponse(ReadOnlyMemory<byte> response) =>
        RevocationInfo.IsAnswer(response)
            ? RevocationInfo.EncodeOther(Oids.OcspResponse, response.Span)
            : throw new ArgumentException("Only a successful OCSPResponse is carried (RFC 5940 §3).", nameof(response));

    /// <summary>Makes an entry of <see cref="OtherRevocationInfo"/> in any format.</summary>
    /// <param name="oid">The format as an object identifier, such as id-ri-scvp (RFC 5940 §4).</param>
    /// <param name="value">The encoded value that the format defines; not looked at.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="ArgumentException">The identifier is none, or the value is not encoded.</exception>
    public static ReadOnlyMemory<byte> EncodeRevocationInfo(string oid, ReadOnlyMemory<byte> value)
    {
        ArgumentException.ThrowIfNullOrEmpty(oid);
        return RevocationInfo.EncodeOther(oid, value.Span);
    }

    /// <summary>Gets the attribute certificates of version 2 (RFC 5755), each encoded as it was issued.</summary>
    /// <returns>The certificates, not decoded. What they authorise is not evaluated.</returns>
    public IReadOnlyList<ReadOnlyMemory<byte>> GetAttributeCertificates() =>
        [.. OtherCertificates.Where(c => c.Span[0] == V2AttributeCertificate).Select(c => Retag(c, Sequence))];

    /// <summary>Gets the OCSP responses that have an answer (RFC 5940 §3), encoded.</summary>
    /// <returns>The responses, not verified: input for revocation checking, which decides whether they count.</returns>
    public IReadOnlyList<ReadOnlyMemory<byte>> GetOcspResponses() =>
        [.. OtherRevocationInfo.Select(RevocationInfo.FindOcspResponse).OfType<ReadOnlyMemory<byte>>()];

    /// <summary>Reads <c>certificates [0] IMPLICIT CertificateSet OPTIONAL, crls [1] IMPLICIT RevocationInfoChoices OPTIONAL</c>.</summary>
    internal static async ValueTask<CarriedCertificates> ReadAsync(BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken) =>
        Sort(await CarriedEntries.ReadAsync(ber, limits, cancellationToken).ConfigureAwait(false));

    /// <summary>Sorts entries by what they are.</summary>
    internal static CarriedCertificates Sort(CarriedEntries entries)
    {
        if (entries.Certificates.Count == 0 && entries.Crls.Count == 0)
        {
            return None;
        }

        var readable = new List<Certificate>(entries.Certificates.Count);
        var others = new List<ReadOnlyMemory<byte>>();
        foreach (ReadOnlyMemory<byte> encoded in entries.Certificates)
        {
            if (TryDecode(encoded) is { } certificate)
            {
                readable.Add(certificate);
            }
            else
            {
                others.Add(encoded);
            }
        }

        ILookup<bool?, ReadOnlyMemory<byte>> crls = entries.Crls.ToLookup(
            c => c.Span[0] != Sequence ? (bool?)null : RevocationInfo.IsCrl(c.Span));
        return new CarriedCertificates
        {
            Certificates = readable,
            OtherCertificates = others,
            Crls = [.. crls[true]],
            UnreadableCrls = [.. crls[false]],
            OtherRevocationInfo = [.. crls[null]],
        };
    }

    // R3369-10.2.2-d: one unreadable certificate does not prevent the use of the others.
    private static Certificate? TryDecode(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            return encoded.Span[0] == Sequence ? Certificate.Decode(encoded) : null;
        }
        catch (SmimeKitException)
        {
            return null;
        }
    }

    private static byte[] Retag(ReadOnlyMemory<byte> encoded, byte identifier)
    {
        byte[] copy = encoded.ToArray();
        copy[0] = identifier;
        return copy;
    }
}
