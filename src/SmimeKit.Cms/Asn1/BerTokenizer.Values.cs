namespace SmimeKit.Cms.Asn1;

/// <content>One whole value of any type and size, and raw octets: both handed out as they were received.</content>
internal sealed partial class BerTokenizer
{
    private bool _inValue;
    private int _openValues;
    private bool _inRest;

    /// <summary>Begins to stream the next value as it is encoded, tag and length included. Nothing inside definite lengths is looked at.</summary>
    internal async ValueTask BeginValueAsync(string field, CancellationToken cancellationToken)
    {
        if (await PeekAsync(field, cancellationToken).ConfigureAwait(false) is null)
        {
            throw Malformed("missing-value", "A value is missing", field);
        }

        _inValue = true;
        await NextHeaderAsync(field, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Begins to stream all that is left of the input, whatever it is.</summary>
    internal void BeginRest() => _inRest = true;

    /// <summary>Reads octets of what was begun, a string, a value or the rest; 0 at its end.</summary>
    internal ValueTask<int> ReadBegunAsync(Memory<byte> destination, string field, CancellationToken cancellationToken) =>
        _inRest ? source.ReadAsync(destination, cancellationToken)
            : _inValue ? ReadValueAsync(destination, field, cancellationToken)
            : ReadOctetsAsync(destination, field, cancellationToken);

    private async ValueTask<int> ReadValueAsync(Memory<byte> destination, string field, CancellationToken cancellationToken)
    {
        if (destination.IsEmpty)
        {
            return 0;
        }

        while (_octetsLeft == 0)
        {
            if (_openValues == 0)
            {
                _inValue = false;
                return 0;
            }

            await NextHeaderAsync(field, cancellationToken).ConfigureAwait(false);
        }

        int count = await source.ReadAsync(
            destination.Length > _octetsLeft ? destination[..(int)_octetsLeft] : destination, cancellationToken).ConfigureAwait(false);
        if (count == 0)
        {
            throw Truncated(field);
        }

        _octetsLeft -= count;
        return count;
    }

    // The header stays in the window: its octets are read with the contents, or alone when only end-of-contents octets tell the end.
    private async ValueTask NextHeaderAsync(string field, CancellationToken cancellationToken)
    {
        (BerHeader header, int size) = await FillHeaderAsync(field, cancellationToken).ConfigureAwait(false);
        if (header.IsEndOfContents && _openValues > 0)
        {
            _openValues--;
        }
        else
        {
            CheckFits(header, size, Bound - (_openValues * EndOfContentsSize), field);
            _openValues += header.Length is null ? 1 : 0;
            if (_openValues + _entered.Count > maxDepth)
            {
                throw new LimitExceededException(DepthLimit, maxDepth);
            }
        }

        _octetsLeft = size + (header.Length ?? 0);
    }
}
