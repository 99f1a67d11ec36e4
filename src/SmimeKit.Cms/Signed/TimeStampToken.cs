using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>A time-stamp token, RFC 3161 §2.4.2: a SignedData over TSTInfo, made by a time-stamping authority.</summary>
/// <remarks>
/// The caller obtains it, over its own HTTP client (<see cref="TimeStampRequest"/>, <see cref="TimeStampResponse"/>): nothing here uses a
/// network. Decoding verifies nothing.
/// </remarks>
public sealed class TimeStampToken
{
    private const byte Sequence = 0x30;

    private TimeStampToken(ReadOnlyMemory<byte> rawData, TimeStampInfo info)
    {
        RawData = rawData;
        Info = info;
    }

    /// <summary>Gets the token as encoded by the authority.</summary>
    public ReadOnlyMemory<byte> RawData { get; }

    /// <summary>Gets what the token says: a claim until it has been verified.</summary>
    public TimeStampInfo Info { get; }

    /// <summary>Decodes a token.</summary>
    /// <param name="encoded">The ContentInfo in BER; kept, not copied.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The token.</returns>
    /// <exception cref="MalformedDataException">The value is no time-stamp token.</exception>
    /// <exception cref="LimitExceededException">The token exceeds a limit.</exception>
    public static TimeStampToken Decode(ReadOnlyMemory<byte> encoded, CmsReaderOptions? options = null)
    {
        if (encoded.Span is not [Sequence, ..])
        {
            throw new MalformedDataException("time-stamp-token", "A time-stamp token is a ContentInfo in BER", 0, "contentInfo");
        }

        using SignedDataReader reader = SignedDataReader.Open(new EncodedValueStream(encoded), options);
        if (reader.EncapsulatedContentType != Oids.TimeStampInfo)
        {
            throw new MalformedDataException("time-stamp-content", "The content is no TSTInfo", -1, "encapContentInfo.eContentType");
        }

        byte[] content = new byte[encoded.Length];
        int size = reader.Content.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        TimeStampInfo info = Der.Decode(content.AsMemory(0, size), "encapContentInfo.eContent", TimeStampInfo.Decode, AsnEncodingRules.BER);
        reader.ListSigners(); // the rest is well-formed
        return new TimeStampToken(encoded, info);
    }

    /// <summary>Makes the unsigned attribute that puts the token beside the signature that it stamps (RFC 3161 appendix A).</summary>
    /// <returns>The attribute.</returns>
    public CmsAttribute ToAttribute() => new(Oids.TimeStampToken, RawData);

    /// <summary>Verifies the token against what was stamped.</summary>
    /// <param name="stamped">The octets; for a signature time-stamp those of the signature.</param>
    /// <param name="at">The instant at which the policy judges algorithms.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="resolver">Finds the authority's certificate when the token does not carry it; null for none.</param>
    /// <param name="cancellationToken">Ends the search for certificates.</param>
    /// <returns>The report. Trust in the authority is not judged.</returns>
    /// <exception cref="LimitExceededException">The token exceeds a limit.</exception>
    public ValueTask<TimeStampReport> VerifyAsync(
        ReadOnlyMemory<byte> stamped,
        DateTimeOffset at,
        CmsReaderOptions? options = null,
        SignerCertificateResolver? resolver = null,
        CancellationToken cancellationToken = default) =>
        VerifyAnyAsync(stamped, at, options, resolver, cancellationToken);

    /// <summary>Verifies the token whatever it is about.</summary>
    internal ValueTask<TimeStampReport> VerifyAnyAsync(
        ReadOnlyMemory<byte>? stamped,
        DateTimeOffset at,
        CmsReaderOptions? options,
        SignerCertificateResolver? resolver,
        CancellationToken cancellationToken)
    {
        options ??= CmsReaderOptions.Default;
        var verifier = new TimeStampVerifier(options, at, resolver, new SignatureBudget(options.Limits));
        return verifier.VerifyAsync(RawData, stamped, cancellationToken);
    }
}
