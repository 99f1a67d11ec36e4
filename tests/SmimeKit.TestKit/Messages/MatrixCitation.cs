using System.Text.RegularExpressions;

namespace SmimeKit.TestKit.Messages;

/// <summary>One <c>[Trait("Matrix", "…")]</c> in the source of a test: it tries a cell with what others have made or published.</summary>
/// <param name="Cell">The name of the cell.</param>
/// <param name="TestClass">The class of the test, which its file is named after.</param>
public sealed partial record MatrixCitation(string Cell, string TestClass)
{
    private static readonly Lazy<IReadOnlyList<MatrixCitation>> _all = new(() =>
    [
        .. from file in Repository.Files
           where file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith("Tests.cs", StringComparison.Ordinal)
           from citation in Find(Path.GetFileNameWithoutExtension(file), Repository.Read(file))
           select citation,
    ]);

    /// <summary>Gets the citations of all test projects.</summary>
    public static IReadOnlyList<MatrixCitation> All => _all.Value;

    /// <summary>Finds the citations in the source of one class.</summary>
    public static IEnumerable<MatrixCitation> Find(string testClass, string source) =>
        Trait().Matches(source).Select(m => new MatrixCitation(m.Groups["cell"].Value, testClass));

    // An attribute has a line of its own: what is commented out is none.
    [GeneratedRegex("""^ *\[Trait\("Matrix", "(?<cell>[^"]*)"\)\]\r?$""", RegexOptions.Multiline)]
    private static partial Regex Trait();
}
