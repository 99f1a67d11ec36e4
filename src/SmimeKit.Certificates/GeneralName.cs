namespace SmimeKit.Certificates;

/// <summary>One GeneralName, RFC 5280 §4.2.1.6.</summary>
/// <param name="Tag">The number of the alternative: 0 otherName, 1 rfc822Name, 2 dNSName, 4 directoryName, 6 URI, 7 iPAddress, 8 registeredID.</param>
/// <param name="Value">The encoded alternative, tag included.</param>
/// <param name="Text">The text of rfc822Name, dNSName, URI and SmtpUTF8Mailbox; otherwise null. Unchecked: may hold anything.</param>
public sealed record GeneralName(int Tag, ReadOnlyMemory<byte> Value, string? Text)
{
    /// <summary>Gets the type of an otherName as an object identifier, or null for the other alternatives.</summary>
    public string? OtherNameType { get; init; }
}
