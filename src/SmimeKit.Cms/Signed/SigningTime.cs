using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Signed;

/// <summary>The signing-time attribute, RFC 5652 §11.3: when the signer claims to have signed.</summary>
public static class SigningTime
{
    private const int FirstUtcYear = 1950;
    private const int LastUtcYear = 2049;

    /// <summary>Encodes a time: UTCTime from 1950 to 2049, GeneralizedTime otherwise, in whole seconds.</summary>
    /// <param name="time">The time; fractions of a second are dropped.</param>
    /// <returns>The attribute.</returns>
    public static CmsAttribute Create(DateTimeOffset time)
    {
        AsnWriter writer = DerEncoding.CreateWriter(32);
        WriteValue(writer, time);
        return new CmsAttribute(Oids.SigningTime, writer.Encode());
    }

    /// <summary>Reads the time that a set of signed attributes claims.</summary>
    /// <param name="attributes">The attributes.</param>
    /// <returns>The time, or null when it is absent, repeated or malformed.</returns>
    public static DateTimeOffset? Find(CmsAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return attributes.FindSingle(Oids.SigningTime) is { } value
            && Der.TryDecode(value, Read, out DateTimeOffset? time, AsnEncodingRules.BER) ? time : null;
    }

    internal static void WriteValue(AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year is >= FirstUtcYear and <= LastUtcYear)
        {
            writer.WriteUtcTime(time);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }

    /// <summary>Tells whether the time is readable, but not in the form that RFC 5652 §11.3 asks for.</summary>
    internal static bool IsUnusual(CmsAttributes attributes) =>
        attributes.FindSingle(Oids.SigningTime) is { } value
        && Der.TryDecode(value, Read, out DateTimeOffset? time, AsnEncodingRules.BER)
        && !Create(time!.Value).Values[0].Span.SequenceEqual(value.Span);

    // UTCTime without seconds or with an offset is outside DER but in the field (R3369-11.3-f); AsnReader reads both as BER.
    private static DateTimeOffset? Read(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
            ? reader.ReadUtcTime(twoDigitYearMax: LastUtcYear)
            : reader.ReadGeneralizedTime();
}
