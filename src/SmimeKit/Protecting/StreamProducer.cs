namespace SmimeKit.Protecting;

/// <summary>Content that is no MIME entity: its octets as they are.</summary>
internal sealed class StreamProducer(Stream content) : EntityProducer
{
    /// <summary>Gets the number of octets when it can be known beforehand.</summary>
    internal long? Length { get; } = content.CanSeek ? content.Length - content.Position : null;

    internal override async ValueTask WriteAsync(Stream output, CancellationToken cancellationToken) =>
        await content.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
}
