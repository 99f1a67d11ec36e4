namespace SmimeKit.Certificates;

/// <summary>A person's two certificates with their keys.</summary>
/// <remarks>Signing and encryption are apart: a decryption key is kept and copied for as long as its mail, a signing key never is.</remarks>
public sealed class IssuedIdentity : IDisposable
{
    internal IssuedIdentity(IssuedCertificate signing, IssuedCertificate encryption)
    {
        Signing = signing;
        Encryption = encryption;
    }

    /// <summary>Gets the certificate to sign with.</summary>
    public IssuedCertificate Signing { get; }

    /// <summary>Gets the certificate to receive with.</summary>
    public IssuedCertificate Encryption { get; }

    /// <summary>Writes both certificates, their keys and their issuers as one PKCS #12 file.</summary>
    /// <param name="password">The password; not empty.</param>
    /// <param name="friendlyName">The name that programs show, or null.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The DER encoding.</returns>
    /// <exception cref="ArgumentException">The password is empty or the options are out of range.</exception>
    public byte[] ExportPkcs12(string password, string? friendlyName = null, Pkcs12Options? options = null) => Pkcs12File.EncodeEntries(
        password,
        [Signing.ToEntry(friendlyName), Encryption.ToEntry(friendlyName)],
        Signing.Chain.Concat(Encryption.Chain),
        options ?? Pkcs12Options.Default);

    /// <summary>Wipes both keys.</summary>
    public void Dispose()
    {
        Signing.Dispose();
        Encryption.Dispose();
    }
}
