using System.Formats.Asn1;

namespace SmimeKit.Cms.Asn1;

/// <summary>One BER value in a buffer that holds all of it: a view, for searches that must not allocate.</summary>
internal readonly ref struct BerValue
{
    private BerValue(ReadOnlySpan<byte> source, int contentStart, int contentLength, int size)
    {
        Identifier = source[0];
        ContentStart = contentStart;
        Content = source.Slice(contentStart, contentLength);
        Encoded = source[..size];
    }

    /// <summary>Gets the identifier octet; 0 for a default value.</summary>
    internal byte Identifier { get; }

    internal int ContentStart { get; }

    internal ReadOnlySpan<byte> Content { get; }

    internal ReadOnlySpan<byte> Encoded { get; }

    internal int Size => Encoded.Length;

    /// <summary>Reads the value at the start of a buffer; false when there is none or it is not whole.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, out BerValue value)
    {
        bool read = AsnDecoder.TryReadEncodedValue(source, AsnEncodingRules.BER, out _, out int start, out int length, out int size);
        value = read ? new BerValue(source, start, length, size) : default;
        return read;
    }
}
