using System.Security.Cryptography;

namespace SmimeKit.Certificates;

/// <summary>Writes PKCS #12 files (RFC 7292). To read them, see <see cref="KeyFile"/>.</summary>
public static class Pkcs12File
{
    /// <summary>Encodes keys with their certificates, and further certificates.</summary>
    /// <param name="password">The password; not empty.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="certificates">Further certificates, such as the issuers; or null.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The DER encoding.</returns>
    /// <exception cref="ArgumentException">
    /// The password is empty, a key is not its certificate's, or so many keys with so many iterations are more than
    /// <see cref="FileLimits.MaxKdfIterations"/> lets anyone read again.
    /// </exception>
    /// <exception cref="StoreException">A key cannot be exported (<c>key-not-exportable</c>).</exception>
    public static byte[] Encode(
        string password, IEnumerable<Pkcs12Key> keys, IEnumerable<Certificate>? certificates = null, Pkcs12Options? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        ArgumentNullException.ThrowIfNull(keys);
        options ??= Pkcs12Options.Default;
        Pkcs12Key[] all = [.. keys];
        foreach (Pkcs12Key key in all)
        {
            PublicKeyMatch.Require(key.Certificate, key.Key);
        }

        List<Pkcs12Entry> entries = [];
        try
        {
            foreach (Pkcs12Key key in all)
            {
                entries.Add(new Pkcs12Entry(key.Certificate, Export(key.Key), key.FriendlyName));
            }

            return EncodeEntries(password, entries, certificates ?? [], options);
        }
        finally
        {
            entries.ForEach(e => e.Key.Dispose());
        }
    }

    internal static byte[] EncodeEntries(
        string password, IReadOnlyList<Pkcs12Entry> entries, IEnumerable<Certificate> certificates, Pkcs12Options options)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Iterations, 1, nameof(options));
        long cost = (entries.Count + 2L) * options.Iterations; // the keys, the certificates, the MAC
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cost, FileLimits.Default.MaxKdfIterations, nameof(options));
        using FilePassword forms = FilePassword.Create(password);
        return new Pkcs12Writer(forms, options).Write(entries, [.. entries.Select(e => e.Certificate).Concat(certificates).Distinct()]);
    }

    private static PrivateKeyMaterial Export(AsymmetricAlgorithm key)
    {
        byte[]? pkcs8 = null;
        try
        {
            pkcs8 = key.ExportPkcs8PrivateKey();
            return PrivateKeyMaterial.FromPkcs8(pkcs8);
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException or NotImplementedException) // as AsymmetricAlgorithm throws for what a key of a device lacks
        {
            throw new StoreException("key-not-exportable", "The private key cannot be exported.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}
