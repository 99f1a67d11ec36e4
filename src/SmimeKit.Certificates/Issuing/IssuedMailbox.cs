using System.Formats.Asn1;
using System.Text;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>A mail address on its way into subjectAltName, RFC 5280 §4.2.1.6 and RFC 9598 §3.</summary>
internal static class IssuedMailbox
{
    private const int MaxLocalPart = 64;  // octets, RFC 5321 §4.5.3.1.1
    private const int MaxDomain = 255;    // octets, RFC 5321 §4.5.3.1.2
    private const int MaxLabel = 63;      // octets, RFC 1035 §2.3.4
    private const string AtomSpecials = "!#$%&'*+-/=?^_`{|}~"; // beside letters and digits, RFC 5322 §3.2.3

    internal static void Write(AsnWriter writer, string address)
    {
        (string local, string domain) = Parse(address);
        string mailbox = local + "@" + domain;
        if (Ascii.IsValid(local))
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, mailbox, Der.Context(1, constructed: false));
            return;
        }

        // RFC 9598 §3: SmtpUTF8Mailbox for local parts beyond ASCII, and for those only.
        using (writer.PushSequence(Der.Context(0)))
        {
            writer.WriteObjectIdentifier(Oids.SmtpUtf8Mailbox);
            using (writer.PushSequence(Der.Context(0)))
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, mailbox);
            }
        }
    }

    // A dot-atom at a host name: quoted local parts and address literals name nobody that certificates are issued to.
    private static (string Local, string Domain) Parse(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        if (EmailAddressComparison.IsWellFormed(address))
        {
            (string local, string domain) = EmailAddressComparison.Split(address);
            domain = EmailAddressComparison.ToALabels(domain).ToLowerInvariant(); // RFC 9598 §3: lower case, A-labels
            bool valid = Encoding.UTF8.GetByteCount(local) <= MaxLocalPart && local.Split('.').All(IsAtom)
                && domain.Length <= MaxDomain && domain.Split('.').All(IsHostLabel);
            if (valid)
            {
                return (local, domain);
            }
        }

        throw new ArgumentException("The text is no mail address that a certificate can name.", nameof(address));
    }

    private static bool IsAtom(string atom) =>
        atom.Length > 0 && atom.EnumerateRunes().All(r => r != Rune.ReplacementChar && (r.IsAscii ? IsAtomText((char)r.Value) : true));

    private static bool IsAtomText(char c) => char.IsAsciiLetterOrDigit(c) || AtomSpecials.Contains(c);

    private static bool IsHostLabel(string label) =>
        label.Length is > 0 and <= MaxLabel && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && label[0] != '-' && label[^1] != '-';
}
