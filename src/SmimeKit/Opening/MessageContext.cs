using MimeKit;
using MimeKit.Utils;
using SmimeKit.Mime;

namespace SmimeKit.Opening;

/// <summary>What the outermost header claims: the addresses and the date that signatures are compared with.</summary>
internal sealed record MessageContext
{
    internal IReadOnlyList<string> From { get; private init; } = [];

    internal IReadOnlyList<string> Sender { get; private init; } = [];

    internal DateTimeOffset? Date { get; private init; }

    internal static MessageContext Read(EntityHeader header, SmimeLimits limits)
    {
        string? date = header.Fields[HeaderId.Date];
        return new MessageContext
        {
            From = Addresses(header, HeaderId.From, limits),
            Sender = Addresses(header, HeaderId.Sender, limits),
            Date = date is not null && DateUtils.TryParse(date, out DateTimeOffset parsed) ? parsed : null,
        };
    }

    private static List<string> Addresses(EntityHeader header, HeaderId field, SmimeLimits limits)
    {
        List<string> addresses = [.. header.Mailboxes(field).Select(m => m.Address).Take(limits.MaxAddresses + 1)];
        return addresses.Count <= limits.MaxAddresses
            ? addresses
            : throw new LimitExceededException(nameof(SmimeLimits.MaxAddresses), limits.MaxAddresses);
    }
}
