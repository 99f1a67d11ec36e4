using SmimeKit.Cms.Algorithms;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>Every scheme with every cipher and both identifiers; the other choices are spread over them.</summary>
public static class EnvelopeCases
{
    private static readonly Dictionary<string, EnvelopeCase> _all = Combine().ToDictionary(c => c.Name);

    /// <summary>Gets what this library reads.</summary>
    public static IEnumerable<EnvelopeCase> Read => _all.Values;

    /// <summary>Gets what this library writes: all but the obsolete cipher.</summary>
    public static IEnumerable<EnvelopeCase> Written => Read.Where(c => !c.IsTripleDes);

    public static EnvelopeCase Named(string name) => _all[name];

    private static IEnumerable<EnvelopeCase> Combine()
    {
        int count = 0;
        foreach (RecipientScheme scheme in RecipientScheme.All)
        {
            foreach (ContentEncryptionAlgorithm cipher in ContentEncryptionAlgorithm.BuiltIn)
            {
                if (cipher == ContentEncryptionAlgorithm.TripleDesCbc && (scheme.IsOaep || scheme.IsEcdh))
                {
                    continue; // of the age of PKCS #1 v1.5
                }

                bool several = (count & 1) != 0;
                bool definite = (count & 2) != 0;
                yield return new EnvelopeCase(scheme, cipher, KeyIdentifier: false, several, definite);
                yield return new EnvelopeCase(scheme, cipher, KeyIdentifier: true, !several, !definite);
                if (!scheme.IsOaep && !scheme.IsEcdh)
                {
                    yield return new EnvelopeCase(scheme, cipher, KeyIdentifier: false, !several, !definite); // some peers know this scheme only
                }

                count++;
            }
        }
    }
}
