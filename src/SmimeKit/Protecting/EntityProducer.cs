namespace SmimeKit.Protecting;

/// <summary>Writes a MIME entity, header and body, in canonical form. Producers wrap each other: one a layer, with nothing kept in between.</summary>
internal abstract class EntityProducer
{
    /// <summary>Writes the entity. Producers are used once.</summary>
    internal abstract ValueTask WriteAsync(Stream output, CancellationToken cancellationToken);
}
