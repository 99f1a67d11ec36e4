using System.Text;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Interop.Tests.ContentTypes;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.Interop.Tests.Peers;

namespace SmimeKit.Interop.Tests.Matrix;

/// <summary>What is tried with one peer or two, outside the matrices: the other content types, and what few know of the large ones.</summary>
internal static class PeerRows
{
    private const string OpenSsl = "openssl";
    private const string Java = "bc-java";
    private const string BouncyCastle = "bouncycastle";

    internal static IReadOnlyList<PeerRow> All { get; } =
    [
        .. DigestedDataTests.Digests.Select(d => new PeerRow("digestedData", d, (OpenSsl, Ways.Both), (Java, Ways.TheyRead))),
        .. Names(EncryptedDataTests.Ciphers).Select(c => new PeerRow("encryptedData", c, (OpenSsl, OfOpenSsl(c)), (Java, OfJava(c)))),
        .. from mac in AuthenticatedDataTests.Macs
           from ec in new[] { false, true }
           let ways = AuthenticatedDataTests.PeerWrites(mac, ec) ? Ways.Both : Ways.TheyRead
           select new PeerRow("authenticatedData", $"{MacAlgorithm.Find(mac)!.Name}, {(ec ? "ECDH" : "RSA")}", (Java, ways)),
        new PeerRow("compressedData", CompressionAlgorithmName, (BouncyCastle, Ways.Both), (Java, Ways.Both)),
        .. Names(OaepDigestTests.Digests).Select(d => new PeerRow("envelopedData", $"oaep-{d.Replace("sha-", "sha", StringComparison.Ordinal)}", (OpenSsl, Ways.Both))),
        .. AgreementPeerTests.Rows.Select(r => new PeerRow("envelopedData", r.Data.Item1, (OpenSsl, Ways.Both))),
        .. AgreementPeerTests.StaticRows.Select(r => new PeerRow("envelopedData", r.Data.Item1, (OpenSsl, Ways.TheyRead))),
    ];

    private static string CompressionAlgorithmName => Cms.Compressed.CompressionAlgorithm.Zlib.Name;

    internal static string Render()
    {
        string[] peers = [.. ForeignPeers.Names.Where(p => All.Any(r => r[p] != Ways.None))];
        var text = new StringBuilder();
        text.Append("| | | ").AppendJoin(" | ", peers).Append(" |\n| --- | --- |");
        text.Insert(text.Length, " --- |", peers.Length).Append('\n');
        foreach (PeerRow row in All)
        {
            text.Append("| ").Append(row.Type).Append(" | ").Append(row.Name).Append(" | ").AppendJoin(" | ", peers.Select(p => Describe(row[p]))).Append(" |\n");
        }

        return text.ToString();
    }

    private static string Describe(Ways ways) => ways switch
    {
        Ways.Both => "both ways",
        Ways.TheyRead => "reads ours",
        Ways.WeRead => "ours reads theirs",
        _ => "",
    };

    private static Ways OfOpenSsl(string cipher) =>
        EncryptedDataTests.OpenSslCiphers.Any(r => r.Data.Item1 == cipher) ? Ways.Both : Ways.None;

    private static Ways OfJava(string cipher) => Names(EncryptedDataTests.DecryptedCiphers).Contains(cipher) ? Ways.Both : Ways.WeRead;

    private static IEnumerable<string> Names(TheoryData<string> data) => data.Select(r => r.Data);
}
