using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary>Certs-only messages, RFC 8551 §3.8, in both directions.</summary>
public sealed class CertificatesOnlyTests(ForeignPeers peers)
{
    public static TheoryData<string> Readers { get; } = [.. ForeignPeers.Names];

    public static TheoryData<string> Writers { get; } = [.. ForeignPeers.Names.Where(p => !Divergences.WritesNoCertificates.ContainsKey(p))];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Peer_FindsTheCertificateInOurMessage(string peer)
    {
        Certificate certificate = Unknown(peer).Certificate;
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, new SignedDataWriterOptions
        {
            Certificates = [certificate, Certificate.FromX509Certificate2(TestAuthority.Root)],
        });
        writer.Complete();

        Assert.Null(peers[peer].FindObjection(output.ToArray(), certificate));
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void MessageOfPeer_CarriesItsCertificateAndNobodySigned(string peer)
    {
        TestIdentity identity = Unknown(peer);

        SignedMessage read = SignedMessage.Read(peers[peer].WriteCertificate(identity));

        Assert.Empty(read.Report.Signers);
        Assert.Contains(identity.Certificate, read.Report.Carried.Certificates);
        Assert.Empty(read.Report.Deviations);
    }

    // A new one each time: a peer must not know it before.
    private static TestIdentity Unknown(string peer)
    {
        RSA key = RSA.Create(2048);
        X509KeyUsageFlags usages = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment;
        return new TestIdentity(TestAuthority.Issue($"{peer}-{Guid.NewGuid():N}", key, usages: usages), key);
    }
}
