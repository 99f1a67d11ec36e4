using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

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
        List<ReadOnlyMemory<byte>>? certificates = await ReadCertificatesAsync(ber, limits, cancellationToken).ConfigureAwait(false);
        List<ReadOnlyMemory<byte>>? crls = await ReadCrlsAsync(ber, limits, cancellationToken).ConfigureAwait(false);
        return certificates is null && crls is null ? None : Sort(certificates ?? [], crls ?? []);
    }

    private static async ValueTask<List<ReadOnlyMemory<byte>>?> ReadCertificatesAsync(
        BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken)
    {
        const string Field = "certificates";
        if (!await ber.TryEnterAsync(CertificateSet, Field, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var entries = new List<ReadOnlyMemory<byte>>();
        while (await ber.PeekAsync(Field, cancellationToken).ConfigureAwait(false) is not null)
        {
            if (entries.Count >= limits.MaxCertificates)
            {
                throw new LimitExceededException(nameof(limits.MaxCertificates), limits.MaxCertificates);
            }

            entries.Add(await ber.ReadLeafAsync(
                Field, limits.MaxCertificateSize, nameof(limits.MaxCertificateSize), cancellationToken).ConfigureAwait(false));
        }

        await ber.LeaveAsync(Field, cancellationToken).ConfigureAwait(false);
        return entries;
    }

    private static async ValueTask<List<ReadOnlyMemory<byte>>?> ReadCrlsAsync(
        BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken)
    {
        const string Field = "crls";
        if (!await ber.TryEnterAsync(RevocationInfoChoices, Field, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var entries = new List<ReadOnlyMemory<byte>>();
        int room = limits.MaxCrlSize; // for all of them: they are held in memory together
        while (await ber.PeekAsync(Field, cancellationToken).ConfigureAwait(false) is not null)
        {
            if (entries.Count >= limits.MaxCrls)
            {
                throw new LimitExceededException(nameof(limits.MaxCrls), limits.MaxCrls);
            }

            byte[] entry = await ber.ReadLeafAsync(Field, room, nameof(limits.MaxCrlSize), cancellationToken).ConfigureAwait(false);
            room -= entry.Length;
            entries.Add(entry);
        }

        await ber.LeaveAsync(Field, cancellationToken).ConfigureAwait(false);
        return entries;
    }

    private static CarriedCertificates Sort(List<ReadOnlyMemory<byte>> certificates, List<ReadOnlyMemory<byte>> crls)
    {
        var readable = new List<Certificate>(certificates.Count);
        var others = new List<ReadOnlyMemory<byte>>();
        foreach (ReadOnlyMemory<byte> encoded in certificates)
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

        return new CarriedCertificates
        {
            Certificates = readable,
            OtherCertificates = others,
            Crls = crls.FindAll(c => c.Span[0] == Sequence),
            OtherRevocationInfo = crls.FindAll(c => c.Span[0] != Sequence),
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
}
