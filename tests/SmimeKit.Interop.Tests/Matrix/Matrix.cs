using System.Text;
using SmimeKit.Interop.Tests.Peers;

namespace SmimeKit.Interop.Tests.Matrix;

/// <summary>One published table: what the test tables say about every peer in one direction.</summary>
internal sealed class Matrix<TCase>(
    IReadOnlyList<TCase> cases, IReadOnlyList<MatrixRow<TCase>> rows, IReadOnlyList<Divergence<TCase>> divergences)
{
    private readonly List<Divergence<TCase>> _notes = [];

    internal string Render()
    {
        var text = new StringBuilder();
        text.Append("| | ").AppendJoin(" | ", ForeignPeers.Names).Append(" |\n| --- |");
        text.Insert(text.Length, " --- |", ForeignPeers.Names.Count).Append('\n');
        foreach (MatrixRow<TCase> row in rows)
        {
            text.Append("| ").Append(row.Title).Append(" | ").AppendJoin(" | ", ForeignPeers.Names.Select(peer => Cell(row, peer))).Append(" |\n");
        }

        text.Append('\n');
        for (int i = 0; i < _notes.Count; i++)
        {
            text.Append(i + 1).Append(". ").Append(_notes[i].Peer).Append(": ").Append(_notes[i].Reason).Append('\n');
        }

        return text.ToString();
    }

    private string Cell(MatrixRow<TCase> row, string peer)
    {
        TCase[] included = [.. cases.Where(row.Includes)];
        Divergence<TCase>?[] found = [.. included.Select(c => divergences.Find(peer, c))];
        bool works = Array.Exists(found, d => d is null);
        Divergence<TCase>? sole = divergences.FirstOrDefault(d => d.Peer == peer && included.All(d.Concerns));
        IEnumerable<Divergence<TCase>> shown = works ? found.OfType<Divergence<TCase>>().Distinct().Where(d => row.IsScheme && !HasOwnRow(d))
            : sole is not null ? [sole]
            : found.OfType<Divergence<TCase>>().Distinct();
        string[] numbers = [.. shown.Select(Number).Order().Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        return (works ? "yes" : "no") + (numbers.Length == 0 ? "" : $" ({string.Join(", ", numbers)})");
    }

    private bool HasOwnRow(Divergence<TCase> divergence) => rows.Any(r => cases.Where(r.Includes).All(divergence.Concerns));

    private int Number(Divergence<TCase> divergence)
    {
        if (!_notes.Contains(divergence))
        {
            _notes.Add(divergence);
        }

        return _notes.IndexOf(divergence) + 1;
    }
}
