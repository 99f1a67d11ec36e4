using SmimeKit.TestKit;
using static SmimeKit.TestKit.Stores.StoreCertificates;

namespace SmimeKit.Certificates.Tests.Stores;

public sealed class TrustAnchorsTests
{
    [Fact]
    public async Task FromCertificates_FindsBySubjectAndExactCertificate()
    {
        Certificate anchor = Make(subject: "CN=Root, O=Example");
        Certificate reissued = Make(subject: "CN=Root, O=example");
        Certificate stranger = Make(subject: "CN=Other");
        var anchors = TrustAnchors.FromCertificates([anchor, reissued, anchor]);
        Assert.Equal(2, anchors.Certificates.Count);
        Assert.Equal([anchor, reissued], await anchors.FindAsync(anchor.Subject));
        Assert.Empty(await anchors.FindAsync(stranger.Subject));
        Assert.True(await anchors.ContainsAsync(Certificate.Decode(anchor.RawData.ToArray())));
        Assert.False(await anchors.ContainsAsync(stranger));
        Assert.Empty(TrustAnchors.FromCertificates([]).Certificates);
    }

    [Fact]
    public async Task FromFiles_ReadsFilesAndFolders()
    {
        using var folder = new TemporaryFolder();
        Certificate[] roots = [Make(subject: "CN=1"), Make(subject: "CN=2"), Make(subject: "CN=3")];
        await File.WriteAllTextAsync(folder["a.pem"], CertificateFile.EncodePem(roots[..2]));
        await File.WriteAllTextAsync(folder["notes.txt"], "nothing");
        using var other = new TemporaryFolder();
        await File.WriteAllBytesAsync(other["root.cer"], roots[2].RawData.ToArray());
        TrustAnchors anchors = await TrustAnchors.FromFilesAsync([folder.Path, other["root.cer"]]);
        Assert.Equal(roots, anchors.Certificates);
    }

    [Fact]
    public async Task FromFiles_OfThunderbird_HoldsItsCa()
    {
        TrustAnchors anchors = await TrustAnchors.FromFilesAsync([Vectors.PathOf("thunderbird-smime/TestCA.pem")]);
        Assert.Single(anchors.Certificates);
    }

    [Fact]
    public async Task FromFiles_WhatIsNoCertificateOrMissing_IsATypedError()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["a.pem"], "nothing");
        await Assert.ThrowsAsync<MalformedDataException>(async () => await TrustAnchors.FromFilesAsync([folder["a.pem"]]));
        await Assert.ThrowsAsync<StoreException>(async () => await TrustAnchors.FromFilesAsync([folder["b.pem"]]));
    }

    [Fact]
    public void System_ReadsTheRootsOfTheMachine() =>
        Assert.All(TrustAnchors.System().Certificates, c => Assert.False(c.RawData.IsEmpty));
}
