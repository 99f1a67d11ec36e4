using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Matrix;

/// <summary>Nothing is called read and written that no other program, and no published vector, has confirmed.</summary>
public static class MatrixCellTests
{
    public static TheoryData<string> Names { get; } = [.. MatrixCell.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public static void Cell_HasAPeerOrATestThatNamesIt(string name)
    {
        MatrixCell cell = MatrixCell.All.Single(c => c.Name == name);
        Assert.True(HasPeer(cell) || cell.TestClasses.Any(), $"{name}: no program knows it, and no test has [Trait(\"Matrix\", \"{name}\")].");
    }

    [Theory]
    [InlineData("digestedData")]
    [InlineData("encryptedData")]
    [InlineData("authenticatedData")]
    [InlineData("compressedData")]
    [Trait("Requirement", "R3369-2-b")]
    public static void Cells_NameEveryOptionalContentType(string type)
    {
        Assert.Contains(MatrixCell.All, c => c.Area == MatrixCell.ContentTypes && c.Name == type);
        Assert.Contains(PeerRows.All, r => r.Type == type && r.Peers.Any(p => p.Ways.HasFlag(Ways.TheyRead)));
    }

    [Fact]
    public static void Cells_OfTheRegistries_AllHaveCases() => Assert.All(MatrixCell.All.Where(c => c.HasCases), c => Assert.True(c.Cases > 0, c.Name));

    [Fact]
    public static void Cells_HaveNamesOfTheirOwn() => Assert.Equal(MatrixCell.All.Count, MatrixCell.All.Select(c => c.Name).Distinct().Count());

    private static bool HasPeer(MatrixCell cell) => cell.Area switch
    {
        MatrixCell.Signatures => Meets(SigningCases.All.Where(c => c.Scheme.Name == cell.Name), Divergences.Verifying, Divergences.Signing),
        MatrixCell.Recipients => Meets(EnvelopeMatrix.All.Where(c => c.Scheme.Name == cell.Name), Divergences.Decrypting, Divergences.Encrypting)
            || HasRow(r => r.Name == cell.Name),
        MatrixCell.Ciphers => Meets(EnvelopeMatrix.All.Where(c => c.Cipher.Name == cell.Name), Divergences.Decrypting, Divergences.Encrypting),
        MatrixCell.Macs => HasRow(r => r.Name.StartsWith(cell.Name + ", ", StringComparison.Ordinal)),
        MatrixCell.ContentTypes => cell.Name == MatrixCell.SignedData || HasRow(r => r.Type == cell.Name)
            || Meets(EnvelopeMatrix.All.Where(c => cell.Name == (c.Cipher.IsAuthenticated ? "authEnvelopedData" : "envelopedData")), Divergences.Decrypting, Divergences.Encrypting),
        _ => false,
    };

    private static bool HasRow(Func<PeerRow, bool> isMeant) => PeerRows.All.Any(r => isMeant(r) && r.Peers.Any(p => p.Ways != Ways.None));

    private static bool Meets<TCase>(IEnumerable<TCase> cases, IReadOnlyList<Divergence<TCase>> theyRead, IReadOnlyList<Divergence<TCase>> theyWrite) =>
        cases.Any(c => ForeignPeers.Names.Any(p => theyRead.Find(p, c) is null || theyWrite.Find(p, c) is null));
}
