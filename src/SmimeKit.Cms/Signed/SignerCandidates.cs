using SmimeKit.Certificates;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>Where a signer's certificate may come from: first the message, then the caller (R3369-5.6-a). Several may fit.</summary>
internal sealed class SignerCandidates(IReadOnlyList<Certificate> carried, SignerCertificateResolver? resolver)
{
    internal async ValueTask<IReadOnlyList<Certificate>> FindAsync(CertificateIdentifier identifier, CancellationToken cancellationToken)
    {
        var found = new List<Certificate>(1);
        Add(found, carried, identifier);
        if (resolver is not null)
        {
            Add(found, await resolver(identifier, cancellationToken).ConfigureAwait(false), identifier);
        }

        return found;
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
