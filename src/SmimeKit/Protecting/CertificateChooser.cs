using SmimeKit.Capabilities;
using SmimeKit.Certificates;

namespace SmimeKit.Protecting;

/// <summary>Finds the keys and certificates for a message: own signing key, own encryption certificate, recipients, issuers.</summary>
internal sealed class CertificateChooser(SmimeProtectOptions options)
{
    private const int MaxChain = 8; // S/MIME chains in the field have up to four certificates

    /// <summary>The keys that sign.</summary>
    internal async ValueTask<IReadOnlyList<ISigningKey>> FindSigningKeysAsync(string? from, CancellationToken cancellationToken)
    {
        if (options.SigningKeys.Count > 0)
        {
            return options.SigningKeys;
        }

        if (from is not null)
        {
            var query = new CertificateQuery { Purpose = CertificatePurpose.EmailSigning, EmailAddress = from, ValidAt = options.Now, Limit = 1 };
            foreach (IPrivateKeyStore store in options.KeyStores)
            {
                IReadOnlyList<ISigningKey> keys = await store.FindSigningKeysAsync(query, cancellationToken).ConfigureAwait(false);
                if (keys.Count > 0)
                {
                    return [keys[0]];
                }
            }
        }

        throw new StoreException("signing-key-missing", $"There is no valid signing key for {from ?? "the sender"}.");
    }

    /// <summary>The sender's own encryption certificate, or null.</summary>
    internal async ValueTask<Certificate?> FindOwnCertificateAsync(string? from, CancellationToken cancellationToken)
    {
        if (options.OwnEncryptionCertificate is not null || from is null)
        {
            return options.OwnEncryptionCertificate;
        }

        CertificateQuery query = EncryptionQuery(from);
        foreach (IPrivateKeyStore store in options.KeyStores)
        {
            IReadOnlyList<IDecryptionKey> keys = await store.FindDecryptionKeysAsync(query, cancellationToken).ConfigureAwait(false);
            if (keys.Count > 0)
            {
                return keys[0].Certificate;
            }
        }

        return (await FindAsync(from, cancellationToken).ConfigureAwait(false))?.Certificate;
    }

