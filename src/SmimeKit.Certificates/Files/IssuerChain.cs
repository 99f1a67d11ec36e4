namespace SmimeKit.Certificates;

/// <summary>Gathers the certificates that by name may have issued another: what a signer sends along. Nothing is verified.</summary>
internal static class IssuerChain
{
    private const int MaxLength = 20; // paths in the field have fewer than 6 certificates

    /// <summary>The possible issuers, nearest first, each once; certificates that issue each other in a circle end the search.</summary>
    internal static IReadOnlyList<Certificate> Find(Certificate certificate, ILookup<DistinguishedName, Certificate> bySubject)
    {
        var chain = new List<Certificate>();
        var seen = new HashSet<Certificate> { certificate };
        var pending = new Queue<Certificate>([certificate]);
        while (chain.Count < MaxLength && pending.TryDequeue(out Certificate? current))
        {
            foreach (Certificate issuer in bySubject[current.Issuer].Where(seen.Add).Take(MaxLength - chain.Count))
            {
                chain.Add(issuer);
                pending.Enqueue(issuer);
            }
        }

        return chain;
    }
}
