using System.Collections.Immutable;
using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Signed;

/// <summary>Checks a time-stamp token: RFC 3161 §2.2-2.4.2, RFC 5816.</summary>
internal sealed class TimeStampVerifier(
    CmsReaderOptions options, DateTimeOffset at, SignerCertificateResolver? resolver, SignatureBudget budget)
{
    private const byte Sequence = 0x30;

    private CmsPolicy Policy => options.Policy;

    /// <summary>Checks a token against the octets that were stamped, or, without them, whatever it is about.</summary>
    internal async ValueTask<TimeStampReport> VerifyAsync(
        ReadOnlyMemory<byte> token, ReadOnlyMemory<byte>? stamped, CancellationToken cancellationToken)
    {
        try
        {
            // A token is ContentInfo, never armored.
            return token.Span is [Sequence, ..]
                ? await ReadAsync(token, stamped, cancellationToken).ConfigureAwait(false)
                : Malformed(token, "time-stamp-token");
        }
        catch (MalformedDataException)
        {
            return Malformed(token, "time-stamp-token"); // nobody vouches for the attribute: this stamp's fault, not the message's
        }
    }

    private static TimeStampReport Malformed(ReadOnlyMemory<byte> token, string rule) =>
        new() { Token = token, Verdict = new TimeStampVerdict.Malformed(rule) };

    private async ValueTask<TimeStampReport> ReadAsync(
        ReadOnlyMemory<byte> token, ReadOnlyMemory<byte>? stamped, CancellationToken cancellationToken)
    {
        CmsInput input = await CmsInput.OpenAsync(
            new EncodedValueStream(token), options.Limits, synchronous: true, cancellationToken).ConfigureAwait(false);
        using SignedDataReader reader = await SignedDataReader.ReadHeaderAsync(
            input, options, cancellationToken, budget).ConfigureAwait(false);
        if (reader.EncapsulatedContentType != Oids.TimeStampInfo || reader.IsDetached)
        {
            return Malformed(token, "time-stamp-content"); // R3161-2.4.2-b
        }

        ReadOnlyMemory<byte> content = await ReadContentAsync(reader, token.Length, cancellationToken).ConfigureAwait(false);
        SignedDataReport signed = await reader.CompleteAsync(at, resolver, cancellationToken).ConfigureAwait(false);
        var deviations = new SortedSet<string>(signed.Deviations, StringComparer.Ordinal);
        TimeStampInfo? info = DecodeInfo(content, deviations);
        SignerReport? signer = signed.Signers is [var only] ? only : null;
        var report = new TimeStampReport
        {
            Token = token,
            Info = info,
            Signer = signer,
            Carried = signed.Carried,
            Verdict = Judge(info, signer, stamped, deviations),
        };
        return report with { Deviations = [.. deviations] };
    }

    // The content is a part of the token, which is in memory.
    private static async ValueTask<ReadOnlyMemory<byte>> ReadContentAsync(SignedDataReader reader, int limit, CancellationToken cancellationToken)
    {
        byte[] content = new byte[limit];
        int size = await reader.Content.ReadAtLeastAsync(content, limit, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return content.AsMemory(0, size);
    }

    private TimeStampInfo? DecodeInfo(ReadOnlyMemory<byte> content, SortedSet<string> deviations)
    {
        if (Der.TryDecode(content, TimeStampInfo.Decode, out TimeStampInfo? info))
        {
            return info;
        }

        if (!Policy.ToleratesDeviations || !Der.TryDecode(content, TimeStampInfo.Decode, out info, AsnEncodingRules.BER))
        {
            return null;
        }

        deviations.Add("time-stamp-info-not-der");
        return info;
    }

    private TimeStampVerdict Judge(
        TimeStampInfo? info, SignerReport? signer, ReadOnlyMemory<byte>? stamped, SortedSet<string> deviations)
    {
        if (info is null || signer is null)
        {
            return new TimeStampVerdict.Malformed(info is null ? "time-stamp-info" : "time-stamp-signers"); // R3161-2.4.2-b
        }

        if (info.Imprint.Digest is not { } digest)
        {
            return new TimeStampVerdict.Unsupported(info.Imprint.HashAlgorithm.Oid);
        }

        if (stamped is { } octets && !info.Imprint.Matches(octets.Span))
        {
            return new TimeStampVerdict.ImprintMismatch();
        }

        if (signer.Verdict is not SignerVerdict.Valid valid)
        {
            return new TimeStampVerdict.SignatureNotValid();
        }

        return JudgeAuthority(info, signer, deviations)
            ?? (Policy.FindDigestObjection(digest.Oid, at) is { } rule ? new TimeStampVerdict.RefusedByPolicy(rule)
                : new TimeStampVerdict.Valid(FindWeaknesses(valid, digest)));
    }

    private TimeStampVerdict? JudgeAuthority(TimeStampInfo info, SignerReport signer, SortedSet<string> deviations)
    {
        if (SigningCertificate.FindAll(signer.SignedAttributes).Count == 0)
        {
            return new TimeStampVerdict.Malformed("signing-certificate-missing"); // R5816-2.2.1-a; that it fits is in the verdict on the signer
        }

        if (info.Extensions.FirstOrDefault(e => e.IsCritical) is { } extension)
        {
            return new TimeStampVerdict.Unsupported(extension.Oid); // RFC 3161 §2.4.1: as in RFC 5280 §4.2
        }

        if (!IsForTimeStamping(signer.Certificate!))
        {
            return new TimeStampVerdict.RefusedByPolicy("time-stamping-purpose"); // R3161-2.3-a
        }

        if (info.Authority is not { } name || IsNameOf(name, signer.Certificate!))
        {
            return null;
        }

        deviations.Add("time-stamp-authority-name"); // R3161-2.4.2-e: a hint; the certificate is identified by the signed attribute
        return Policy.ToleratesDeviations ? null : new TimeStampVerdict.Malformed("time-stamp-authority-name");
    }

    private static bool IsForTimeStamping(Certificate certificate)
    {
        try
        {
            return certificate.FindExtension(Oids.ExtendedKeyUsage) is { IsCritical: true }
                && certificate.ExtendedKeyUsages is [Oids.TimeStamping];
        }
        catch (MalformedDataException)
        {
            return false; // for nothing that can be read
        }
    }

    private static bool IsNameOf(GeneralName name, Certificate certificate)
    {
        const int DirectoryName = 4;
        if (name.Tag == DirectoryName
            && Der.TryDecode(name.Value, r => r.ReadSequence(Der.Context(DirectoryName)).ReadEncodedValue(), out ReadOnlyMemory<byte> encoded, AsnEncodingRules.BER)
            && new DistinguishedName(encoded).Equals(certificate.Subject))
        {
            return true;
        }

        try
        {
            return certificate.SubjectAlternativeNames.Any(n => n.Value.Span.SequenceEqual(name.Value.Span));
        }
        catch (MalformedDataException)
        {
            return false;
        }
    }

    private ImmutableArray<string> FindWeaknesses(SignerVerdict.Valid signature, DigestAlgorithm imprint) =>
        Policy.WeakDigests.Contains(imprint.Oid) && !signature.Weaknesses.Contains("weak-digest")
            ? ["weak-digest", .. signature.Weaknesses]
            : signature.Weaknesses;
}
