using SmimeKit.Asn1;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Cms.Data;

/// <summary>Reads a ContentInfo of type id-data, RFC 5652 §4: octets that nothing protects.</summary>
/// <remarks><code>Data ::= OCTET STRING</code></remarks>
public sealed class DataReader : UnprotectedContentReader
{
    private const byte OctetString = 0x04;

    private DataReader(CmsInput input, CmsReaderOptions options)
        : base(input, options)
    {
    }

    internal static ValueTask<DataReader> ReadHeaderAsync(CmsInput input, CmsReaderOptions options, CancellationToken cancellationToken) =>
        BeginAsync(new DataReader(input, options), cancellationToken);

    private protected override ValueTask BeginAsync(CancellationToken cancellationToken) =>
        Input.Ber.BeginOctetStringAsync(OctetString, ContentField, cancellationToken);
}
