namespace SmimeKit.Certificates;

/// <summary>Certificates with the indexes that queries need. Not thread-safe: its owner locks.</summary>
internal sealed class MemoryIndex
{
    private readonly Dictionary<Certificate, Entry> _entries = [];
    private readonly Dictionary<string, List<Entry>> _byAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<DistinguishedName, List<Entry>> _bySubject = [];
    private readonly Dictionary<ReadOnlyMemory<byte>, List<Entry>> _bySerialNumber = new(OctetComparer.Instance);
    private readonly Dictionary<ReadOnlyMemory<byte>, List<Entry>> _byKeyIdentifier = new(OctetComparer.Instance);
    private readonly Dictionary<ReadOnlyMemory<byte>, List<Entry>> _bySha256 = new(OctetComparer.Instance);
    private readonly Dictionary<string, EncryptionAnnouncement> _announcements = new(StringComparer.Ordinal);

    internal int Count => _entries.Count;

    /// <summary>Adds a certificate or raises its provenance; tells whether anything changed.</summary>
    internal bool Add(Certificate certificate, CertificateProvenance provenance)
    {
        if (_entries.TryGetValue(certificate, out Entry? known))
        {
            bool raised = provenance > known.Provenance;
            known.Provenance = raised ? provenance : known.Provenance;
            return raised;
        }

        var entry = new Entry(certificate) { Provenance = provenance };
        _entries.Add(certificate, entry);
        Append(_bySha256, certificate.Sha256, entry);
        Append(_bySubject, certificate.Subject, entry);
        Append(_bySerialNumber, certificate.SerialNumber, entry);
        foreach (ReadOnlyMemory<byte> identifier in CertificateIndex.SubjectKeyIdentifiers(certificate))
        {
            Append(_byKeyIdentifier, identifier, entry);
        }

        foreach (string address in CertificateIndex.AddressKeys(certificate))
        {
            Append(_byAddress, address, entry);
        }

        return true;
    }

    /// <summary>Judges an announcement and records it when it is news.</summary>
    internal LearningOutcome Learn(EncryptionAnnouncement announcement)
    {
        if (CertificateIndex.AddressKey(announcement.EmailAddress) is not { } key)
        {
            return LearningOutcome.Unsuitable;
        }

        LearningOutcome outcome = Judge(key, announcement);
        if (outcome == LearningOutcome.Record)
        {
            Add(announcement.Certificate, CertificateProvenance.Harvested);
            _announcements[key] = announcement;
        }

        return outcome;
    }

    /// <summary>Takes an announcement back that was judged before it was stored; its certificate has to be there.</summary>
    internal void Restore(string addressKey, ReadOnlyMemory<byte> sha256, Func<Certificate, EncryptionAnnouncement> create)
    {
        if (Lookup(_bySha256, sha256) is [Entry entry, ..])
        {
            _announcements[addressKey] = create(entry.Certificate);
        }
    }

    internal CertificateProvenance? FindProvenance(Certificate certificate) =>
        _entries.TryGetValue(certificate, out Entry? entry) ? entry.Provenance : null;

    internal LearningOutcome Judge(string key, EncryptionAnnouncement announcement)
    {
        IEnumerable<Certificate> pinned = Lookup(_byAddress, key)
            .Where(e => e.Provenance == CertificateProvenance.Pinned)
            .Select(e => e.Certificate);
        return LearningRule.Judge(announcement, _announcements.GetValueOrDefault(key), pinned);
    }

    /// <summary>Finds what the narrowest index of a query holds: a copy, possibly with more than matches.</summary>
    internal List<StoredCertificate> FindCandidates(CertificateQuery query)
    {
        IEnumerable<Entry> entries =
            query.Sha256 is { } sha256 ? Lookup(_bySha256, sha256)
            : query.SerialNumber is { } serialNumber ? Lookup(_bySerialNumber, serialNumber)
            : query.SubjectKeyIdentifier is { } identifier ? Lookup(_byKeyIdentifier, identifier)
            : query.EmailAddress is { } address ? (CertificateIndex.AddressKey(address) is { } key ? Lookup(_byAddress, key) : [])
            : query.Subject is { } subject ? Lookup(_bySubject, subject)
            : _entries.Values;
        return [.. entries.Select(e => ToStored(e, query.EmailAddress))];
    }

    private static void Append<TKey>(Dictionary<TKey, List<Entry>> index, TKey key, Entry entry)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out List<Entry>? entries))
        {
            index.Add(key, entries = []);
        }

        entries.Add(entry);
    }

    private static List<Entry> Lookup<TKey>(Dictionary<TKey, List<Entry>> index, TKey key)
        where TKey : notnull => index.TryGetValue(key, out List<Entry>? entries) ? entries : [];

    private StoredCertificate ToStored(Entry entry, string? address)
    {
        EncryptionAnnouncement? news = FindAnnouncement(entry.Certificate, address);
        return new StoredCertificate(entry.Certificate, entry.Provenance, "")
        {
            PreferredSince = news?.SigningTime,
            Capabilities = news?.Capabilities ?? default,
        };
    }

    private EncryptionAnnouncement? FindAnnouncement(Certificate certificate, string? address)
    {
        if (_announcements.Count == 0)
        {
            return null;
        }

        IEnumerable<string> keys = address is null
            ? CertificateIndex.AddressKeys(certificate)
            : CertificateIndex.AddressKey(address) is { } key ? [key] : [];
        return keys.Select(k => _announcements.GetValueOrDefault(k))
            .Where(a => a is not null && a.Certificate.Equals(certificate))
            .MaxBy(a => a!.SigningTime);
    }

    private sealed class Entry(Certificate certificate)
    {
        internal Certificate Certificate { get; } = certificate;

        internal CertificateProvenance Provenance { get; set; }
    }
}
