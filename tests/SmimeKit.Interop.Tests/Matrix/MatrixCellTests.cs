using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Matrix;

/// <summary>Nothing is called read and written that no other program, and no published vector, has confirmed.</summary>
public static class MatrixCellTests
{
    public static TheoryData<string> Names { get; } = [.. MatrixCell.All.Where(c => c.Published is null && c.Area != MatrixCell.ContentTypes).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public static void Cell_WithoutAPublishedVector_HasAPeer(string name)
    {
        MatrixCell cell = MatrixCell.All.Single(c => c.Name == name);
        Assert.True(cell.Area switch
        {
            MatrixCell.Signatures => Meets(SigningCases.All.Where(c => c.Scheme.Name == name), Divergences.Verifying, Divergences.Signing),
            MatrixCell.Recipients => Meets(EnvelopeMatrix.All.Where(c => c.Scheme.Name == name), Divergences.Decrypting, Divergences.Encrypting),
            _ => Meets(EnvelopeMatrix.All.Where(c => c.Cipher.Name == name), Divergences.Decrypting, Divergences.Encrypting),
        });
    }

    [Fact]
    public static void Cells_WithATestOfTheirOwn_AreInItsTable()
    {
        string[] claimed = [.. MatrixCell.All.Where(c => c.Published == MatrixCell.OpenSsl).Select(c => c.Name)];
        Assert.NotEmpty(claimed);
        Assert.Empty(claimed.Except(PeerRows.All.Where(r => r["openssl"] == Ways.Both).Select(r => r.Name)));
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
    public static void Cells_OfTheRegistry_AllHaveCases() =>
        Assert.All(MatrixCell.All, c => Assert.True(c.Cases > 0 || c.Published is not null, c.Name));

    private static bool Meets<TCase>(IEnumerable<TCase> cases, IReadOnlyList<Divergence<TCase>> theyRead, IReadOnlyList<Divergence<TCase>> theyWrite) =>
        cases.Any(c => ForeignPeers.Names.Any(p => theyRead.Find(p, c) is null || theyWrite.Find(p, c) is null));
}
