using System.Collections.Immutable;
using Codes = SmimeKit.Certificates.PathProblemCodes;

namespace SmimeKit.Certificates;

/// <summary>
/// The search for one path: best candidate first, from the leaf upwards. Candidates are ordered by the gravity of what is known against
/// them, which only grows with the path; so the first whole path that comes up is one with the least to say against it, and if that is
/// nothing, it is trusted. A signature is checked when its issuer comes up, never before. A certificate that other candidates reached
/// already waits until every certificate was reached once, which keeps a mesh of cross-signed CAs from multiplying.
/// </summary>
internal sealed class PathSearch
{
    private const int StoresRank = 5; // after every candidate at hand

    private readonly Certificate _leaf;
    private readonly PathValidationOptions _options;
    private readonly PathChecks _checks;
    private readonly PathBudget _budget;
    private readonly IssuerCandidates _candidates;
    private readonly PriorityQueue<Step, long> _queue = new();
    private readonly List<PathNode> _rejected = [];
    private readonly List<(Certificate Child, SubjectPublicKeyInfo Key, SignatureCheck Result)> _edges = [];
    private PathNode? _nearest;
    private int _sequence;

    internal PathSearch(Certificate leaf, PathValidationOptions options)
    {
        _leaf = leaf;
        _options = options;
        _checks = new PathChecks(options);
        _budget = new PathBudget(options.Limits, options.TimeProvider);
        _candidates = new IssuerCandidates(options, _budget);
    }

