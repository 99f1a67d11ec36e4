using MimeKit;

namespace SmimeKit.Protecting;

/// <summary>Who a message is from and to.</summary>
internal sealed record Correspondents(string? From, IReadOnlyList<string> Recipients, DateTimeOffset? Date)
{
    internal static Correspondents None { get; } = new(null, [], null);

    internal static Correspondents Of(MimeMessage message)
    {
        // One message for all would tell everybody who the Bcc recipients are: RecipientInfos name them (RFC 9787 §9.4.1).
        if (message.Bcc.Mailboxes.Any() || message.ResentBcc.Mailboxes.Any())
        {
            throw new PolicyViolationException(
                "bcc-recipients", "Bcc recipients need a message of their own: protect one for each, without the Bcc field.");
        }

        IEnumerable<MailboxAddress> to = message.To.Mailboxes.Concat(message.Cc.Mailboxes);
        return new Correspondents(
            (message.Sender ?? message.From.Mailboxes.FirstOrDefault())?.Address,
            [.. to.Select(m => m.Address).Distinct(StringComparer.OrdinalIgnoreCase)],
            message.Headers.Contains(HeaderId.Date) ? message.Date : null);
    }
}
