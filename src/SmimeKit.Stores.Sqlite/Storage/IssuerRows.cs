using SmimeKit.Certificates;

namespace SmimeKit.Stores.Sqlite.Storage;

/// <summary>The intermediate certificates that a signer sends along.</summary>
internal static class IssuerRows
{
    private const int MaxCertificates = 16;
    private const int MaxSignatureChecks = 64; // names are free to choose, so a harvested crowd may bear the issuer's

    /// <summary>
    /// Collects stored CA certificates whose keys made the signatures from a certificate upwards; without self-issued ones, which
    /// recipients have or do not trust. Proves no path.
    /// </summary>
    internal static IReadOnlyList<Certificate> Above(StoreConnection connection, Certificate certificate)
    {
        var chain = new List<Certificate>();
        var waiting = new Queue<Certificate>([certificate]);
        int checks = 0;
        while (waiting.TryDequeue(out Certificate? subject))
        {
            foreach (Certificate issuer in subject.IsSelfIssued ? [] : Named(connection, subject.Issuer))
            {
                if (chain.Count == MaxCertificates || ++checks > MaxSignatureChecks)
                {
                    return chain;
                }

                if (!chain.Contains(issuer) && IsIntermediate(issuer) && subject.VerifySignature(issuer.PublicKey) == SignatureCheck.Match)
                {
                    chain.Add(issuer);
                    waiting.Enqueue(issuer);
                }
            }
        }

        return chain;
    }

    private static List<Certificate> Named(StoreConnection connection, DistinguishedName subject) =>
        connection.List(
            "SELECT der, sha256 FROM certificate WHERE subject = @subject ORDER BY provenance DESC, not_after DESC LIMIT @limit",
            static row => row.Certificate(0, 1),
            ("@subject", CertificateIndex.NameKey(subject)),
            ("@limit", MaxSignatureChecks));

    private static bool IsIntermediate(Certificate issuer)
    {
        try
        {
            return !issuer.IsSelfIssued && issuer.IsCertificateAuthority;
        }
        catch (MalformedDataException)
        {
            return false;
        }
    }
}
