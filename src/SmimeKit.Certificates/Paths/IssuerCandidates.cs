namespace SmimeKit.Certificates;

/// <summary>Finds the certificates that bear a name: among the anchors, the certificates that came along, and the stores.</summary>
internal sealed class IssuerCandidates(PathValidationOptions options, PathBudget budget)
{
    private const int IndexFrom = 16; // below, comparing names one by one is cheaper than hashing them all

    private readonly List<Group> _groups = [];
    private Dictionary<DistinguishedName, List<Certificate>>? _index;

    /// <summary>Finds the anchors and the certificates that came along.</summary>
    internal async ValueTask<Group> FindNearAsync(DistinguishedName name, CancellationToken cancellationToken)
    {
        foreach (Group known in _groups)
        {
            if (known.Name.RawData.Span.SequenceEqual(name.RawData.Span))
            {
                return known;
            }
        }

        var group = new Group(name);
        _groups.Add(group);
        long asked = budget.Timestamp;
        IReadOnlyList<Certificate> anchors = await options.Anchors.FindAsync(name, cancellationToken).ConfigureAwait(false);
        budget.LeaveOutSince(asked);
        for (int i = 0; i < anchors.Count; i++)
        {
            group.Add(anchors[i], isAnchor: true);
        }

        AddExtras(group);
        return group;
    }

    /// <summary>Asks the stores, once a name.</summary>
    /// <returns>The candidates that they add to the group.</returns>
    internal async ValueTask<IReadOnlyList<IssuerCandidate>> FindInStoresAsync(Group group, CancellationToken cancellationToken)
    {
        if (group.Far is not null)
        {
            return group.Far;
        }

        int near = group.Candidates.Count;
        var query = new CertificateQuery
        {
            Purpose = CertificatePurpose.Any,
            Subject = group.Name,
            Limit = options.Limits.CandidatesPerIssuer,
        };
        foreach (ICertificateStore store in options.Stores)
        {
            long asked = budget.Timestamp;
            IReadOnlyList<StoredCertificate> answers = await store.FindAsync(query, cancellationToken).ConfigureAwait(false);
            budget.LeaveOutSince(asked);
            foreach (StoredCertificate answer in answers.Take(options.Limits.CandidatesPerIssuer))
            {
                group.Add(answer.Certificate, isAnchor: false);
            }
        }

        return group.Far = group.Candidates.GetRange(near, group.Candidates.Count - near);
    }

    /// <summary>Finds a certificate that came along and fits by key identifier but not by name: an explanation, not an issuer.</summary>
    internal Certificate? FindMisnamedIssuer(Certificate child)
    {
        ReadOnlySpan<byte> wanted = child.Decoded.AuthorityKeyIdentifier.Span;
        foreach (Certificate extra in wanted.IsEmpty ? [] : options.ExtraCertificates)
        {
            if (extra.Decoded.SubjectKeyIdentifier.Span.SequenceEqual(wanted) && !extra.Subject.Equals(child.Issuer))
            {
                return extra;
            }
        }

        return null;
    }

    private void AddExtras(Group group)
    {
        IReadOnlyList<Certificate> extras = options.ExtraCertificates;
        if (extras.Count > IndexFrom)
        {
            _index ??= CreateIndex(extras);
            extras = _index.TryGetValue(group.Name, out List<Certificate>? sameName) ? sameName : [];
        }

        for (int i = 0; i < extras.Count; i++)
        {
            group.Add(extras[i], isAnchor: false);
        }
    }

    private static Dictionary<DistinguishedName, List<Certificate>> CreateIndex(IReadOnlyList<Certificate> extras)
    {
        var index = new Dictionary<DistinguishedName, List<Certificate>>();
        foreach (Certificate extra in extras)
        {
            if (!index.TryGetValue(extra.Subject, out List<Certificate>? sameName))
            {
                index.Add(extra.Subject, sameName = []);
            }

            sameName.Add(extra);
        }

        return index;
    }

    /// <summary>The candidates of one name, each certificate once.</summary>
    internal sealed class Group(DistinguishedName name)
    {
        private const int HashFrom = 16;

        private HashSet<Certificate>? _seen;

        internal DistinguishedName Name { get; } = name;

        internal List<IssuerCandidate> Candidates { get; } = [];

        internal IReadOnlyList<IssuerCandidate>? Far { get; set; }

        // Sources are strangers: an answer that does not bear the name is no answer (RFC 5280 §6.1.3 (a) (4)).
        internal void Add(Certificate certificate, bool isAnchor)
        {
            if (certificate.Subject.Equals(Name) && IsNew(certificate))
            {
                Candidates.Add(new IssuerCandidate(certificate, isAnchor));
            }
        }

        private bool IsNew(Certificate certificate)
        {
            if (_seen is not null)
            {
                return _seen.Add(certificate);
            }

            if (Candidates.Exists(c => c.Certificate.Equals(certificate)))
            {
                return false;
            }

            if (Candidates.Count >= HashFrom)
            {
                _seen = [.. Candidates.Select(c => c.Certificate), certificate];
            }

            return true;
        }
    }
}
