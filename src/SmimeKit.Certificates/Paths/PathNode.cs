using System.Collections.Immutable;

namespace SmimeKit.Certificates;

/// <summary>One candidate path: its topmost certificate and the node of the path below. Immutable but for what its visit finds.</summary>
internal sealed class PathNode
{
    internal PathNode(IssuerCandidate candidate, PathNode? below, List<PathProblem>? problems)
    {
        Candidate = candidate;
        Below = below;
        Problems = problems;
        Length = below is null ? 1 : below.Length + 1;
        Intermediates = below is null || candidate.IsAnchor ? 0 : below.Intermediates + (candidate.Certificate.IsSelfIssued ? 0 : 1);
        ProblemCount = (below?.ProblemCount ?? 0) + (problems?.Count ?? 0);
        WorstAspect = Math.Max(below?.WorstAspect ?? 0, problems is null ? 0 : problems.Max(p => (int)p.Aspect + 1));
    }

    internal IssuerCandidate Candidate { get; }

    internal Certificate Certificate => Candidate.Certificate;

    internal PathNode? Below { get; }

    /// <summary>Gets the problems of the topmost certificate, or null.</summary>
    internal List<PathProblem>? Problems { get; private set; }

    internal int Length { get; }

    /// <summary>Gets the number of certificates that the pathLenConstraint of an issuer counts: no leaf, none self-issued.</summary>
    internal int Intermediates { get; }

    internal int ProblemCount { get; }

    /// <summary>Gets 0 for a path without problem, else one more than its gravest aspect.</summary>
    internal int WorstAspect { get; }

    internal bool IsComplete => Candidate.IsAnchor;

    /// <summary>Gets or sets whether the signature of the certificate below was verified with this one's key.</summary>
    internal bool IsVerified { get; set; }

    /// <summary>Whether a certificate would come round again: the same name with the same key (RFC 4158 §2.4.2).</summary>
    internal bool Contains(Certificate certificate)
    {
        for (PathNode? node = this; node is not null; node = node.Below)
        {
            if (certificate.PublicKey.RawData.Span.SequenceEqual(node.Certificate.PublicKey.RawData.Span)
                && certificate.Subject.Equals(node.Certificate.Subject))
            {
                return true;
            }
        }

        return false;
    }

    internal void Add(PathProblem problem) => (Problems ??= []).Add(problem);

    internal ImmutableArray<Certificate> ToCertificates()
    {
        var certificates = new Certificate[Length];
        for (PathNode? node = this; node is not null; node = node.Below)
        {
            certificates[node.Length - 1] = node.Certificate;
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(certificates);
    }

    internal ImmutableArray<PathProblem> ToProblems()
    {
        var levels = new Stack<List<PathProblem>>();
        for (PathNode? node = this; node is not null; node = node.Below)
        {
            levels.Push(node.Problems ?? []);
        }

        return [.. levels.SelectMany(level => level)];
    }
}
