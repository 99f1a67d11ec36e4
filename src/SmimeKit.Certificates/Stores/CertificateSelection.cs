using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Which certificates answer a query, and in what order. Every store asks here, so that no two of them disagree.</summary>
/// <remarks>Selection proves nothing about a certificate: neither its path nor its revocation is looked at.</remarks>
public static class CertificateSelection
{
    private const KeyUsages ForSigning = KeyUsages.DigitalSignature | KeyUsages.NonRepudiation;

    /// <summary>Tells whether a certificate satisfies all criteria of a query.</summary>
    /// <param name="query">The criteria.</param>
    /// <param name="certificate">The certificate.</param>
    /// <returns>False also when a criterion needs an extension that is malformed.</returns>
    public static bool Matches(CertificateQuery query, Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(certificate);
        return Equal(query.Sha256, certificate.Sha256)
            && Equal(query.SerialNumber, certificate.SerialNumber)
            && (query.SubjectKeyIdentifier is not { } ski
                || CertificateIndex.SubjectKeyIdentifiers(certificate).Any(id => id.Span.SequenceEqual(ski.Span)))
            && (query.ValidAt is not { } instant || certificate.IsValidAt(instant))
            && (query.Issuer is null || query.Issuer.Equals(certificate.Issuer))
            && (query.Subject is null || query.Subject.Equals(certificate.Subject))
            && (query.EmailAddress is not { } address
                || AddressesOf(certificate).Any(named => EmailAddressComparison.AreEqual(named, address)))
            && Serves(query.Purpose, certificate);
    }

    /// <summary>
    /// Filters, ranks and cuts candidates: pinned first, then the newest announcement of the holder, then the latest to expire, then the
    /// latest issued, then by fingerprint. Entries of one certificate are merged into the strongest.
    /// </summary>
    /// <param name="query">The criteria and the most answers wanted.</param>
    /// <param name="candidates">
    /// What an index found, possibly more than matches. <see cref="StoredCertificate.PreferredSince"/> and the capabilities are those
    /// announced for the query's address, or for any address when it names none; the reasons are replaced.
    /// </param>
    /// <returns>The answers, best first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The query wants fewer than one answer.</exception>
    public static IReadOnlyList<StoredCertificate> Rank(CertificateQuery query, IEnumerable<StoredCertificate> candidates)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit, nameof(query));
        return
        [
            .. candidates.Where(c => Matches(query, c.Certificate))
                .GroupBy(c => c.Certificate, (_, entries) => entries.Aggregate(Merge))
                .OrderByDescending(c => c.Provenance == CertificateProvenance.Pinned)
                .ThenByDescending(c => c.PreferredSince ?? DateTimeOffset.MinValue)
                .ThenByDescending(c => c.Certificate.NotAfter)
                .ThenByDescending(c => c.Certificate.NotBefore)
                .ThenBy(c => Convert.ToHexString(c.Certificate.Sha256.Span), StringComparer.Ordinal)
                .Take(query.Limit)
                .Select(c => c with { Reason = Explain(c) }),
        ];
    }

    internal static IReadOnlyList<string> AddressesOf(Certificate certificate) =>
        Tolerate(certificate, static c => c.EmailAddresses, []);

    internal static T Tolerate<T>(Certificate certificate, Func<Certificate, T> read, T whenMalformed)
    {
        try
        {
            return read(certificate);
        }
        catch (MalformedDataException)
        {
            return whenMalformed;
        }
    }

    private static bool Serves(CertificatePurpose purpose, Certificate certificate) => purpose switch
    {
        CertificatePurpose.EmailSigning => Tolerate(certificate, static c => MaySign(c) && IsForMail(c), false),
        CertificatePurpose.EmailEncryption => Tolerate(certificate, static c => MayReceive(c) && IsForMail(c), false),
        _ => true,
    };

    private static bool MaySign(Certificate certificate) =>
        KeyPurposes.CanSign(certificate.PublicKey) && certificate.AllowsKeyUsage(ForSigning);

    private static bool MayReceive(Certificate certificate) =>
        KeyPurposes.EncryptionUsages(certificate.PublicKey) is not KeyUsages.None and var usages && certificate.AllowsKeyUsage(usages);

    // RFC 8550 §4.4.4: when present, emailProtection or anyExtendedKeyUsage.
    private static bool IsForMail(Certificate certificate) =>
        certificate.ExtendedKeyUsages is not { } purposes || purposes.Any(p => p is Oids.EmailProtection or Oids.AnyExtendedKeyUsage);

    private static bool Equal(ReadOnlyMemory<byte>? wanted, ReadOnlyMemory<byte> actual) =>
        wanted is not { } value || value.Span.SequenceEqual(actual.Span);

    private static StoredCertificate Merge(StoredCertificate left, StoredCertificate right)
    {
        StoredCertificate newer = (right.PreferredSince ?? DateTimeOffset.MinValue) > (left.PreferredSince ?? DateTimeOffset.MinValue)
            ? right
            : left;
        return newer with { Provenance = left.Provenance > right.Provenance ? left.Provenance : right.Provenance };
    }

    private static string Explain(StoredCertificate entry) =>
        entry.Provenance == CertificateProvenance.Pinned ? "Pinned by the user."
            : entry.PreferredSince is { } since ? FormattableString.Invariant($"Announced by its holder at {since:u}.")
            : FormattableString.Invariant($"Expires at {entry.Certificate.NotAfter:u}.");
}
