using SmimeKit.Certificates;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Opening;

/// <summary>Finds the keys that may open an encrypted layer: those given, and those of stores that match a recipient.</summary>
internal static class KeyFinder
{
    internal static async ValueTask<IReadOnlyList<IDecryptionKey>> FindAsync(
        SmimeOpenOptions options, IReadOnlyList<RecipientInfo> recipients, CancellationToken cancellationToken)
    {
        if (options.KeyStores.Count == 0)
        {
            return options.DecryptionKeys;
        }

        var keys = new List<IDecryptionKey>(options.DecryptionKeys);
        foreach (IPrivateKeyStore store in options.KeyStores)
        {
            foreach (CertificateIdentifier identifier in recipients.Select(r => r.Identifier).OfType<CertificateIdentifier>())
            {
                IReadOnlyList<IDecryptionKey> found = await store
                    .FindDecryptionKeysAsync(identifier.ToQuery(), cancellationToken).ConfigureAwait(false);
                keys.AddRange(found.Where(k => !keys.Exists(known => known.Certificate.Equals(k.Certificate))));
            }
        }

        return keys;
    }

    /// <summary>The query for a certificate that a message names.</summary>
    internal static CertificateQuery ToQuery(this CertificateIdentifier identifier) => identifier switch
    {
        IssuerAndSerialNumber named => new CertificateQuery
        {
            Purpose = CertificatePurpose.Any,
            Issuer = named.Issuer,
            SerialNumber = named.SerialNumber,
        },
        _ => new CertificateQuery
        {
            Purpose = CertificatePurpose.Any,
            SubjectKeyIdentifier = ((SubjectKeyIdentifier)identifier).Value,
        },
    };
}
