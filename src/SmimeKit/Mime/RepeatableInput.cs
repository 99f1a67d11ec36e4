namespace SmimeKit.Mime;

/// <summary>A message that can be read again from where it began.</summary>
internal sealed record RepeatableInput(Stream Stream, long Start)
{
    /// <summary>Describes a stream at its present position; null when it can be read only once.</summary>
    internal static RepeatableInput? Of(Stream stream) => stream.CanSeek ? new RepeatableInput(stream, stream.Position) : null;

    /// <summary>Opens a range of the message; disposing it puts the position back.</summary>
    internal RangeStream OpenRange((long Start, long End) range) => new(Stream, Start + range.Start, Start + range.End);
}
