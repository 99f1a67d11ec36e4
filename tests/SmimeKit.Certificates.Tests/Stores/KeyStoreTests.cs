using System.Security.Cryptography;
using SmimeKit.Certificates.Tests.Keys;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Stores;

public sealed class KeyStoreTests
{
    private static readonly CertificateQuery _anything = new() { Purpose = CertificatePurpose.Any };
    private static readonly CertificateQuery _sign = new() { Purpose = CertificatePurpose.EmailSigning };
    private static readonly CertificateQuery _decrypt = new() { Purpose = CertificatePurpose.EmailEncryption };

    [Fact]
    public async Task Pkcs12Store_OfAlice_SeparatesSigningFromEncryption()
    {
        using Pkcs12CertificateStore store = await Pkcs12CertificateStore.OpenAsync(Vectors.PathOf("rfc9216/alice.p12"), "alice");
        ISigningKey signing = Assert.Single(await store.FindSigningKeysAsync(_sign with { EmailAddress = "alice@smime.example" }));
        IDecryptionKey decryption = Assert.Single(await store.FindDecryptionKeysAsync(_decrypt with { EmailAddress = "alice@smime.example" }));
        Assert.NotEqual(signing.Certificate, decryption.Certificate);
        Assert.Single(await store.FindDecryptionKeysAsync(
            _anything with { Issuer = decryption.Certificate.Issuer, SerialNumber = decryption.Certificate.SerialNumber }));
        Assert.Empty(await store.FindSigningKeysAsync(_sign with { EmailAddress = "bob@smime.example" }));
        Assert.Contains(store.Warnings, w => w.Code == "weak-mac");
        Assert.Equal(3, (await store.FindAsync(_anything)).Count);
    }

    [Fact]
    public async Task Pkcs12Store_WrongPassword_IsAStoreError()
    {
        StoreException error = await Assert.ThrowsAsync<StoreException>(
            async () => await Pkcs12CertificateStore.OpenAsync(Vectors.PathOf("rfc9216/alice.p12"), "bob"));
        Assert.Equal("wrong-password", error.Code);
    }

    [Fact]
    public async Task Pkcs12Store_Disposed_EndsItsKeys()
    {
        Pkcs12CertificateStore store = await Pkcs12CertificateStore.OpenAsync(Vectors.PathOf("rfc9216/alice.p12"), "alice");
        ISigningKey key = (await store.FindSigningKeysAsync(_sign))[0];
        store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await key.SignAsync(RsaPkcs1Signature.Create(DigestAlgorithm.Sha256), new byte[32]));
    }

    [Fact]
    public async Task MemoryStore_WithKeys_FindsThemAndTheirCertificates()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Certificate issuer = KeyCertificates.For(issuerKey);
        var handle = SigningKey.Create(KeyCertificates.For(key), key, [issuer]);
        var store = new MemoryCertificateStore();
        store.AddKey(handle);
        Assert.Same(handle, Assert.Single(await store.FindSigningKeysAsync(_anything)));
        Assert.Empty(await store.FindDecryptionKeysAsync(_anything));
        Assert.Equal(2, store.Count);
        Assert.Empty(await store.FindSigningKeysAsync(_anything with { Sha256 = issuer.Sha256 }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.FindSigningKeysAsync(_anything, new CancellationToken(canceled: true)));
    }
}
