using System.Security.Cryptography;
using SmimeKit.Certificates;

namespace SmimeKit.Certificates.Tests.Files;

public sealed class KeyFileImportTests
{
    private static readonly DateTimeOffset _from = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Import_HandsEveryKeyWithItsCertificateToTheStore()
    {
        (IssuedIdentity identity, byte[] file) = await IssueAsync();
        using (identity)
        {
            var sink = new Sink();
            IReadOnlyList<Certificate> imported = await KeyFile.ImportAsync(file, "secret", sink);
            Assert.Equal([identity.Signing.Certificate, identity.Encryption.Certificate], imported);
            Assert.Equal(imported, sink.Received.Select(r => r.Certificate));
            foreach ((Certificate certificate, byte[] publicKey) in sink.Received)
            {
                Assert.Equal(certificate.PublicKey.RawData.ToArray(), publicKey);
            }
        }
    }

    [Fact]
    public async Task Import_WithAWrongPassword_StoresNothing()
    {
        (IssuedIdentity identity, byte[] file) = await IssueAsync();
        identity.Dispose();
        var sink = new Sink();
        Assert.Equal("wrong-password", (await Assert.ThrowsAsync<StoreException>(() => KeyFile.ImportAsync(file, "wrong", sink))).Code);
        Assert.Empty(sink.Received);
    }

    [Fact]
    public async Task Store_OfAnIssuedCertificate_HandsItsKeyOver_UntilItIsDisposed()
    {
        (IssuedIdentity identity, _) = await IssueAsync();
        var sink = new Sink();
        await identity.Signing.StoreAsync(sink);
        Assert.Equal(identity.Signing.Certificate, Assert.Single(sink.Received).Certificate);
        identity.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await identity.Signing.StoreAsync(sink));
    }

    private static async Task<(IssuedIdentity Identity, byte[] File)> IssueAsync()
    {
        using IssuedCertificate root = CertificateIssuer.CreateRoot(
            CertificateTemplate.ForRoot(new SubjectName { CommonName = "Root" }.ToDistinguishedName(), _from, _from.AddYears(1)), CertificateKeyKind.EcP256);
        using SigningKey key = root.CreateSigningKey();
        IssuedIdentity identity = await new CertificateIssuer(key).IssueIdentityAsync(
            new SubjectName { CommonName = "Alice" }.ToDistinguishedName(), ["alice@example.org"], _from, _from.AddYears(1), CertificateKeyKind.EcP256);
        return (identity, identity.ExportPkcs12("secret", options: new Pkcs12Options { Iterations = 1000 }));
    }

    private sealed class Sink : IPrivateKeySink
    {
        internal List<(Certificate Certificate, byte[] PublicKey)> Received { get; } = [];

        public ValueTask ImportPrivateKeyAsync(Certificate certificate, ReadOnlyMemory<byte> pkcs8, CancellationToken cancellationToken = default)
        {
            using ECDsa key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(pkcs8.Span, out _);
            Received.Add((certificate, key.ExportSubjectPublicKeyInfo()));
            return ValueTask.CompletedTask;
        }
    }
}
