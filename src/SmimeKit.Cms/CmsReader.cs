using System.Buffers;
using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Compressed;
using SmimeKit.Cms.Data;
using SmimeKit.Cms.Digested;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms;

/// <summary>Opens CMS of any content type and says what it is.</summary>
public static class CmsReader
{
    /// <summary>Opens a message: reads its header only.</summary>
    /// <param name="input">BER, PEM or bare base64; read forward only, never closed.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>
    /// The reader of the content type: <see cref="DataReader"/>, <see cref="SignedDataReader"/>, <see cref="EnvelopedDataReader"/>,
    /// <see cref="AuthEnvelopedDataReader"/>, <see cref="EncryptedDataReader"/>, <see cref="DigestedDataReader"/>,
    /// <see cref="CompressedDataReader"/>, <see cref="AuthenticatedDataReader"/>; <see cref="UnknownContentReader"/> for any other. The caller disposes it.
    /// </returns>
    /// <exception cref="MalformedDataException">The input is not CMS.</exception>
    /// <exception cref="LimitExceededException">The header exceeds a limit.</exception>
    public static async ValueTask<CmsContentReader> OpenAsync(
        Stream input, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = await CmsInput.OpenAsync(input, options.Limits, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await OpenContentAsync(cms, options, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="OpenAsync"/>
    public static CmsContentReader Open(Stream input, CmsReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = CmsInput.OpenAsync(input, options.Limits, synchronous: true, CancellationToken.None).Finish();
        return OpenContentAsync(cms, options, CancellationToken.None).Finish();
    }

    /// <summary>Tells from the first octets of a file whether it is CMS, and of which content type.</summary>
    /// <param name="beginning">The first octets; 128 suffice for BER and base64, a PEM block has to begin with them.</param>
    /// <returns>The content type as an object identifier, known to this library or not; null when this is no CMS.</returns>
    public static string? FindContentType(ReadOnlySpan<byte> beginning)
    {
        Span<byte> decoded = stackalloc byte[96];
        scoped ReadOnlySpan<byte> message = beginning;
        if (beginning is not [0x30, ..])
        {
            message = decoded[..ArmorDecodingStream.DecodeBeginning(beginning, decoded)];
        }

        // ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, … }
        return BerHeader.TryRead(message, out BerHeader header, out int size) == OperationStatus.Done
            && header.Identifier == 0x30
            && BerValue.TryRead(message[size..], out BerValue contentType)
            && contentType.Identifier == 0x06
            ? ReadOid(contentType.Encoded)
            : null;
    }

    private static string? ReadOid(ReadOnlySpan<byte> encoded)
    {
        try
        {
            return AsnDecoder.ReadObjectIdentifier(encoded, AsnEncodingRules.BER, out _);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>Opens a value that stands inside another layer without ContentInfo, as its encapsulated content type says.</summary>
    /// <param name="content">The content of the outer layer.</param>
    /// <param name="contentType">The outer layer's encapsulated content type.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the operation.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <inheritdoc cref="OpenAsync" path="/exception"/>
    public static ValueTask<CmsContentReader> OpenNestedAsync(
        Stream content, string contentType, CmsReaderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        options ??= CmsReaderOptions.Default;
        CmsInput cms = CmsInput.OpenNested(content, contentType, options.Limits, synchronous: false);
        return OpenContentAsync(cms, options, cancellationToken);
    }

    private static async ValueTask<CmsContentReader> OpenContentAsync(
        CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken)
    {
        switch (input.ContentType)
        {
            case Oids.Data:
                return await DataReader.ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
            case Oids.SignedData:
                return await SignedDataReader.ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
            case Oids.EnvelopedData:
                return await EnvelopedDataReader.ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
            case Oids.EncryptedData:
                return await EncryptedDataReader.ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
            case Oids.AuthEnvelopedData:
                return await AuthEnvelopedDataReader.ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
            case Oids.CompressedData:
                return await CompressedDataReader.ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
            case Oids.AuthenticatedData:
                return await AuthenticatedDataReader.ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
            case Oids.DigestedData:
                return await DigestedDataReader.ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
            default:
                return await UnknownContentReader.ReadHeaderAsync(input, options, cancellationToken).ConfigureAwait(false);
        }
    }
}
