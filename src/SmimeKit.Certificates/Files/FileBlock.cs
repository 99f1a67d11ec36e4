using System.Formats.Asn1;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>What a stretch of a file is.</summary>
internal enum FileContent
{
    Unknown,
    Certificate,
    TrustedCertificate,
    SignedData,
    Pkcs12,
    Pkcs8,
    EncryptedPkcs8,
    RsaPrivateKey,
    EcPrivateKey,
}

/// <summary>One object of a file: the whole of a DER file, or a block of a PEM file.</summary>
internal sealed record FileBlock(FileContent Content, ReadOnlyMemory<byte> Data, string Headers = "")
{
    /// <summary>Takes a file apart. The form is seen from the content: DER or BER, PEM, or bare base64.</summary>
    internal static List<FileBlock> Split(ReadOnlyMemory<byte> data, FileLimits limits)
    {
        if (data.Length > limits.MaxFileSize)
        {
            throw new LimitExceededException(nameof(FileLimits.MaxFileSize), limits.MaxFileSize);
        }

        if (data.Length > 0 && data.Span[0] == 0x30)
        {
            return [new FileBlock(Recognize(data), data)];
        }

        if (PemReader.LooksLikePem(data.Span))
        {
            return [.. PemReader.Read(data.Span, limits.MaxCertificates).Select(FromPem)];
        }

        return PemReader.DecodeBase64(data.Span) is [0x30, ..] der ? [new FileBlock(Recognize(der), der)] : [];
    }

    private static FileBlock FromPem(PemBlock block) => new(
        block.Label switch
        {
            "CERTIFICATE" or "X509 CERTIFICATE" => FileContent.Certificate, // RFC 7468 §5.1
            "TRUSTED CERTIFICATE" => FileContent.TrustedCertificate,
            "PKCS7" or "CMS" or "PKCS #7 SIGNED DATA" => FileContent.SignedData,
            "PRIVATE KEY" => FileContent.Pkcs8,
            "ENCRYPTED PRIVATE KEY" => FileContent.EncryptedPkcs8,
            "RSA PRIVATE KEY" => FileContent.RsaPrivateKey,
            "EC PRIVATE KEY" => FileContent.EcPrivateKey,
            _ => FileContent.Unknown,
        },
        block.Data,
        block.Headers);

    // The first two elements tell all of these sequences apart.
    private static FileContent Recognize(ReadOnlyMemory<byte> der) =>
        Der.TryDecode(der, Recognize, out FileContent content, AsnEncodingRules.BER)
            ? content
            : throw new MalformedDataException("asn1-malformed", "The file is neither DER nor text", 0);

    private static FileContent Recognize(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        Asn1Tag first = fields.PeekTag();
        if (first == Asn1Tag.ObjectIdentifier)
        {
            return FileContent.SignedData;
        }

        ReadOnlyMemory<byte> element = fields.ReadEncodedValue();
        Asn1Tag second = fields.HasData ? fields.PeekTag() : default;
        if (first == Asn1Tag.Sequence)
        {
            return second == Asn1Tag.PrimitiveOctetString ? FileContent.EncryptedPkcs8 : FileContent.Certificate;
        }

        if (first != Asn1Tag.Integer)
        {
            return FileContent.Unknown;
        }

        return second == Asn1Tag.Integer ? FileContent.RsaPrivateKey
            : second == Asn1Tag.PrimitiveOctetString ? FileContent.EcPrivateKey
            : second != Asn1Tag.Sequence ? FileContent.Unknown
            : element.Span is [2, 1, 3] ? FileContent.Pkcs12 // PFX v3, RFC 7292 §4
            : FileContent.Pkcs8;
    }
}
