using SmimeKit.Asn1;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.Cms.Enveloped;

/// <summary>The RecipientInfos of a message without those that are removed; what stays is not touched.</summary>
internal sealed class EditedRecipients
{
    private const byte KeyAgreement = 0xA1;
    private const byte Sequence = 0x30;

    private readonly List<ReadOnlyMemory<byte>> _kept = [];

    internal EditedRecipients(RecipientList recipients, Func<RecipientInfo, bool>? removes)
    {
        foreach (byte[] entry in recipients.CopyEntries())
        {
            if (Keep(entry, removes) is { } kept)
            {
                _kept.Add(kept);
            }
        }
    }

    /// <summary>Gets whether a recipient that stays has its key by OAEP.</summary>
    internal bool HasOaep => _kept.Exists(entry => RecipientInfo.Decode(entry)[0].KeyEncryptionAlgorithm?.Oid == Oids.RsaesOaep);

    /// <summary>Splits an encoded set into its entries.</summary>
    internal static byte[][] Split(byte[] set)
    {
        var entries = new List<byte[]>();
        _ = BerValue.TryRead(set, out BerValue whole);
        ReadOnlySpan<byte> rest = whole.Content;
        while (BerValue.TryRead(rest, out BerValue entry))
        {
            entries.Add([.. entry.Encoded]);
            rest = rest[entry.Size..];
        }

        return [.. entries];
    }

    /// <summary>Puts the entries together that stay and that are added: in DER order when the others are, otherwise behind them.</summary>
    /// <exception cref="TransformException">None is left.</exception>
    internal List<ReadOnlyMemory<byte>> Join(byte[][] added)
    {
        List<ReadOnlyMemory<byte>> all = EncodedSet.Add(_kept, [.. added]);
        return all.Count > 0 ? all : throw new TransformException("no-recipient-left", "The message would have no recipient."); // R3369-6.1-e
    }

    // Null when the entry is removed whole.
    private static byte[]? Keep(byte[] entry, Func<RecipientInfo, bool>? removes)
    {
        if (removes is null)
        {
            return entry;
        }

        IReadOnlyList<RecipientInfo> recipients = RecipientInfo.Decode(entry);
        bool[] removed = [.. recipients.Select(removes)];
        return Array.TrueForAll(removed, r => !r) ? entry
            : Array.TrueForAll(removed, r => r) ? null
            : WithoutKeys(entry, removed);
    }

    // KeyAgreeRecipientInfo ::= [1] SEQUENCE { …, recipientEncryptedKeys SEQUENCE OF RecipientEncryptedKey }
    private static byte[] WithoutKeys(byte[] entry, bool[] removed)
    {
        _ = BerValue.TryRead(entry, out BerValue agreement);
        int start = 0;
        BerValue last = default;
        while (start < agreement.Content.Length)
        {
            _ = BerValue.TryRead(agreement.Content[start..], out last);
            start += last.Size;
        }

        var kept = new List<ReadOnlyMemory<byte>>();
        byte[][] keys = Split([.. last.Encoded]);
        for (int i = 0; i < keys.Length; i++)
        {
            if (!removed[i])
            {
                kept.Add(keys[i]);
            }
        }

        byte[] fields = [.. agreement.Content[..(start - last.Size)]];
        return EncodedSet.Encode(KeyAgreement, [fields, EncodedSet.Encode(Sequence, kept)]);
    }
}
