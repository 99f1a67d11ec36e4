using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeKit.Certificates;

/// <summary>A fixed set of trust anchors.</summary>
/// <remarks>Immutable. That a certificate is here is the caller's decision; nothing about it is checked.</remarks>
public sealed class TrustAnchors : ITrustAnchors
{
    private readonly HashSet<Certificate> _certificates;
    private readonly ILookup<DistinguishedName, Certificate> _bySubject;

    private TrustAnchors(IEnumerable<Certificate> certificates)
    {
        _certificates = [.. certificates];
        _bySubject = _certificates.ToLookup(c => c.Subject);
        Certificates = [.. _certificates];
    }

    /// <summary>Gets the anchors, each once.</summary>
    public IReadOnlyList<Certificate> Certificates { get; }

    /// <summary>Makes a set of certificates.</summary>
    /// <param name="certificates">The anchors; none at all is possible, and trusts nobody.</param>
    /// <returns>The set.</returns>
    public static TrustAnchors FromCertificates(IEnumerable<Certificate> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        return new TrustAnchors(certificates);
    }

    /// <summary>Reads a set from files, in any form that <see cref="CertificateFile"/> reads, and from folders of such files.</summary>
    /// <param name="paths">The files and folders. In folders, files with the endings of certificates are read; links are not followed.</param>
    /// <param name="limits">The limits of each file, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The set.</returns>
    /// <exception cref="StoreException">A file or folder cannot be read.</exception>
    /// <exception cref="MalformedDataException">A file holds no certificate.</exception>
    /// <exception cref="LimitExceededException">A file is too large or holds too many.</exception>
    public static async Task<TrustAnchors> FromFilesAsync(
        IEnumerable<string> paths, FileLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var certificates = new List<Certificate>();
        foreach (string path in paths)
        {
            IEnumerable<string> files = Directory.Exists(path) ? CertificateFolder.ListFiles(path) : [path];
            foreach (string file in files)
            {
                certificates.AddRange(await CertificateFile.ReadAsync(file, limits, cancellationToken).ConfigureAwait(false));
            }
        }

        return new TrustAnchors(certificates);
    }

    /// <summary>Takes the roots that this machine and this user trust, as they are now.</summary>
    /// <returns>The set. These roots were chosen for web sites as a rule, not for mail.</returns>
    /// <exception cref="StoreException">The roots cannot be read (<c>system-trust-unreadable</c>).</exception>
    public static TrustAnchors System() =>
        new(ReadSystemRoots(StoreLocation.LocalMachine).Concat(ReadSystemRoots(StoreLocation.CurrentUser)));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Certificate>> FindAsync(DistinguishedName subject, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return ValueTask.FromResult<IReadOnlyList<Certificate>>([.. _bySubject[subject]]);
    }

    /// <inheritdoc/>
    public ValueTask<bool> ContainsAsync(Certificate certificate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return ValueTask.FromResult(_certificates.Contains(certificate));
    }

    private static List<Certificate> ReadSystemRoots(StoreLocation location)
    {
        var roots = new List<Certificate>();
        try
        {
            using var store = new X509Store(StoreName.Root, location, OpenFlags.ReadOnly);
            foreach (X509Certificate2 root in store.Certificates)
            {
                using (root)
                {
                    if (TryConvert(root) is { } certificate)
                    {
                        roots.Add(certificate);
                    }
                }
            }
        }
        catch (CryptographicException)
        {
            throw new StoreException("system-trust-unreadable", "The trusted roots of the system cannot be read.");
        }

        return roots;
    }

    // A root that is not even well-formed anchors nothing.
    private static Certificate? TryConvert(X509Certificate2 root)
    {
        try
        {
            return Certificate.FromX509Certificate2(root);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }
}
