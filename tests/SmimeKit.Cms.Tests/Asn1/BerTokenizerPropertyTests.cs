using CsCheck;
using SmimeKit.Cms.Asn1;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Asn1;

/// <summary>Random trees of values, encoded in random ways, read back equal.</summary>
public sealed class BerTokenizerPropertyTests
{
    private static readonly Gen<Node> _tree = Gen.Recursive<Node>((depth, child) => depth >= 5
        ? Gen.Byte.Array[0, 200].Select(octets => new Node(octets, []))
        : Gen.Select(Gen.Int[0, 2], Gen.Byte.Array[0, 200], child.Array[0, 4]).Select((kind, octets, children) =>
            kind == 0 ? new Node(null, children) : new Node(octets, [])));

    private static readonly Gen<int[]> _choices = Gen.Int[0, 1 << 20].Array[1, 20];

    [Fact]
    [Trait("Requirement", "R3369-1-a")]
    public void Read_TreeEncodedInAnyForm_IsTheTree() =>
        Gen.Select(_tree, _choices, Gen.Int[1, 300]).Sample(
            (tree, choices, chunk) =>
            {
                byte[] encoded = new Encoder(choices).Encode(tree);
                using var tokens = new Tokens(DribblingStream.InChunks(encoded, chunk));
                Node read = Read(tokens);
                tokens.EnsureEnd();
                return tree.Equals(read);
            },
            iter: 3000);

    [Fact]
    public void Leaf_EncodedInAnyForm_IsItsEncoding() =>
        Gen.Select(_tree, _choices, Gen.Int[1, 300]).Sample(
            (tree, choices, chunk) =>
            {
                byte[] encoded = new Encoder(choices).Encode(tree);
                using var tokens = new Tokens(DribblingStream.InChunks(encoded, chunk));
                return tokens.Leaf().AsSpan().SequenceEqual(encoded);
            },
            iter: 3000);

    [Fact]
    [Trait("Kind", "negative")]
    public void Read_RandomOctets_EndsWithTypedExceptions() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[1, 8]).Sample(
            (octets, chunk) =>
            {
                using var tokens = new Tokens(DribblingStream.InChunks(octets, chunk));
                try
                {
                    _ = Read(tokens);
                    tokens.EnsureEnd();
                }
                catch (SmimeKitException)
                {
                }
            },
            iter: 20_000);

    private static Node Read(Tokens tokens)
    {
        BerHeader? header = tokens.Peek();
        if (header?.Identifier is 0x04 or 0x24)
        {
            return new Node(tokens.String(), []);
        }

        tokens.Enter();
        var children = new List<Node>();
        while (tokens.Peek() is not null)
        {
            children.Add(Read(tokens));
        }

        tokens.Leave();
        return new Node(null, [.. children]);
    }

    /// <summary>An octet string, or a sequence.</summary>
    private sealed record Node(byte[]? Octets, Node[] Children)
    {
        public bool Equals(Node? other) =>
            other is not null
            && (Octets is null) == (other.Octets is null)
            && (Octets ?? []).AsSpan().SequenceEqual(other.Octets ?? [])
            && Children.SequenceEqual(other.Children);

        public override int GetHashCode() => Children.Length;
    }

    /// <summary>Chooses among the encodings that BER allows.</summary>
    private sealed class Encoder(int[] choices)
    {
        private int _next;

        internal byte[] Encode(Node node) =>
            node.Octets is { } octets ? EncodeString(octets, 0) : Wrap(0x30, [.. node.Children.SelectMany(Encode)]);

        private int Choose(int count) => choices[_next++ % choices.Length] / 7 % count;

        private byte[] EncodeString(byte[] octets, int depth)
        {
            if (depth > 3 || Choose(3) == 0)
            {
                return WrapDefinite(0x04, octets);
            }

            var segments = new List<byte>();
            for (int start = 0; start < octets.Length;)
            {
                int size = Math.Min(octets.Length - start, Choose(90));
                segments.AddRange(EncodeString(octets[start..(start + size)], depth + 1));
                start += size;
                _next += size == 0 ? 1 : 0;
                if (size == 0)
                {
                    segments.AddRange(EncodeString(octets[start..], depth + 1));
                    break;
                }
            }

            return Wrap(0x24, [.. segments]);
        }

        private byte[] Wrap(byte identifier, byte[] contents) =>
            Choose(2) == 0 ? [identifier, 0x80, .. contents, 0, 0] : WrapDefinite(identifier, contents);

        private byte[] WrapDefinite(byte identifier, byte[] contents)
        {
            if (contents.Length < 0x80 && Choose(2) == 0)
            {
                return [identifier, (byte)contents.Length, .. contents];
            }

            int count = Math.Max(3, Choose(8)); // minimal or not
            byte[] length = new byte[count];
            for (int i = 0; i < 3; i++)
            {
                length[count - 1 - i] = (byte)(contents.Length >> (8 * i));
            }

            return [identifier, (byte)(0x80 | count), .. length, .. contents];
        }
    }
}
