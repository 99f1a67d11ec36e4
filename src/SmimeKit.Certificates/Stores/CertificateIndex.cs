using System.Security.Cryptography;
using System.Text;

namespace SmimeKit.Certificates;

/// <summary>The keys by which stores index certificates, so that every store finds the same ones.</summary>
/// <remarks>
/// Keys narrow a search down; <see cref="CertificateSelection"/> decides. They are stable across processes and versions, so they can be
/// kept in a database.
/// </remarks>
public static class CertificateIndex
{
    /// <summary>Gets the key of a mail address: equal for two addresses that <see cref="EmailAddressComparison.AreEqual"/> holds equal.</summary>
    /// <param name="address">An addr-spec without display name.</param>
    /// <returns>The key, or null for a text that is no address and matches nobody.</returns>
    public static string? AddressKey(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!EmailAddressComparison.IsWellFormed(address))
        {
            return null;
        }

        (string local, string domain) = EmailAddressComparison.Split(address);
        domain = EmailAddressComparison.ToALabels(domain);
        return (Ascii.IsValid(local) ? local.ToLowerInvariant() : local) // RFC 9598 §5: other local parts by octets
            + "@" + (Ascii.IsValid(domain) ? domain.ToLowerInvariant() : domain.ToUpperInvariant());
    }

    /// <summary>Gets the keys of the mail addresses that a certificate names.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>The keys without repetition; empty also when the extension that holds the addresses is malformed.</returns>
    public static IReadOnlyList<string> AddressKeys(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return [.. CertificateSelection.AddressesOf(certificate).Select(AddressKey).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Gets the key of a distinguished name: equal for names that are equal by RFC 5280 §7.1.</summary>
    /// <param name="name">The name.</param>
    /// <returns>32 octets: the SHA-256 of the folded name, or of its encoding when that does not decode.</returns>
    public static byte[] NameKey(DistinguishedName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NameComparison.TryCanonicalize(name.RawData, out string? text)
            ? SHA256.HashData(Encoding.UTF8.GetBytes(text!))
            : SHA256.HashData(name.RawData.Span);
    }

    /// <summary>
    /// Gets the identifiers by which a subjectKeyIdentifier may refer to a certificate: the extension's value, which a sender has to
    /// use when it is there (RFC 5652 §5.3); without it the SHA-1 of the key's bits (RFC 5280 §4.2.1.2, method 1) and of the whole
    /// SubjectPublicKeyInfo.
    /// </summary>
    /// <param name="certificate">The certificate.</param>
    /// <returns>One or two identifiers; those computed also when the extension is malformed.</returns>
    public static IReadOnlyList<ReadOnlyMemory<byte>> SubjectKeyIdentifiers(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ReadOnlyMemory<byte> extension = CertificateSelection.Tolerate(certificate, static c => c.SubjectKeyIdentifier, default);
        return extension.IsEmpty
            ? [Sha1(certificate.PublicKey.Key), Sha1(certificate.PublicKey.RawData)]
            : [extension];
    }

    // An identifier that others computed by SHA-1, not a protection.
    private static ReadOnlyMemory<byte> Sha1(ReadOnlyMemory<byte> data) => DigestAlgorithm.Sha1.Hash(data.Span);
}
