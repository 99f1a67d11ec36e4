using MimeKit;
using MimeKit.Utils;
using SmimeKit.Mime;

namespace SmimeKit.Opening;

/// <summary>What the outermost header claims: the addresses and the date that signatures are compared with.</summary>
internal sealed record MessageContext
{
    /// <summary>Gets whether there is a mail around the body. Without one there is no address to compare.</summary>
    internal bool IsMail { get; private init; }

    /// <summary>Gets whether From or Sender stands there twice: readers then disagree about who wrote (RFC 5322 §3.6).</summary>
    internal bool HasRepeatedOriginator { get; private init; }

    /// <summary>Gets the one author; null when From is missing, names several, or names a group.</summary>
    internal string? Author { get; private init; }

    /// <summary>Gets the address of the Sender field, or null.</summary>
    internal string? Sender { get; private init; }

    internal DateTimeOffset? Date { get; private init; }

    /// <summary>
    /// Gets the addresses of which one must be the signer's (RFC 8550 §3). Of several authors it is the Sender who sent
    /// (RFC 5322 §3.6.2).
    /// </summary>
    internal IReadOnlyList<string> Originators => HasRepeatedOriginator ? [] : [.. new[] { Author, Sender }.OfType<string>()];

    internal static MessageContext Read(EntityHeader header, SmimeLimits limits)
    {
        IReadOnlyList<InternetAddressList> from = Read(header, HeaderId.From, limits);
        IReadOnlyList<InternetAddressList> sender = Read(header, HeaderId.Sender, limits);
        string? date = header.Fields[HeaderId.Date];
        return new MessageContext
        {
            IsMail = !header.IsBareEntity,
            HasRepeatedOriginator = from.Count > 1 || sender.Count > 1,
            Author = Single(from),
            Sender = Single(sender),
            Date = date is not null && DateUtils.TryParse(date, out DateTimeOffset parsed) ? parsed : null,
        };
    }

    private static string? Single(IReadOnlyList<InternetAddressList> fields) =>
        fields is [[MailboxAddress mailbox]] ? mailbox.Address : null;

    private static IReadOnlyList<InternetAddressList> Read(EntityHeader header, HeaderId field, SmimeLimits limits)
    {
        IReadOnlyList<InternetAddressList> lists = header.Addresses(field);
        return lists.Sum(l => l.Mailboxes.Count()) <= limits.MaxAddresses
            ? lists
            : throw new LimitExceededException(nameof(SmimeLimits.MaxAddresses), limits.MaxAddresses);
    }
}
