using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Types;

/// <summary>What a message carries for building paths: CertificateSet and RevocationInfoChoices, RFC 5652 §10.2.1-10.2.3.</summary>
/// <remarks>Nothing here is trusted for being carried. Entries that do not parse are kept apart and do not hide the others.</remarks>
public sealed record CarriedCertificates
{
    private const byte Sequence = 0x30;
    private const byte CertificateSet = 0xA0;
    private const byte RevocationInfoChoices = 0xA1;

    /// <summary>Gets a message's belongings when it carries nothing.</summary>
    public static CarriedCertificates None { get; } = new();

    /// <summary>Gets the X.509 certificates, in the order received.</summary>
    public IReadOnlyList<Certificate> Certificates { get; init; } = [];

    /// <summary>Gets the certificate choices that are no readable X.509 certificate, encoded: attribute certificates and others.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OtherCertificates { get; init; } = [];

    /// <summary>Gets the CRLs, encoded.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Crls { get; init; } = [];

    /// <summary>Gets other revocation information, encoded (RFC 5940).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> OtherRevocationInfo { get; init; } = [];

    /// <summary>Reads <c>certificates [0] IMPLICIT CertificateSet OPTIONAL, crls [1] IMPLICIT RevocationInfoChoices OPTIONAL</c>.</summary>
    internal static async ValueTask<CarriedCertificates> ReadAsync(BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken)
    {
        var certificates = new List<Certificate>();
        var others = new List<ReadOnlyMemory<byte>>();
        await foreach ((BerHeader header, byte[] encoded) in ReadSetAsync(
            ber, CertificateSet, "certificates", (limits.MaxCertificates, nameof(limits.MaxCertificates)), (limits.MaxCertificateSize, nameof(limits.MaxCertificateSize)), cancellationToken).ConfigureAwait(false))
        {
            Add(header, encoded, certificates, others);
        }

        var crls = new List<ReadOnlyMemory<byte>>();
        var otherRevocation = new List<ReadOnlyMemory<byte>>();
        await foreach ((BerHeader header, byte[] encoded) in ReadSetAsync(
            ber, RevocationInfoChoices, "crls", (limits.MaxCrls, nameof(limits.MaxCrls)), (limits.MaxCrlSize, nameof(limits.MaxCrlSize)), cancellationToken).ConfigureAwait(false))
        {
            (header.Identifier == Sequence ? crls : otherRevocation).Add(encoded);
        }

        return new CarriedCertificates
        {
            Certificates = certificates,
            OtherCertificates = others,
            Crls = crls,
            OtherRevocationInfo = otherRevocation,
        };
    }

    private static void Add(BerHeader header, byte[] encoded, List<Certificate> certificates, List<ReadOnlyMemory<byte>> others)
    {
        try
        {
            if (header.Identifier == Sequence)
            {
                certificates.Add(Certificate.Decode(encoded));
                return;
            }
        }
        catch (MalformedDataException)
        {
            // R3369-10.2.2-d: one unreadable certificate does not prevent the use of the others.
        }

        others.Add(encoded);
    }

    private static async IAsyncEnumerable<(BerHeader Header, byte[] Encoded)> ReadSetAsync(
        BerTokenizer ber,
        byte identifier,
        string field,
        (int Value, string Name) maxCount,
        (int Value, string Name) maxSize,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await ber.TryEnterAsync(identifier, field, cancellationToken).ConfigureAwait(false))
        {
            yield break;
        }

        int count = 0;
        while (await ber.PeekAsync(field, cancellationToken).ConfigureAwait(false) is { } header)
        {
            if (++count > maxCount.Value)
            {
                throw new LimitExceededException(maxCount.Name, maxCount.Value);
            }

            yield return (header, await ber.ReadLeafAsync(field, maxSize.Value, maxSize.Name, cancellationToken).ConfigureAwait(false));
        }

        await ber.LeaveAsync(field, cancellationToken).ConfigureAwait(false);
    }
}
