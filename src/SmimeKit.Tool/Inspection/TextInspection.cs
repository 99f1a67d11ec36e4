using SmimeKit.Cms;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Inspection;

/// <summary>The structure as lines of text.</summary>
internal sealed class TextInspection(TextWriter output)
{
    internal void Write(IEnumerable<InspectionNode> nodes, int indent)
    {
        foreach (InspectionNode node in nodes)
        {
            if (node.Kind == InspectionKind.Values)
            {
                Write(node.Elements); // in columns of their own: the indentation is the depth of each
                continue;
            }

            string separator = node.Value.Length == 0 ? "" : node.Kind == InspectionKind.Part ? " " : ": ";
            output.WriteLine(new string(' ', indent * 2) + Printable.Of(node.Name + separator + node.Value + node.Details));
            Write(node.Children, indent + 1);
        }
    }

    private void Write(IEnumerable<CmsElement> elements)
    {
        foreach (CmsElement element in elements)
        {
            string value = ElementText.Value(element) is { } v ? $": {v}" : "";
            output.WriteLine(FormattableString.Invariant(
                $"{element.Offset,10} {element.HeaderLength}+{ElementText.Length(element),-10} {new string(' ', element.Depth * 2)}{ElementText.Type(element)}{value}"));
        }
    }
}
