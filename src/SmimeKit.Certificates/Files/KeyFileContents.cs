namespace SmimeKit.Certificates;

/// <summary>What was found in a key file so far: keys not yet paired with certificates. Wiped when disposed.</summary>
internal sealed class KeyFileContents(FileLimits limits) : IDisposable
{
    private readonly List<PrivateKeyMaterial> _keys = [];
    private readonly List<Certificate> _certificates = [];
    private readonly HashSet<Certificate> _known = [];
    private readonly List<KeyFileWarning> _warnings = [];

    internal IReadOnlyList<Certificate> Certificates => _certificates;

    internal IReadOnlyList<KeyFileWarning> Warnings => _warnings;

    internal void Add(PrivateKeyMaterial key) => _keys.Add(key);

    internal void Add(Certificate certificate)
    {
        if (_known.Add(certificate))
        {
            _certificates.Add(certificate);
        }

        if (_certificates.Count > limits.MaxCertificates)
        {
            throw new LimitExceededException(nameof(FileLimits.MaxCertificates), limits.MaxCertificates);
        }
    }

    internal void Warn(string code, string message)
    {
        var warning = new KeyFileWarning(code, message);
        if (!_warnings.Contains(warning))
        {
            _warnings.Add(warning);
        }
    }

    internal void WarnOfWeakness(AlgorithmIdentifier scheme)
    {
        if (PasswordEncryption.FindWeakness(scheme) is { } weakness)
        {
            Warn("weak-encryption", $"Part of the file is encrypted with {weakness}.");
        }
    }

    /// <summary>The keys, each once, with their public halves; what cannot be used is warned of.</summary>
    internal List<(byte[] PublicKey, PrivateKeyMaterial Key)> TakeUsableKeys()
    {
        var usable = new Dictionary<ReadOnlyMemory<byte>, PrivateKeyMaterial>(OctetComparer.Instance);
        foreach (PrivateKeyMaterial key in _keys)
        {
            if (key.ExportPublicKey() is { } publicKey)
            {
                usable.TryAdd(publicKey, key);
            }
            else
            {
                Warn("unsupported-key", $"A private key of the kind {key.Oid} is not supported.");
            }
        }

        return [.. usable.Select(pair => (pair.Key.ToArray(), pair.Value))];
    }

    public void Dispose() => _keys.ForEach(key => key.Dispose());
}
