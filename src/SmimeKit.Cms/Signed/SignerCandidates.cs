using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Where a signer's certificate may come from: first the message, then the caller (R3369-5.6-a). Several may fit.</summary>
internal sealed class SignerCandidates(IReadOnlyList<Certificate> carried, SignerCertificateResolver? resolver)
{
    private const int MaxIssuersTried = 8; // each costs a verification; nobody has so many DSA issuers of one name

    private readonly Dictionary<Certificate, (SubjectPublicKeyInfo Key, Certificate Issuer)> _heirs = [];

    internal async ValueTask<IReadOnlyList<Certificate>> FindAsync(CertificateIdentifier identifier, CancellationToken cancellationToken)
    {
        var found = new List<Certificate>(1);
        Add(found, carried, identifier);
        if (resolver is not null)
        {
            Add(found, await resolver(identifier, cancellationToken).ConfigureAwait(false), identifier);
        }

        foreach (Certificate candidate in found)
        {
            if (candidate.PublicKey.InheritsParameters && !_heirs.ContainsKey(candidate))
            {
                await CompleteAsync(candidate, cancellationToken).ConfigureAwait(false);
            }
        }

        return found;
    }

    /// <summary>Gets the key of a candidate, completed where it inherits DSA parameters, and the certificate that they come from.</summary>
    internal (SubjectPublicKeyInfo Key, Certificate? ParametersFrom) GetKey(Certificate candidate) =>
        _heirs.TryGetValue(candidate, out (SubjectPublicKeyInfo Key, Certificate Issuer) heir) ? heir : (candidate.PublicKey, null);

    // RFC 3279 §2.3.2. Whoever makes up the issuer makes up the parameters: the report names it, and a path has to lead through it.
    private async ValueTask CompleteAsync(Certificate heir, CancellationToken cancellationToken)
    {
        IEnumerable<Certificate> issuers = carried;
        if (resolver is not null && TryGetIssuerIdentifier(heir) is { } identifier)
        {
            issuers = issuers.Concat(await resolver(identifier, cancellationToken).ConfigureAwait(false));
        }

        foreach (Certificate issuer in issuers.Where(i => i.Subject.Equals(heir.Issuer)).Take(MaxIssuersTried))
        {
            if (heir.PublicKey.TryInherit(issuer.PublicKey) is { } key && heir.VerifySignature(issuer.PublicKey) == SignatureCheck.Match)
            {
                _heirs[heir] = (key, issuer);
                return;
            }
        }
    }

    private static SubjectKeyIdentifier? TryGetIssuerIdentifier(Certificate certificate)
    {
        try
        {
            return certificate.AuthorityKeyIdentifier.IsEmpty ? null : new SubjectKeyIdentifier(certificate.AuthorityKeyIdentifier);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    private static void Add(List<Certificate> found, IReadOnlyList<Certificate> certificates, CertificateIdentifier identifier)
    {
        foreach (Certificate certificate in certificates)
        {
            if (identifier.Matches(certificate) && !found.Contains(certificate))
            {
                found.Add(certificate);
            }
        }
    }
}
