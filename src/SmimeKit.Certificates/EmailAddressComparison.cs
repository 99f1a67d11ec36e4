namespace SmimeKit.Certificates;

/// <summary>Comparison of mail addresses, RFC 8550 §3 and RFC 9598 §5.</summary>
public static class EmailAddressComparison
{
    private const int MaxLength = 320; // 64 octets of local part, "@", 255 octets of domain (RFC 5321 §4.5.3.1)

    /// <summary>Tells whether two addresses are the same mailbox.</summary>
    /// <param name="left">An addr-spec without display name.</param>
    /// <param name="right">The other.</param>
    /// <param name="exactLocalPart">Whether the case of an ASCII local part matters (RFC 5280 §7.5); it does not by default.</param>
    /// <returns>True when they match; false also when either is malformed.</returns>
    public static bool AreEqual(string left, string right, bool exactLocalPart = false)
    {
        if (!IsWellFormed(left) || !IsWellFormed(right))
        {
            return false;
        }

        (string localLeft, string domainLeft) = Split(left);
        (string localRight, string domainRight) = Split(right);
        bool ascii = System.Text.Ascii.IsValid(localLeft) && System.Text.Ascii.IsValid(localRight);
        StringComparison local = ascii && !exactLocalPart ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return string.Equals(localLeft, localRight, local) && string.Equals(ToALabels(domainLeft), ToALabels(domainRight), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Tells whether a text can be an address at all: one mailbox, no blanks, no control characters.</summary>
    /// <param name="address">The text.</param>
    /// <returns>False for texts that never match: with NUL, line breaks, angle brackets, lists.</returns>
    public static bool IsWellFormed(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        int at = address.LastIndexOf('@');
        return at > 0 && at < address.Length - 1 && address.Length <= MaxLength && !address.Any(IsForbidden)
            && !address.AsSpan(at).Contains('"');
    }

    private static bool IsForbidden(char c) => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or '\uFFFD';

    internal static (string Local, string Domain) Split(string address)
    {
        int at = address.LastIndexOf('@');
        return (address[..at], address[(at + 1)..]);
    }

    // RFC 9598 §5: domains are compared as A-labels.
    internal static string ToALabels(string domain)
    {
        if (System.Text.Ascii.IsValid(domain))
        {
            return domain;
        }

        try
        {
            // U-labels are lower case (RFC 5891 §4.2.1); without ICU the mapping does not see to that.
            return new System.Globalization.IdnMapping().GetAscii(domain.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }
}
