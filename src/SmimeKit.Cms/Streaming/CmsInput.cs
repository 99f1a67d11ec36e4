using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Streaming;

/// <summary>The input of one layer: finds the encoding (BER, PEM, bare base64), enters ContentInfo (RFC 5652 §3), checks the end.</summary>
/// <remarks><code>
/// ContentInfo ::= SEQUENCE {
///     contentType  OBJECT IDENTIFIER,
///     content      [0] EXPLICIT ANY DEFINED BY contentType }
/// </code></remarks>
internal sealed class CmsInput : IDisposable
{
    private const byte Sequence = 0x30;
    private const byte Content = 0xA0;
    private const int MaxOidSize = 128; // security A3: longer identifiers are noise

    private readonly ByteSource _outer;
    private readonly ByteSource _source;
    private bool _inContentInfo;

    private CmsInput(ByteSource outer, ByteSource source, CmsLimits limits)
    {
        _outer = outer;
        _source = source;
        Limits = limits;
        Ber = new BerTokenizer(source, limits.MaxAsn1Depth);
    }

    /// <summary>Gets the tokenizer, positioned at the value that <see cref="ContentType"/> names.</summary>
    internal BerTokenizer Ber { get; }

    internal CmsLimits Limits { get; }

    /// <summary>Gets the OID of the content.</summary>
    internal string ContentType { get; private set; } = "";

    /// <summary>Gets whether the value stands inside another layer, without ContentInfo.</summary>
    internal bool IsNested => !_inContentInfo;

    internal bool Synchronous
    {
        set
        {
            _outer.Synchronous = value;
            _source.Synchronous = value;
        }
    }

    /// <summary>Opens a message and reads up to the content of its ContentInfo.</summary>
    internal static async ValueTask<CmsInput> OpenAsync(
        Stream stream, CmsLimits limits, bool synchronous, CancellationToken cancellationToken)
    {
        var outer = new ByteSource(stream) { Synchronous = synchronous };
        CmsInput? input = null;
        try
        {
            bool armored = await ArmorDecodingStream.IsArmoredAsync(outer, cancellationToken).ConfigureAwait(false);
            ByteSource source = armored ? new ByteSource(new ArmorDecodingStream(outer)) { Synchronous = synchronous } : outer;
            input = new CmsInput(outer, source, limits);
            await input.EnterContentInfoAsync(cancellationToken).ConfigureAwait(false);
            return input;
        }
        catch
        {
            input?.Dispose();
            outer.Dispose();
            throw;
        }
    }

    /// <summary>Opens a value of a known type without ContentInfo, as it stands inside another layer (RFC 5652 §5.2).</summary>
    internal static CmsInput OpenNested(Stream stream, string contentType, CmsLimits limits, bool synchronous)
    {
        var source = new ByteSource(stream) { Synchronous = synchronous };
        return new CmsInput(source, source, limits) { ContentType = contentType };
    }

    /// <summary>Leaves ContentInfo and refuses trailing bytes.</summary>
    internal async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_inContentInfo)
        {
            await Ber.LeaveAsync("contentInfo.content", cancellationToken).ConfigureAwait(false);
            await Ber.LeaveAsync("contentInfo", cancellationToken).ConfigureAwait(false);
        }

        await Ber.EnsureEndOfInputAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads an OBJECT IDENTIFIER at the present position.</summary>
    internal async ValueTask<string> ReadOidAsync(string field, CancellationToken cancellationToken) =>
        (await ReadEncodedOidAsync(field, cancellationToken).ConfigureAwait(false)).Oid;

    /// <summary>Reads an OBJECT IDENTIFIER at the present position, and tells its encoding.</summary>
    internal async ValueTask<(string Oid, byte[] Encoded)> ReadEncodedOidAsync(string field, CancellationToken cancellationToken)
    {
        byte[] oid = await Ber.ReadLeafAsync(field, MaxOidSize, nameof(MaxOidSize), cancellationToken).ConfigureAwait(false);
        return (Der.Decode(oid, field, reader => reader.ReadObjectIdentifier(), AsnEncodingRules.BER, Ber.Position - oid.Length), oid);
    }

    /// <summary>Reads the version; out-of-range ones come back as -1 (RFC 5652 §10.2.5: they explain, they do not decide).</summary>
    internal async ValueTask<int> ReadVersionAsync(string field, CancellationToken cancellationToken)
    {
        const int MaxVersionSize = 64;
        byte[] version = await Ber.ReadLeafAsync(field, MaxVersionSize, nameof(MaxVersionSize), cancellationToken).ConfigureAwait(false);
        return Der.Decode(version, field, CmsVersion.Read, AsnEncodingRules.BER, Ber.Position - version.Length);
    }

    public void Dispose()
    {
        Ber.Dispose();
        _source.Dispose();
        _outer.Dispose();
    }

    private async ValueTask EnterContentInfoAsync(CancellationToken cancellationToken)
    {
        await Ber.EnterAsync(Sequence, "contentInfo", cancellationToken).ConfigureAwait(false);
        ContentType = await ReadOidAsync("contentInfo.contentType", cancellationToken).ConfigureAwait(false);
        await Ber.EnterAsync(Content, "contentInfo.content", cancellationToken).ConfigureAwait(false);
        _inContentInfo = true;
    }
}
