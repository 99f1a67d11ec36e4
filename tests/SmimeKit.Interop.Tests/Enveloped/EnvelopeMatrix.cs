using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Policy;
using SmimeKit.TestKit.Messages;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>Every way to a recipient with every cipher and both identifiers; the other choices are spread over them.</summary>
public static class EnvelopeMatrix
{
    private static readonly Dictionary<string, EnvelopeCase> _all = Combine().ToDictionary(c => c.Name);

    /// <summary>Gets what this library reads and writes.</summary>
    public static IEnumerable<EnvelopeCase> All => _all.Values;

    public static EnvelopeCase Named(string name) => _all[name];

    private static IEnumerable<EnvelopeCase> Combine()
    {
        int count = 0;
        foreach (RecipientRow scheme in RecipientRow.All.Where(r => r.HasPeers))
        {
            foreach (ContentEncryptionAlgorithm cipher in EnvelopeCases.Ciphers)
            {
                if (!Combines(scheme, cipher))
                {
                    continue;
                }

                bool several = (count & 1) != 0;
                bool definite = (count & 2) != 0;
                yield return new EnvelopeCase(scheme, cipher, KeyIdentifier: false, several, definite);
                if (scheme.IsSymmetric)
                {
                    yield return new EnvelopeCase(scheme, cipher, KeyIdentifier: false, !several, !definite);
                    count++;
                    continue;
                }

                yield return new EnvelopeCase(scheme, cipher, KeyIdentifier: true, !several, !definite);
                if (!scheme.IsOaep && !scheme.IsEcdh)
                {
                    yield return new EnvelopeCase(scheme, cipher, KeyIdentifier: false, !several, !definite); // some peers know this scheme only
                }

                count++;
            }
        }
    }

    // AES in its usual modes goes with everything, the obsolete ciphers are of the age of PKCS #1 v1.5, the others stand for themselves.
    private static bool Combines(RecipientRow scheme, ContentEncryptionAlgorithm cipher)
    {
        bool isUsual = cipher.Name.StartsWith("AES", StringComparison.Ordinal) && !cipher.Name.EndsWith("CCM", StringComparison.Ordinal);
        bool isObsolete = CmsPolicy.Legacy.WeakContentEncryption.Contains(cipher.Oid);
        return isUsual || scheme.Name == "rsa-pkcs1" || (!isObsolete && scheme.Name == "ecdh-p256-sha256");
    }
}