    /// <summary>Everybody to encrypt to. Nobody is left out silently.</summary>
    /// <exception cref="StoreException">Somebody has no usable certificate; the message names them.</exception>
    internal async ValueTask<IReadOnlyList<RecipientChoice>> FindRecipientsAsync(
        Correspondents correspondents, CancellationToken cancellationToken)
    {
        var choices = new List<RecipientChoice>(options.Recipients.Select(c => new RecipientChoice(c, null)));
        var missing = new List<string>();
        IEnumerable<string> addresses = options.UsesMessageRecipients
            ? options.RecipientAddresses.Concat(correspondents.Recipients).Distinct(StringComparer.OrdinalIgnoreCase)
            : options.RecipientAddresses;
        foreach (string address in addresses)
        {
            RecipientChoice? choice = options.Recipients.Any(c => c.EmailAddresses.Any(a => EmailAddressComparison.AreEqual(a, address)))
                ? null
                : await FindAsync(address, cancellationToken).ConfigureAwait(false);
            if (choice is not null)
            {
                choices.Add(choice);
            }
            else if (!options.Recipients.Any(c => c.EmailAddresses.Any(a => EmailAddressComparison.AreEqual(a, address))))
            {
                missing.Add(address);
            }
        }

        if (missing.Count > 0)
        {
            throw new StoreException(
                "recipient-certificate-missing", $"There is no valid encryption certificate for {string.Join(", ", missing)}.");
        }

        return await AddSelfAsync(choices, correspondents.From, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The certificates that a signature carries: the signer's, and the issuers as far as they are known, without roots.</summary>
    internal async ValueTask<IReadOnlyList<Certificate>> FindCarriedAsync(
        ISigningKey key, Certificate? ownEncryption, CancellationToken cancellationToken)
    {
        if (options.IncludedCertificates == IncludedCertificates.None)
        {
            return [];
        }

        var carried = new List<Certificate> { key.Certificate };
        if (ownEncryption is not null)
        {
            carried.Add(ownEncryption);
        }

        if (options.IncludedCertificates == IncludedCertificates.Chain)
        {
            foreach (Certificate leaf in carried.ToArray())
            {
                await AddIssuersAsync(carried, leaf, key.Chain, cancellationToken).ConfigureAwait(false);
            }
        }

        return carried;
    }

    private async ValueTask<IReadOnlyList<RecipientChoice>> AddSelfAsync(
        List<RecipientChoice> choices, string? from, CancellationToken cancellationToken)
    {
        if (options.EncryptsToSelf)
        {
            Certificate own = await FindOwnCertificateAsync(from, cancellationToken).ConfigureAwait(false)
                ?? throw new StoreException(
                    "own-encryption-certificate-missing",
                    $"There is no encryption certificate for {from ?? "the sender"}, so the sent copy could not be read.");
            if (!choices.Exists(c => c.Certificate.Equals(own)))
            {
                choices.Add(new RecipientChoice(own, SmimeCapabilities.Own));
            }
        }

        return choices.Count > 0 ? choices : throw new ArgumentException("There is nobody to encrypt to.");
    }

    private async ValueTask<RecipientChoice?> FindAsync(string address, CancellationToken cancellationToken)
    {
        foreach (ICertificateStore store in options.Stores)
        {
            IReadOnlyList<StoredCertificate> found = await store.FindAsync(EncryptionQuery(address), cancellationToken).ConfigureAwait(false);
            foreach (StoredCertificate candidate in found)
            {
                if (await IsValidAsync(candidate.Certificate, cancellationToken).ConfigureAwait(false))
                {
                    return new RecipientChoice(
                        candidate.Certificate, candidate.Capabilities.IsEmpty ? null : SmimeCapabilities.TryDecode(candidate.Capabilities));
                }
            }
        }

        return null;
    }

    private CertificateQuery EncryptionQuery(string address) =>
        new() { Purpose = CertificatePurpose.EmailEncryption, EmailAddress = address, ValidAt = options.Now };

    private async ValueTask<bool> IsValidAsync(Certificate certificate, CancellationToken cancellationToken)
    {
        if (!options.ValidatesRecipients)
        {
            return true;
        }

        ITrustAnchors anchors = options.Anchors
            ?? throw new ArgumentException("Trust anchors are needed to validate the recipients' certificates.");
        PathValidationResult path = await CertificatePathValidator.ValidateAsync(
            certificate,
            new PathValidationOptions
            {
                Anchors = anchors,
                At = options.Now,
                Purpose = CertificatePurpose.EmailEncryption,
                Stores = options.Stores,
                Policy = options.CertificatePolicy,
                Limits = options.PathLimits,
                TimeProvider = options.TimeProvider,
            },
            cancellationToken).ConfigureAwait(false);
        return path.Outcome == TrustStatus.Trusted;
    }

    private async ValueTask AddIssuersAsync(
        List<Certificate> carried, Certificate leaf, IReadOnlyList<Certificate> known, CancellationToken cancellationToken)
    {
        Certificate current = leaf;
        for (int i = 0; i < MaxChain && !current.IsSelfIssued; i++)
        {
            Certificate? issuer = known.FirstOrDefault(c => IsIssuer(c, current))
                ?? await FindIssuerAsync(current, cancellationToken).ConfigureAwait(false);
            if (issuer is null || issuer.IsSelfIssued) // RFC 8550 §2.3: the root is the receiver's to have
            {
                return;
            }

            if (!carried.Contains(issuer))
            {
                carried.Add(issuer);
            }

            current = issuer;
        }
    }

    private async ValueTask<Certificate?> FindIssuerAsync(Certificate certificate, CancellationToken cancellationToken)
    {
        var query = new CertificateQuery { Purpose = CertificatePurpose.Any, Subject = certificate.Issuer };
        foreach (ICertificateStore store in options.Stores)
        {
            IReadOnlyList<StoredCertificate> found = await store.FindAsync(query, cancellationToken).ConfigureAwait(false);
            if (found.FirstOrDefault(f => IsIssuer(f.Certificate, certificate)) is { } issuer)
            {
                return issuer.Certificate;
            }
        }

        return null;
    }

    private static bool IsIssuer(Certificate candidate, Certificate certificate) =>
        candidate.Subject.Equals(certificate.Issuer) && certificate.VerifySignature(candidate.PublicKey) == SignatureCheck.Match;
}