    internal async ValueTask<PathValidationResult> RunAsync(CancellationToken cancellationToken)
    {
        bool isAnchor = await _options.Anchors.ContainsAsync(_leaf, cancellationToken).ConfigureAwait(false);
        var start = new PathNode(new IssuerCandidate(_leaf, isAnchor), null, _checks.CheckLeaf(_leaf, isAnchor)) { IsVerified = true };
        if (isAnchor)
        {
            return Report(start);
        }

        _queue.Enqueue(new Step(start), 0);
        while (_queue.TryDequeue(out Step step, out _) && _budget.MayGoOn())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step.AskStores is { } group)
            {
                await AskStoresAsync(step.Node, group, cancellationToken).ConfigureAwait(false);
            }
            else if (step.Postponed is { } postponed)
            {
                postponed.TrueForAll(candidate => TryAdd(step.Node, candidate));
            }
            else if (await VisitAsync(step.Node, cancellationToken).ConfigureAwait(false))
            {
                return Report(step.Node);
            }
        }

        return Report(_nearest ?? start);
    }

    // True when the node completes a path.
    private async ValueTask<bool> VisitAsync(PathNode node, CancellationToken cancellationToken)
    {
        if (!node.IsVerified && !Verify(node))
        {
            return false;
        }

        if (node.IsComplete)
        {
            return true;
        }

        if (FindEnd(node) is { } problem)
        {
            Reject(node, problem);
            return false;
        }

        IssuerCandidates.Group group = await _candidates.FindNearAsync(node.Certificate.Issuer, cancellationToken).ConfigureAwait(false);
        bool any = Extend(node, group.Candidates);
        if (_options.Stores.Count > 0 && group.Far is null)
        {
            _queue.Enqueue(new Step(node) { AskStores = group }, Priority(node, StoresRank, visits: 0));
        }
        else if (!any)
        {
            RejectWithoutIssuer(node, isCircle: group.Candidates.Count > 0);
        }

        return false;
    }

    private async ValueTask AskStoresAsync(PathNode node, IssuerCandidates.Group group, CancellationToken cancellationToken)
    {
        IReadOnlyList<IssuerCandidate> found = await _candidates.FindInStoresAsync(group, cancellationToken).ConfigureAwait(false);
        if (!Extend(node, found) && !group.Candidates.Exists(c => !node.Contains(c.Certificate)))
        {
            RejectWithoutIssuer(node, isCircle: group.Candidates.Count > 0);
        }
    }

    // What forbids any issuer of the topmost certificate.
    private PathProblem? FindEnd(PathNode node)
    {
        Certificate certificate = node.Certificate;
        if (certificate.ResolvedSignatureAlgorithm is not { } algorithm)
        {
            string message = $"The signature algorithm {certificate.SignatureAlgorithm.Oid} is not supported.";
            return new PathProblem(Codes.UnsupportedAlgorithm, message, certificate);
        }

        if (_options.Policy.FindObjection(algorithm) is { } objection)
        {
            return new PathProblem(Codes.WeakAlgorithm, objection, certificate);
        }

        return node.Length >= _options.Limits.PathLength
            ? new PathProblem(Codes.BudgetExhausted, $"The limit PathLength = {_options.Limits.PathLength} ends the path.", certificate)
            : null;
    }

    // True when at least one candidate is no repetition of what is below.
    private bool Extend(PathNode node, IReadOnlyList<IssuerCandidate> candidates)
    {
        bool any = false;
        List<IssuerCandidate>? postponed = null;
        int count = _budget.LimitCandidates(candidates.Count);
        if (count < candidates.Count)
        {
            candidates = [.. candidates.OrderBy(c => c.RankFor(node.Certificate)).Take(count)];
        }

        for (int i = 0; i < count; i++)
        {
            IssuerCandidate candidate = candidates[i];
            if (node.Contains(candidate.Certificate))
            {
                continue;
            }

            any = true;
            if (candidate.Visits > 0 && !candidate.IsAnchor)
            {
                (postponed ??= []).Add(candidate);
            }
            else if (!TryAdd(node, candidate))
            {
                break;
            }
        }

        if (postponed is not null)
        {
            _queue.Enqueue(new Step(node) { Postponed = postponed }, Priority(node, rank: 0, postponed.Min(c => c.Visits)));
        }

        return any;
    }

    private bool TryAdd(PathNode node, IssuerCandidate candidate)
    {
        if (!_budget.TrySpendCandidatePath())
        {
            return false;
        }

        var next = new PathNode(candidate, node, _checks.CheckIssuer(candidate, node));
        int visits = candidate.IsAnchor ? 0 : candidate.Visits++;
        _queue.Enqueue(new Step(next), Priority(next, candidate.RankFor(node.Certificate), visits));
        return true;
    }

    // Gravity, novelty, likelihood, the shorter path, the order of the sources.
    private long Priority(PathNode node, int rank, int visits) =>
        ((long)node.WorstAspect << 56)
        | ((long)Math.Min(node.ProblemCount, 255) << 48)
        | ((long)Math.Min(visits, 4095) << 36)
        | ((long)rank << 32)
        | ((long)Math.Min(node.Length, 255) << 24)
        | (uint)Math.Min(_sequence++, 0xFFFFFF);

    private bool Verify(PathNode node)
    {
        Certificate issuer = node.Certificate;
        Certificate child = node.Below!.Certificate;
        if (_options.Policy.FindObjection(issuer.PublicKey) is { } objection)
        {
            Reject(node, new PathProblem(Codes.WeakKey, objection, issuer)); // before the key meets any mathematics
            return false;
        }

        if (issuer.PublicKey.InheritsParameters)
        {
            // RFC 5280 §6.1.4 (d)-(f): verified below, when an issuer above tells the parameters.
            return !node.IsComplete || RejectUnsupported(node, child);
        }

        return node.IsVerified = VerifyEdge(node, child, issuer.PublicKey) && VerifyHeirs(node, issuer.PublicKey);
    }

    // The certificates below whose keys inherit the parameters of this one, each with what it signed.
    private bool VerifyHeirs(PathNode node, SubjectPublicKeyInfo key)
    {
        for (PathNode heir = node.Below!; heir.Certificate.PublicKey.InheritsParameters; heir = heir.Below)
        {
            if (heir.Certificate.PublicKey.TryInherit(key) is not { } complete)
            {
                return RejectUnsupported(node, heir.Certificate);
            }

            if (_options.Policy.FindObjection(complete) is { } objection)
            {
                Reject(node, new PathProblem(Codes.WeakKey, objection, heir.Certificate));
                return false;
            }

            if (heir.Below is null)
            {
                return true;
            }

            if (!VerifyEdge(node, heir.Below.Certificate, complete))
            {
                return false;
            }

            key = complete;
        }

        return true;
    }

    private bool VerifyEdge(PathNode node, Certificate child, SubjectPublicKeyInfo key)
    {
        switch (CheckSignature(child, key))
        {
            case SignatureCheck.Match:
                return true;
            case SignatureCheck.Mismatch:
                Reject(node, new PathProblem(Codes.SignatureMismatch, "The signature was not made with the issuer's key.", child));
                return false;
            case SignatureCheck.UnusableKey:
                return RejectUnsupported(node, child);
            default:
                return false; // the budget ended
        }
    }

    private bool RejectUnsupported(PathNode node, Certificate child)
    {
        Reject(node, new PathProblem(Codes.UnsupportedAlgorithm, "The signature algorithm does not fit the issuer's key.", child));
        return false;
    }

    private SignatureCheck? CheckSignature(Certificate child, SubjectPublicKeyInfo key)
    {
        foreach ((Certificate knownChild, SubjectPublicKeyInfo knownKey, SignatureCheck known) in _edges)
        {
            if (ReferenceEquals(knownChild, child) && knownKey.RawData.Span.SequenceEqual(key.RawData.Span))
            {
                return known;
            }
        }

        if (!_budget.TrySpendSignatureCheck())
        {
            return null;
        }

        SignatureCheck result = child.VerifySignature(key);
        _edges.Add((child, key, result));
        return result;
    }

    private void RejectWithoutIssuer(PathNode node, bool isCircle)
    {
        Certificate certificate = node.Certificate;
        if (_candidates.FindMisnamedIssuer(certificate) is not null)
        {
            node.Add(new PathProblem(Codes.NameChaining, "A certificate has the issuer's key identifier but another name.", certificate));
        }

        string message = certificate.IsSelfIssued ? "The certificate is self-issued and not among the anchors."
            : isCircle ? "The issuers lead back to each other, and none is among the anchors."
            : "No certificate of the issuer was found.";
        Reject(node, new PathProblem(Codes.NoAnchor, message, certificate));
    }

    private void Reject(PathNode node, PathProblem problem)
    {
        node.Add(problem);
        if (_rejected.Count < _options.Limits.RejectedPaths + 1)
        {
            _rejected.Add(node);
        }

        if (_nearest is null || IsNearer(node, _nearest))
        {
            _nearest = node;
        }
    }

    // The longer verified part explains more; of equals, the one with less against it.
    private static bool IsNearer(PathNode node, PathNode other) =>
        (-VerifiedLength(node), node.WorstAspect, node.ProblemCount)
            .CompareTo((-VerifiedLength(other), other.WorstAspect, other.ProblemCount)) < 0;

    private static int VerifiedLength(PathNode node) => node.IsVerified ? node.Length : node.Length - 1;

    private PathValidationResult Report(PathNode node)
    {
        ImmutableArray<PathProblem> problems = node.ToProblems();
        if (_budget.Exhausted is { } limit && !(node.IsComplete && node.IsVerified))
        {
            problems = problems.Add(new PathProblem(Codes.BudgetExhausted, $"The limit {limit} ended the search.", null));
        }

        bool trusted = node.IsComplete && problems.IsEmpty;
        ImmutableArray<PathProblem> warnings = trusted ? [.. _checks.Warn(node) ?? []] : [];
        return new PathValidationResult(node.ToCertificates(), node.IsComplete && node.IsVerified, problems, warnings)
        {
            RejectedPaths = ListRejected(node),
            SignatureChecks = _budget.SignatureChecks,
        };
    }

    private ImmutableArray<RejectedPath> ListRejected(PathNode reported)
    {
        if (_rejected.Count == 0 && _queue.Count == 0)
        {
            return [];
        }

        IEnumerable<PathNode> left = _queue.UnorderedItems
            .Where(i => i.Element is { AskStores: null, Postponed: null, Node.Problems: not null })
            .OrderBy(i => i.Priority)
            .Select(i => i.Element.Node);
        return
        [
            .. _rejected.Concat(left)
                .Where(n => n != reported)
                .Take(_options.Limits.RejectedPaths)
                .Select(n => new RejectedPath(n.ToCertificates(), n.ToProblems())),
        ];
    }

    // A node to visit, or one to extend by what the stores have or by candidates that had to wait.
    private readonly record struct Step(PathNode Node)
    {
        internal IssuerCandidates.Group? AskStores { get; init; }

        internal List<IssuerCandidate>? Postponed { get; init; }
    }
}
