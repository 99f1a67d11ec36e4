using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Reads certificates from files: DER, PEM with any text around it, bare base64, and PKCS #7 bundles (.p7c, .p7b).</summary>
/// <remarks>The form is seen from the content, never from the name. Reading proves nothing about a certificate.</remarks>
public static class CertificateFile
{
    /// <summary>Decodes the certificates of a file. Other things in a PEM file, keys among them, are passed over.</summary>
    /// <param name="data">The content; not kept.</param>
    /// <param name="limits">The limits, or null for the defaults.</param>
    /// <returns>The certificates in the order of the file; at least one.</returns>
    /// <exception cref="MalformedDataException">
    /// The content has none of the forms, or holds no certificate (<c>no-certificate</c>).
    /// </exception>
    /// <exception cref="LimitExceededException">The file is too large or holds too many.</exception>
    public static IReadOnlyList<Certificate> Decode(ReadOnlyMemory<byte> data, FileLimits? limits = null)
    {
        limits ??= FileLimits.Default;
        var certificates = new List<Certificate>();
        foreach (FileBlock block in FileBlock.Split(data, limits))
        {
            AddTo(certificates, block, limits);
        }

        return certificates.Count > 0
            ? certificates
            : throw new MalformedDataException("no-certificate", "The file holds no certificate");
    }

    /// <summary>Reads the certificates of a stream.</summary>
    /// <param name="stream">The stream, read to its end and left open.</param>
    /// <param name="limits">The limits, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The certificates in the order of the file; at least one.</returns>
    /// <inheritdoc cref="Decode" path="/exception"/>
    public static async Task<IReadOnlyList<Certificate>> ReadAsync(
        Stream stream, FileLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= FileLimits.Default;
        return Decode(await BoundedInput.ReadAsync(stream, limits.MaxFileSize, cancellationToken).ConfigureAwait(false), limits);
    }

    /// <summary>Reads the certificates of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The certificates in the order of the file; at least one.</returns>
    /// <exception cref="StoreException">The file cannot be read (<c>file-unreadable</c>).</exception>
    /// <inheritdoc cref="Decode" path="/exception"/>
    public static async Task<IReadOnlyList<Certificate>> ReadAsync(
        string path, FileLimits? limits = null, CancellationToken cancellationToken = default)
    {
        limits ??= FileLimits.Default;
        return Decode(await BoundedInput.ReadAsync(path, limits.MaxFileSize, cancellationToken).ConfigureAwait(false), limits);
    }

    /// <summary>Encodes certificates as PEM (RFC 7468 §5).</summary>
    /// <param name="certificates">The certificates, in the order wanted.</param>
    /// <returns>The text, in lines of 64 characters that end in a line feed.</returns>
    public static string EncodePem(IEnumerable<Certificate> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        var text = new StringBuilder();
        foreach (Certificate certificate in certificates)
        {
            text.Append(PemEncoding.Write("CERTIFICATE", certificate.RawData.Span)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Encodes certificates as a bundle without signers (.p7c): SignedData with nothing signed (RFC 8551 §3.8).</summary>
    /// <param name="certificates">The certificates; DER sorts them.</param>
    /// <returns>The DER encoding.</returns>
    public static byte[] EncodePkcs7(IEnumerable<Certificate> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        return CertificateBundle.Encode(certificates);
    }

    internal static void AddTo(List<Certificate> certificates, FileBlock block, FileLimits limits)
    {
        switch (block.Content)
        {
            case FileContent.Certificate:
                certificates.Add(Certificate.Decode(block.Data.ToArray()));
                break;
            case FileContent.TrustedCertificate:
                certificates.Add(Certificate.Decode(FirstValue(block.Data)));
                break;
            case FileContent.SignedData:
                certificates.AddRange(CertificateBundle.Decode(block.Data, limits.MaxCertificates));
                break;
        }

        if (certificates.Count > limits.MaxCertificates)
        {
            throw new LimitExceededException(nameof(FileLimits.MaxCertificates), limits.MaxCertificates);
        }
    }

    // OpenSSL puts its own trust settings behind the certificate; they are not heeded here.
    private static byte[] FirstValue(ReadOnlyMemory<byte> data)
    {
        try
        {
            return new AsnReader(data, AsnEncodingRules.BER).ReadEncodedValue().ToArray();
        }
        catch (AsnContentException)
        {
            throw new MalformedDataException("asn1-malformed", "The ASN.1 value is malformed", -1, "certificate");
        }
    }
}
