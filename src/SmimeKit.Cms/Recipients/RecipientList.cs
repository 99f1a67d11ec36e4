using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Policy;

namespace SmimeKit.Cms.Recipients;

/// <summary>The RecipientInfos of a message as received: split at once, searched in place, decoded one by one when asked for.</summary>
/// <remarks>The search costs nanoseconds a recipient: the last of thousands finds its own entry as fast as the first.</remarks>
internal sealed class RecipientList : IDisposable
{
    private const byte SetOf = 0x31;
    private const byte KeyTransportTag = 0x30;
    private const byte KeyAgreementTag = 0xA1;
    private const byte KeyEncryptionKeyTag = 0xA2;
    private const byte PasswordTag = 0xA3;
    private const byte OtherTag = 0xA4;

    private static readonly byte[] _keyEncapsulation = DerEncoding.Oid(Oids.OriKem);

    private LeafBuffer? _encoded;
    private readonly List<(int Start, int Length)> _entries = [];
    private IReadOnlyList<RecipientInfo>? _decoded;
    private (int Entry, IReadOnlyList<RecipientInfo> Recipients) _last = (-1, []);

    private RecipientList(LeafBuffer encoded) => _encoded = encoded;

    /// <summary>Gets all recipients; decodes them on first use.</summary>
    internal IReadOnlyList<RecipientInfo> Decoded => _decoded ??= [.. _entries.SelectMany((_, i) => Decode(i))];

    /// <summary>Reads <c>RecipientInfos ::= SET SIZE (1..MAX) OF RecipientInfo</c>.</summary>
    internal static async ValueTask<RecipientList> ReadAsync(BerTokenizer ber, CmsLimits limits, CancellationToken cancellationToken)
    {
        const string Field = "recipientInfos";
        LeafBuffer encoded = await ber
            .ReadPooledLeafAsync(Field, limits.MaxHeaderSize, nameof(limits.MaxHeaderSize), cancellationToken).ConfigureAwait(false);
        var list = new RecipientList(encoded);
        try
        {
            if (encoded.Written.Span[0] != SetOf || !list.TrySplit(limits))
            {
                throw ber.Malformed("recipient-infos", "The recipients are not a set of values", Field);
            }

            return list._entries.Count > 0
                ? list
                : throw ber.Malformed("no-recipients", "The set of recipients is empty", Field); // R3369-6.1-e
        }
        catch
        {
            list.Dispose();
            throw;
        }
    }

    /// <summary>Tells what the version of the message depends on: pwri or ori entries, and entries of a version other than 0.</summary>
    internal (bool HasOther, bool HasLaterVersion) GetVersionFacts()
    {
        (bool hasOther, bool hasLater) = (false, false);
        for (int entry = 0; entry < _entries.Count; entry++)
        {
            (bool isOther, bool isLater) = GetVersionFacts(Encoded(entry));
            hasOther |= isOther;
            hasLater |= isLater;
        }

        return (hasOther, hasLater);
    }

    /// <summary>Tells what the version of the message depends on for one entry.</summary>
    internal static (bool IsOther, bool IsLater) GetVersionFacts(ReadOnlySpan<byte> entry) =>
    (
        entry[0] is PasswordTag or OtherTag,
        BerValue.TryRead(entry, out BerValue sequence) && BerValue.TryRead(sequence.Content, out BerValue version) && version.Content is not [0]);

    /// <summary>Copies the entries one by one, in the order of the message.</summary>
    internal IEnumerable<byte[]> CopyEntries() => Enumerable.Range(0, _entries.Count).Select(entry => Encoded(entry).ToArray());

    /// <summary>Finds the entries that are addressed to one of the sources, in the order of the message.</summary>
    internal List<RecipientMatch> Find(IReadOnlyList<KeySource> sources)
    {
        var matches = new List<RecipientMatch>();
        for (int entry = 0; entry < _entries.Count; entry++)
        {
            ReadOnlySpan<byte> encoded = Encoded(entry);
            switch (encoded[0])
            {
                case KeyTransportTag:
                    FindAfterVersion(RecipientKind.KeyTransport, encoded, entry, sources, matches);
                    break;
                case KeyAgreementTag:
                    FindInKeyAgreement(encoded, entry, sources, matches);
                    break;
                case KeyEncryptionKeyTag:
                    FindAfterVersion(RecipientKind.KeyEncryptionKey, encoded, entry, sources, matches);
                    break;
                case PasswordTag:
                    FindAfterVersion(RecipientKind.Password, encoded, entry, sources, matches);
                    break;
                case OtherTag:
                    FindInOther(encoded, entry, sources, matches);
                    break;
            }
        }

        return matches;
    }

    /// <summary>Decodes the recipient of a match; null when the entry is not sound.</summary>
    internal RecipientInfo? Decode(RecipientMatch match)
    {
        // Matches come in order: an entry that names many is decoded once.
        _last = _last.Entry == match.Entry ? _last : (match.Entry, Decode(match.Entry));
        IReadOnlyList<RecipientInfo> entry = _last.Recipients;
        return match.Position < entry.Count && entry[match.Position].Kind is not (RecipientKind.Unknown or RecipientKind.Other) ? entry[match.Position] : null;
    }

    /// <summary>Returns the buffer. Decoded recipients have copies of their own.</summary>
    public void Dispose()
    {
        _encoded?.Dispose();
        _encoded = null;
    }

