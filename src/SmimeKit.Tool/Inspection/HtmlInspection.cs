using System.Net;
using SmimeKit.Cms;
using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Inspection;

/// <summary>The structure as one page that needs nothing else: no script, no font, no picture, nothing from the network.</summary>
/// <remarks>
/// Everything that comes from a message is hostile. It is escaped as text, and never stands in a tag; and the page forbids the browser
/// whatever it could still be talked into (CSP: styles of the page itself, and nothing more).
/// </remarks>
internal sealed class HtmlInspection(TextWriter output)
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'">
        <meta name="referrer" content="no-referrer">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>smimekit inspect</title>
        <style>
        :root { color-scheme: light dark; --line: light-dark(#d5dae1, #3a414b); --soft: light-dark(#66707d, #98a2b0);
          --part: light-dark(#0b62b8, #7cb7ff); --layer: light-dark(#7a3fb0, #c9a0f5); --problem: light-dark(#b3261e, #ff8a80); }
        body { font: 15px/1.55 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1.25rem; }
        h1 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; padding-bottom: .4rem; border-bottom: 2px solid var(--line); overflow-wrap: anywhere; }
        ul { list-style: none; margin: 0 0 0 .4rem; padding: 0 0 0 1rem; border-left: 1px solid var(--line); }
        ul.top { border: 0; margin: 0; padding: 0; }
        li { margin: .15rem 0; overflow-wrap: anywhere; }
        b { font-weight: 600; } .part > b { color: var(--part); } .layer > b { color: var(--layer); }
        .field > b { font-weight: 400; color: var(--soft); } .problem { color: var(--problem); }
        i { font-style: normal; color: var(--soft); } summary { cursor: pointer; color: var(--soft); }
        table { border-collapse: collapse; font: 12.5px/1.5 ui-monospace, monospace; margin: .4rem 0 .8rem; }
        th { font-weight: 400; color: var(--soft); text-align: left; } td, th { padding: 0 .9rem 0 0; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; }
        td:nth-child(-n+3), th:nth-child(-n+3) { text-align: right; white-space: nowrap; color: var(--soft); } tr:hover td { background: light-dark(#f0f3f7, #262b32); }
        footer { margin: 3rem 0 1rem; color: var(--soft); font-size: .85rem; }
        </style>
        </head>
        <body>
        """;

    private const string Foot = """
        <footer>What the messages say of themselves: nothing here was verified, and nothing was decrypted. Offsets of parts are bytes of the entity around them;
        offsets of ASN.1 values are bytes of the CMS message, after base64 was decoded.</footer>
        </body>
        </html>
        """;

    internal void Begin() => output.WriteLine(Head);

    /// <summary>Writes what was found in one file.</summary>
    internal void Write(string file, IReadOnlyList<InspectionNode> nodes, Failure? failure)
    {
        output.WriteLine($"<h1>{Text(file)}</h1>");
        if (failure is not null)
        {
            output.WriteLine($"<p class=\"problem\">{Text($"{failure.Message} ({failure.Code})")}</p>");
        }

        Write(nodes, "top");
    }

    internal void End() => output.WriteLine(Foot);

    private void Write(IReadOnlyList<InspectionNode> nodes, string cssClass)
    {
        if (nodes.Count == 0)
        {
            return;
        }

        output.WriteLine($"<ul class=\"{cssClass}\">");
        foreach (InspectionNode node in nodes)
        {
            output.Write($"<li class=\"{ClassOf(node.Kind)}\">");
            if (node.Kind == InspectionKind.Values)
            {
                WriteValues(node);
            }
            else
            {
                output.Write($"<b>{Text(node.Name)}</b> {Text(node.Value)}<i>{Text(node.Details)}</i>");
                Write(node.Children, "below");
            }

            output.WriteLine("</li>");
        }

        output.WriteLine("</ul>");
    }

    private void WriteValues(InspectionNode node)
    {
        output.WriteLine($"<details><summary>{Text(node.Name)}</summary><table>");
        output.WriteLine("<tr><th>offset</th><th>header</th><th>length</th><th>value</th></tr>");
        foreach (CmsElement element in node.Elements)
        {
            string value = new string(' ', element.Depth * 2) + ElementText.Type(element) + (ElementText.Value(element) is { } v ? $": {v}" : "");
            output.WriteLine(FormattableString.Invariant(
                $"<tr><td>{element.Offset}</td><td>{element.HeaderLength}</td><td>{ElementText.Length(element)}</td><td>{Text(value)}</td></tr>"));
        }

        output.WriteLine("</table></details>");
    }

    private static string ClassOf(InspectionKind kind) => kind switch
    {
        InspectionKind.Part => "part",
        InspectionKind.Layer => "layer",
        InspectionKind.Values => "values",
        InspectionKind.Problem => "problem",
        _ => "field",
    };

    private static string Text(string text) => WebUtility.HtmlEncode(Printable.Of(text));
}
