namespace SmimeKit.Cms.Asn1;

/// <content>The spine octet for octet, for what copies a message.</content>
internal sealed partial class BerTokenizer
{
    private static readonly byte[] _endOfContents = new byte[EndOfContentsSize];

    /// <summary>Enters the next value if it has the given identifier, and tells its identifier and length octets; null when it has not.</summary>
    internal async ValueTask<byte[]?> TryEnterVerbatimAsync(byte identifier, string field, CancellationToken cancellationToken)
    {
        if (await PeekAsync(field, cancellationToken).ConfigureAwait(false) is not { } header || header.Identifier != identifier)
        {
            return null;
        }

        byte[] octets = PeekHeaderOctets();
        Enter(header, field);
        return octets;
    }

    /// <summary>Leaves the value that was entered last, and tells the octets that end it: none when its length is definite.</summary>
    internal async ValueTask<byte[]> LeaveVerbatimAsync(string field, CancellationToken cancellationToken)
    {
        bool isIndefinite = _entered.Peek().IsIndefinite;
        await LeaveAsync(field, cancellationToken).ConfigureAwait(false);
        return isIndefinite ? _endOfContents : [];
    }

    /// <summary>Copies the next value, an OCTET STRING in one piece or in (nested) segments; the octets of the string are shown too.</summary>
    internal async ValueTask CopyOctetStringAsync(
        BerWriter writer, Memory<byte> buffer, Action<ReadOnlySpan<byte>> show, string field, CancellationToken cancellationToken)
    {
        int depth = 0;
        do
        {
            if (await PeekAsync(field, cancellationToken).ConfigureAwait(false) is not { } header)
            {
                await CopyEndAsync(writer, depth, field, cancellationToken).ConfigureAwait(false);
                depth--;
                continue;
            }

            if (header.Identifier is not (OctetString or OctetStringConstructed))
            {
                throw Malformed(
                    depth > 0 ? "octet-string-segment" : "unexpected-tag", "Something else stands where an octet string is expected", field);
            }

            await writer.WriteLeafAsync(PeekHeaderOctets(), cancellationToken).ConfigureAwait(false);
            if (header.IsConstructed)
            {
                Enter(header, field);
                depth++;
                continue;
            }

            ConsumeHeader();
            await CopyContentsAsync(writer, buffer, header.Length!.Value, show, field, cancellationToken).ConfigureAwait(false);
        }
        while (depth > 0);
    }

    /// <summary>Copies the next value, of any type and of definite length; its contents octets are shown too.</summary>
    internal async ValueTask CopyValueAsync(
        BerWriter writer, Memory<byte> buffer, Action<ReadOnlySpan<byte>> show, string field, CancellationToken cancellationToken)
    {
        if (await PeekAsync(field, cancellationToken).ConfigureAwait(false) is not { Length: { } length })
        {
            throw Malformed("unexpected-tag", "A value of definite length is expected", field);
        }

        await writer.WriteLeafAsync(PeekHeaderOctets(), cancellationToken).ConfigureAwait(false);
        ConsumeHeader();
        await CopyContentsAsync(writer, buffer, length, show, field, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Copies the next value, of any type and of whatever lengths.</summary>
    internal async ValueTask CopyAsync(BerWriter writer, Memory<byte> buffer, string field, CancellationToken cancellationToken)
    {
        int depth = 0;
        do
        {
            if (await PeekAsync(field, cancellationToken).ConfigureAwait(false) is not { } header)
            {
                await CopyEndAsync(writer, depth, field, cancellationToken).ConfigureAwait(false);
                depth--;
                continue;
            }

            await writer.WriteLeafAsync(PeekHeaderOctets(), cancellationToken).ConfigureAwait(false);
            if (header.Length is not { } length)
            {
                Enter(header, field);
                depth++;
                continue;
            }

            ConsumeHeader();
            await CopyContentsAsync(writer, buffer, length, static _ => { }, field, cancellationToken).ConfigureAwait(false);
        }
        while (depth > 0);
    }

    private async ValueTask CopyEndAsync(BerWriter writer, int depth, string field, CancellationToken cancellationToken)
    {
        byte[] end = depth > 0
            ? await LeaveVerbatimAsync(field, cancellationToken).ConfigureAwait(false)
            : throw Malformed("missing-value", "A value is missing", field);
        await writer.WriteLeafAsync(end, cancellationToken).ConfigureAwait(false);
    }

    private byte[] PeekHeaderOctets()
    {
        _ = BerHeader.TryRead(source.Available, out _, out int size);
        return source.Available[..size].ToArray();
    }

    private async ValueTask CopyContentsAsync(
        BerWriter writer,
        Memory<byte> buffer,
        long length,
        Action<ReadOnlySpan<byte>> show,
        string field,
        CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            int count = await source.ReadAsync(
                buffer.Length > length ? buffer[..(int)length] : buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                throw Truncated(field);
            }

            show(buffer.Span[..count]);
            await writer.WriteContentsAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
            length -= count;
        }
    }
}
