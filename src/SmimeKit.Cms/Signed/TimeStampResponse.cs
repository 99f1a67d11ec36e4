using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Signed;

/// <summary>The answer of a time-stamping authority: TimeStampResp, RFC 3161 §2.4.2.</summary>
/// <remarks><code>
/// TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken TimeStampToken OPTIONAL }
/// PKIStatusInfo ::= SEQUENCE { status INTEGER, statusString SEQUENCE OF UTF8String OPTIONAL, failInfo BIT STRING OPTIONAL }
/// </code>
/// Nobody vouches for the status. Decoding verifies nothing: check the token with <see cref="TimeStampRequest.VerifyAsync"/>.
/// </remarks>
public sealed class TimeStampResponse
{
    private const int MaxFailureBits = 32;

    private TimeStampResponse(TimeStampStatus status, IReadOnlyList<string> statusText, TimeStampFailures failures, TimeStampToken? token)
    {
        Status = status;
        StatusText = statusText;
        Failures = failures;
        Token = token;
    }

    /// <summary>Gets whether the authority made a token.</summary>
    public TimeStampStatus Status { get; }

    /// <summary>Gets what the authority says in words; may hold anything.</summary>
    public IReadOnlyList<string> StatusText { get; }

    /// <summary>Gets why there is no token.</summary>
    public TimeStampFailures Failures { get; }

    /// <summary>Gets the token; null when the request was not granted.</summary>
    public TimeStampToken? Token { get; }

    /// <summary>Decodes a response.</summary>
    /// <param name="encoded">The encoded response; kept, not copied.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The response.</returns>
    /// <exception cref="MalformedDataException">
    /// The value is no response, its status is unknown, it is granted without a token, or it has a token without being granted.
    /// </exception>
    /// <exception cref="LimitExceededException">The token exceeds a limit.</exception>
    public static TimeStampResponse Decode(ReadOnlyMemory<byte> encoded, CmsReaderOptions? options = null)
    {
        (TimeStampStatus status, List<string> text, TimeStampFailures failures, ReadOnlyMemory<byte>? token) =
            Der.Decode(encoded, "timeStampResp", Read, AsnEncodingRules.BER);
        bool granted = status is TimeStampStatus.Granted or TimeStampStatus.GrantedWithModifications;
        if (granted != token is not null)
        {
            throw new MalformedDataException(
                "time-stamp-status", "The status and the presence of a token contradict each other", -1, "timeStampResp.timeStampToken");
        }

        return new TimeStampResponse(status, text, failures, token is { } value ? TimeStampToken.Decode(value, options) : null);
    }

    private static (TimeStampStatus Status, List<string> Text, TimeStampFailures Failures, ReadOnlyMemory<byte>? Token) Read(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        AsnReader info = fields.ReadSequence();
        if (!info.TryReadInt32(out int status) || !Enum.IsDefined((TimeStampStatus)status))
        {
            throw new AsnContentException(); // R3161-2.4.2-a
        }

        List<string> text = info.HasTag(Asn1Tag.Sequence) ? ReadText(info.ReadSequence()) : [];
        TimeStampFailures failures = info.HasTag(Asn1Tag.PrimitiveBitString) ? ReadFailures(info) : TimeStampFailures.None;
        info.ThrowIfNotEmpty();
        ReadOnlyMemory<byte>? token = fields.HasData ? fields.ReadEncodedValue() : default(ReadOnlyMemory<byte>?);
        fields.ThrowIfNotEmpty();
        return ((TimeStampStatus)status, text, failures, token);
    }

    private static List<string> ReadText(AsnReader list)
    {
        var text = new List<string>();
        while (list.HasData)
        {
            text.Add(list.ReadCharacterString(UniversalTagNumber.UTF8String));
        }

        return text;
    }

    // Bit 0 comes first on the wire; bits that RFC 3161 does not name stay as they are.
    private static TimeStampFailures ReadFailures(AsnReader reader)
    {
        ReadOnlySpan<byte> octets = reader.ReadBitString(out int unused);
        int bits = Math.Min((octets.Length * 8) - unused, MaxFailureBits);
        uint failures = 0;
        for (int i = 0; i < bits; i++)
        {
            failures |= (octets[i / 8] & (0x80 >> (i % 8))) != 0 ? 1U << i : 0;
        }

        return (TimeStampFailures)failures;
    }
}
