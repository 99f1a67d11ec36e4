using MimeKit;
using MimeKit.Utils;
using SmimeKit.Mime;

namespace SmimeKit.Opening;

/// <summary>What the outermost header claims: the addresses and the date that signatures are compared with.</summary>
internal sealed record MessageContext
{
    /// <summary>Gets whether there is a mail around the body. Without one there is no address to compare.</summary>
    internal bool IsMail { get; private init; }

    /// <summary>Gets the one author; null when From is missing, is there twice, names several, or names a group.</summary>
    internal string? Author { get; private init; }

    /// <summary>Gets the address of the one Sender field, or null.</summary>
    internal string? Sender { get; private init; }

    internal DateTimeOffset? Date { get; private init; }

    internal static MessageContext Read(EntityHeader header, SmimeLimits limits)
    {
        IReadOnlyList<InternetAddressList> from = header.Addresses(HeaderId.From, limits);
        IReadOnlyList<InternetAddressList> sender = header.Addresses(HeaderId.Sender, limits);
        bool isClear = from.Count <= 1 && sender.Count <= 1; // readers disagree about which of two counts (RFC 5322 §3.6)
        string? date = header.Fields[HeaderId.Date];
        return new MessageContext
        {
            IsMail = !header.IsBareEntity,
            Author = isClear ? Single(from) : null,
            Sender = isClear ? Single(sender) : null,
            Date = date is not null && DateUtils.TryParse(date, out DateTimeOffset parsed) ? parsed : null,
        };
    }

    private static string? Single(IReadOnlyList<InternetAddressList> fields) =>
        fields is [[MailboxAddress mailbox]] ? mailbox.Address : null;
}
