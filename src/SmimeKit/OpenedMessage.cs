using MimeKit;

namespace SmimeKit;

/// <summary>The innermost entity of a mail with the report on it.</summary>
/// <remarks>The entity's parts are windows on a temporary stream: dispose this after their last use.</remarks>
public sealed class OpenedMessage : IDisposable
{
    private readonly Stream _content;

    internal OpenedMessage(MimeEntity entity, SmimeReport report, Stream content)
    {
        Entity = entity;
        Report = report;
        _content = content;
    }

    /// <summary>Gets the innermost entity. What it is worth is in <see cref="Report"/>; by itself it is trusted by nobody.</summary>
    public MimeEntity Entity { get; }

    /// <summary>Gets the report.</summary>
    public SmimeReport Report { get; }

    /// <summary>Releases the entity and the temporary stream.</summary>
    public void Dispose()
    {
        Entity.Dispose();
        _content.Dispose();
    }
}