    private ReadOnlySpan<byte> Whole
    {
        get
        {
            ObjectDisposedException.ThrowIf(_encoded is null, typeof(RecipientList));
            return _encoded.Written.Span;
        }
    }

    private IReadOnlyList<RecipientInfo> Decode(int entry) => RecipientInfo.Decode(Encoded(entry).ToArray());

    private ReadOnlySpan<byte> Encoded(int entry) => Whole.Slice(_entries[entry].Start, _entries[entry].Length);

    private bool TrySplit(CmsLimits limits)
    {
        ReadOnlySpan<byte> whole = Whole;
        if (!BerValue.TryRead(whole, out BerValue set))
        {
            return false;
        }

        int start = set.ContentStart;
        int end = set.ContentStart + set.Content.Length;
        int recipients = 0;
        while (start < end)
        {
            if (!BerValue.TryRead(whole[start..end], out BerValue entry))
            {
                return false;
            }

            recipients += CountRecipients(entry);
            if (recipients > limits.MaxRecipients)
            {
                throw new LimitExceededException(nameof(limits.MaxRecipients), limits.MaxRecipients);
            }

            if (entry.Size > limits.MaxRecipientInfoSize)
            {
                throw new LimitExceededException(nameof(limits.MaxRecipientInfoSize), limits.MaxRecipientInfoSize);
            }

            _entries.Add((start, entry.Size));
            start += entry.Size;
        }

        return true;
    }

    // A key agreement is for as many as it has encrypted keys; one without any is counted, too, since it costs as much.
    private static int CountRecipients(BerValue entry)
    {
        int count = 0;
        ReadOnlySpan<byte> keys = entry.Identifier == KeyAgreementTag ? EncryptedKeys(entry.Encoded) : default;
        while (BerValue.TryRead(keys, out BerValue key))
        {
            count++;
            keys = keys[key.Size..];
        }

        return Math.Max(1, count);
    }

    // KeyTransRecipientInfo ::= SEQUENCE { version, rid, … }, KEKRecipientInfo ::= [2] SEQUENCE { version, kekid, … },
    // PasswordRecipientInfo ::= [3] SEQUENCE { version, keyDerivationAlgorithm [0] OPTIONAL, … }
    private static void FindAfterVersion(
        RecipientKind kind, ReadOnlySpan<byte> encoded, int entry, IReadOnlyList<KeySource> sources, List<RecipientMatch> matches)
    {
        if (BerValue.TryRead(encoded, out BerValue sequence)
            && BerValue.TryRead(sequence.Content, out BerValue version)
            && BerValue.TryRead(sequence.Content[version.Size..], out BerValue rid))
        {
            AddMatches(kind, rid, entry, 0, sources, matches);
        }
    }

    // OtherRecipientInfo ::= [4] SEQUENCE { oriType, oriValue }, KEMRecipientInfo ::= SEQUENCE { version, rid, … }
    private static void FindInOther(ReadOnlySpan<byte> encoded, int entry, IReadOnlyList<KeySource> sources, List<RecipientMatch> matches)
    {
        if (BerValue.TryRead(encoded, out BerValue sequence)
            && BerValue.TryRead(sequence.Content, out BerValue type)
            && type.Encoded.SequenceEqual(_keyEncapsulation))
        {
            FindAfterVersion(RecipientKind.KeyEncapsulation, sequence.Content[type.Size..], entry, sources, matches);
        }
    }

    private static void FindInKeyAgreement(
        ReadOnlySpan<byte> encoded, int entry, IReadOnlyList<KeySource> sources, List<RecipientMatch> matches)
    {
        ReadOnlySpan<byte> keys = EncryptedKeys(encoded);
        for (int position = 0; !keys.IsEmpty; position++)
        {
            if (!BerValue.TryRead(keys, out BerValue key) || !BerValue.TryRead(key.Content, out BerValue rid))
            {
                return;
            }

            AddMatches(RecipientKind.KeyAgreement, rid, entry, position, sources, matches);
            keys = keys[key.Size..];
        }
    }

    // KeyAgreeRecipientInfo ::= [1] SEQUENCE { version, originator [0], ukm [1] OPTIONAL, keyEncryptionAlgorithm,
    //     recipientEncryptedKeys SEQUENCE OF SEQUENCE { rid, … } }
    private static ReadOnlySpan<byte> EncryptedKeys(ReadOnlySpan<byte> encoded)
    {
        ReadOnlySpan<byte> rest = BerValue.TryRead(encoded, out BerValue sequence) ? sequence.Content : default;
        BerValue last = default;
        while (!rest.IsEmpty)
        {
            if (!BerValue.TryRead(rest, out last))
            {
                return default;
            }

            rest = rest[last.Size..];
        }

        return last.Content;
    }

    private static void AddMatches(
        RecipientKind kind, BerValue rid, int entry, int position, IReadOnlyList<KeySource> sources, List<RecipientMatch> matches)
    {
        foreach (KeySource source in sources)
        {
            if (source.Matches(kind, rid))
            {
                matches.Add(new RecipientMatch(entry, position, source));
            }
        }
    }
}

/// <summary>An entry of the recipient list that is addressed to something at hand.</summary>
/// <param name="Entry">The index of the RecipientInfo.</param>
/// <param name="Position">The index of the recipientEncryptedKey in a key agreement; 0 otherwise.</param>
/// <param name="Source">What it is addressed to.</param>
internal readonly record struct RecipientMatch(int Entry, int Position, KeySource Source);
