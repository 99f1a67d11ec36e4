using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Signed;

/// <summary>What is asked of a time-stamping authority: TimeStampReq, RFC 3161 §2.4.1.</summary>
/// <remarks><code>
/// TimeStampReq ::= SEQUENCE {
///     version         INTEGER { v1(1) },
///     messageImprint  MessageImprint,
///     reqPolicy       TSAPolicyId OPTIONAL,
///     nonce           INTEGER OPTIONAL,
///     certReq         BOOLEAN DEFAULT FALSE,
///     extensions      [0] IMPLICIT Extensions OPTIONAL }
/// </code>
/// The caller sends it: by HTTP POST as <see cref="RequestMediaType"/>, answered as <see cref="ResponseMediaType"/> (RFC 3161 §3.4).
/// Keep the request to check the answer with it.
/// </remarks>
public sealed class TimeStampRequest
{
    /// <summary>The media type of an encoded request.</summary>
    public const string RequestMediaType = "application/timestamp-query";

    /// <summary>The media type of an encoded response.</summary>
    public const string ResponseMediaType = "application/timestamp-reply";

    private const int Version1 = 1;
    private const int NonceSize = 8;

    /// <summary>Initializes a request without a nonce.</summary>
    /// <param name="imprint">What is to be stamped.</param>
    public TimeStampRequest(MessageImprint imprint)
    {
        ArgumentNullException.ThrowIfNull(imprint);
        Imprint = imprint;
    }

    /// <summary>Gets what is to be stamped.</summary>
    public MessageImprint Imprint { get; }

    /// <summary>Gets the policy asked for, as an object identifier; null leaves it to the authority.</summary>
    public string? Policy { get; init; }

    /// <summary>Gets the content octets of the nonce, which the answer repeats; empty for none.</summary>
    public ReadOnlyMemory<byte> Nonce { get; init; }

    /// <summary>Gets whether the token is to carry the authority's certificate.</summary>
    public bool RequestsCertificate { get; init; } = true;

    /// <summary>Gets how far the time of the token may be from the present when it is fresh (RFC 3161 §2.2). Default: five minutes.</summary>
    public TimeSpan MaxClockDifference { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Makes a request for a signature time-stamp, with a random nonce of 64 bits.</summary>
    /// <param name="signature">The octets of the signature, as <see cref="SignerReport.Signature"/> has them.</param>
    /// <param name="digest">The digest of the imprint; null for SHA-256.</param>
    /// <returns>The request.</returns>
    public static TimeStampRequest ForSignature(ReadOnlySpan<byte> signature, DigestAlgorithm? digest = null) =>
        new(MessageImprint.Of(signature, digest ?? DigestAlgorithm.Sha256)) { Nonce = CreateNonce() };

    /// <summary>Encodes the request in DER.</summary>
    /// <returns>The octets to send.</returns>
    /// <exception cref="ArgumentException"><see cref="Policy"/> is no object identifier, or <see cref="Nonce"/> no integer.</exception>
    public byte[] Encode()
    {
        AsnWriter writer = DerEncoding.CreateWriter(128);
        using (writer.PushSequence())
        {
            writer.WriteInteger(Version1);
            Imprint.Encode(writer);
            if (Policy is not null)
            {
                writer.WriteObjectIdentifier(Policy);
            }

            if (!Nonce.IsEmpty)
            {
                writer.WriteInteger(Nonce.Span);
            }

            if (RequestsCertificate)
            {
                writer.WriteBoolean(true);
            }
        }

        return writer.Encode();
    }

    /// <summary>Verifies a token that was just received as the answer to this request.</summary>
    /// <param name="token">The token.</param>
    /// <param name="at">The present: the policy judges algorithms at this instant, and the time of the token is compared with it.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="resolver">Finds the authority's certificate when the token does not carry it; null for none.</param>
    /// <param name="cancellationToken">Ends the search for certificates.</param>
    /// <returns>The report. Trust in the authority is not judged.</returns>
    /// <exception cref="LimitExceededException">The token exceeds a limit.</exception>
    public async ValueTask<TimeStampReport> VerifyAsync(
        TimeStampToken token,
        DateTimeOffset at,
        CmsReaderOptions? options = null,
        SignerCertificateResolver? resolver = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        TimeStampReport report = await token.VerifyAnyAsync(null, at, options, resolver, cancellationToken).ConfigureAwait(false);
        if (report.Verdict is not TimeStampVerdict.Valid)
        {
            return report;
        }

        ImmutableArray<string> deviations = RequestsCertificate && !report.Carried.Certificates.Contains(report.Certificate)
            ? [.. report.Deviations, "time-stamp-certificate-missing"] // R5816-2.1-a: found elsewhere
            : report.Deviations;
        return FindDifference(token.Info, at) is { } rule
            ? report with { Verdict = new TimeStampVerdict.NotForRequest(rule), Deviations = deviations }
            : report with { Deviations = deviations };
    }

    // The contents octets of the INTEGER, which may begin with zeros that do not belong there.
    private static ReadOnlyMemory<byte> CreateNonce() =>
        new BigInteger(RandomNumberGenerator.GetBytes(NonceSize), isUnsigned: true).ToByteArray(isBigEndian: true);

    // RFC 3161 §2.2, §2.4.2.
    private string? FindDifference(TimeStampInfo info, DateTimeOffset at) =>
        !info.Imprint.IsSame(Imprint) ? "imprint"
            : !Nonce.IsEmpty && !info.Nonce.Span.SequenceEqual(Nonce.Span) ? "nonce"
            : Policy is not null && info.Policy != Policy ? "policy"
            : (at - info.GenTime).Duration() > MaxClockDifference ? "time"
            : null;
}
