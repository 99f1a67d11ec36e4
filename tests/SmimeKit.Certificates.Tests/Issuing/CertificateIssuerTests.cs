using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using SmimeKit.Certificates.Tests.Keys;
using SmimeKit.Certificates.Tests.Stores;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Issuing;

public sealed class CertificateIssuerTests
{
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";

    private static readonly DateTimeOffset _from = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _until = new(2046, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DistinguishedName _rootName = new SubjectName { Country = "DE", Organization = "House", CommonName = "Root" }.ToDistinguishedName();
    private static readonly DistinguishedName _alice = new SubjectName { CommonName = "Alice Müller" }.ToDistinguishedName();

    public static TheoryData<CertificateKeyKind> Kinds() => [.. Enum.GetValues<CertificateKeyKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Requirement", "R3850-4.4.1-a")]
    [Trait("Requirement", "R3850-4.4.1-b")]
    [Trait("Requirement", "R3850-4.4.2-a")]
    [Trait("Requirement", "R3850-3-b")]
    [Trait("Requirement", "R3850-3-c")]
    [Trait("Requirement", "R8550-4.4.1-a")]
    [Trait("Requirement", "R8550-4.4.2-b")]
    public async Task Issue_RootIntermediateAndPerson_AreWhatTheirTemplatesSay(CertificateKeyKind kind)
    {
        using House house = await House.BuildAsync(kind);
        Certificate root = house.Root.Certificate;
        AssertIssuer(root, root, pathLength: null);
        Assert.True(root.AuthorityKeyIdentifier.IsEmpty);
        Certificate intermediate = house.Intermediate.Certificate;
        AssertIssuer(intermediate, root, pathLength: 0);
        Assert.Equal([EmailProtection], intermediate.ExtendedKeyUsages);

        Certificate signing = house.Alice.Signing.Certificate;
        Certificate encryption = house.Alice.Encryption.Certificate;
        AssertPerson(signing, intermediate, KeyUsages.DigitalSignature);
        AssertPerson(encryption, intermediate, signing.PublicKey.IsRsa ? KeyUsages.KeyEncipherment : KeyUsages.KeyAgreement);
        Assert.False(signing.PublicKey.Key.Span.SequenceEqual(encryption.PublicKey.Key.Span));
        Assert.Equal([intermediate, root], house.Alice.Signing.Chain);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Issue_Chain_VerifiesWithOpenSsl(CertificateKeyKind kind)
    {
        using House house = await House.BuildAsync(kind);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["root.pem"], CertificateFile.EncodePem([house.Root.Certificate]));
        await File.WriteAllTextAsync(folder["ca.pem"], CertificateFile.EncodePem([house.Intermediate.Certificate]));
        await File.WriteAllTextAsync(folder["sign.pem"], CertificateFile.EncodePem([house.Alice.Signing.Certificate]));
        await File.WriteAllTextAsync(folder["encrypt.pem"], CertificateFile.EncodePem([house.Alice.Encryption.Certificate]));
        // OpenSSL 3.0 takes keyEncipherment only for encryption, so nothing can be asked of keyAgreement.
        bool isRsa = kind is CertificateKeyKind.Rsa3072 or CertificateKeyKind.Rsa2048;
        Verify(0, "sign.pem", "smimesign");
        Verify(2, "sign.pem", "smimeencrypt");
        Verify(0, "encrypt.pem", isRsa ? "smimeencrypt" : "any");
        Verify(2, "encrypt.pem", "smimesign");

        void Verify(int exitCode, string leaf, string purpose) => Assert.Equal(exitCode, Peer.OpenSsl.Run(
            [
                "verify", "-x509_strict", "-policy_check", "-purpose", purpose, "-attime", "1780000000", "-verify_email", "alice@example.com",
                "-CAfile", folder["root.pem"], "-untrusted", folder["ca.pem"], folder[leaf],
            ]).ExitCode);
    }

    [Theory]
    [InlineData(CertificateKeyKind.Rsa3072, "300D06092A864886F70D0101010500", 3072, "300D06092A864886F70D01010B0500")]
    [InlineData(CertificateKeyKind.Rsa2048, "300D06092A864886F70D0101010500", 2048, "300D06092A864886F70D01010B0500")]
    [InlineData(CertificateKeyKind.EcP256, "301306072A8648CE3D020106082A8648CE3D030107", 256, "300A06082A8648CE3D040302")]
    [InlineData(CertificateKeyKind.EcP384, "301006072A8648CE3D020106052B81040022", 384, "300A06082A8648CE3D040303")]
    [Trait("Requirement", "R3370-3.2-a")]
    [Trait("Requirement", "R5758-3.2-b")]
    [Trait("Requirement", "R8551-4.1-a")]
    public void CreateRoot_OfAnyKind_HasTheIdentifiersOfTheRfcs(CertificateKeyKind kind, string keyAlgorithm, int bits, string signatureAlgorithm)
    {
        using IssuedCertificate root = NewRoot(kind);
        Assert.Equal(keyAlgorithm, Convert.ToHexString(root.Certificate.PublicKey.Algorithm.Encode()));
        Assert.Equal(bits, root.Certificate.PublicKey.KeySize);
        Assert.Equal(signatureAlgorithm, Convert.ToHexString(root.Certificate.SignatureAlgorithm.Encode()));
        Assert.Equal(signatureAlgorithm, Convert.ToHexString(root.Certificate.TbsSignatureAlgorithm.Encode()));
        if (root.Certificate.PublicKey.IsRsa)
        {
            // RSAPublicKey ::= SEQUENCE { modulus, publicExponent }
            AsnReader key = new AsnReader(root.Certificate.PublicKey.Key, AsnEncodingRules.DER).ReadSequence();
            Assert.Equal(bits, key.ReadInteger().GetBitLength());
            Assert.Equal(65537, key.ReadInteger());
            key.ThrowIfNotEmpty();
        }
    }

    [Fact]
    public async Task Issue_Text_ReadsAsExpectedInOpenSsl()
    {
        using House house = await House.BuildAsync(CertificateKeyKind.EcP256);
        string text = Encoding.UTF8.GetString(Peer.OpenSsl.Run(
            ["x509", "-noout", "-text", "-nameopt", "utf8"], Pem(house.Alice.Signing.Certificate)).Succeeded());
        Assert.Contains("X509v3 Key Usage: critical\n                Digital Signature\n", text, StringComparison.Ordinal);
        Assert.Contains("X509v3 Subject Alternative Name: \n                email:alice@example.com", text, StringComparison.Ordinal);
        Assert.Contains("X509v3 Extended Key Usage: \n                E-mail Protection", text, StringComparison.Ordinal);
        Assert.Contains("Subject: CN=Alice Müller", text, StringComparison.Ordinal);
        Assert.Contains("Version: 3", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Basic Constraints", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Issue_SerialNumbers_AreRandomPositiveAndOf16Octets()
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        var issuer = new CertificateIssuer(key);
        var seen = new HashSet<string>();
        for (int i = 0; i < 50; i++)
        {
            Certificate certificate = await issuer.IssueAsync(Signing(), root.Certificate.PublicKey);
            Assert.Equal(16, certificate.SerialNumber.Length);
            Assert.InRange(certificate.SerialNumber.Span[0], 0x40, 0x7F);
            Assert.True(seen.Add(certificate.SerialNumberHex));
        }
    }

    [Fact]
    [Trait("Requirement", "R5280-4.1.2.5-a")]
    public async Task Issue_Validity_IsWrittenAsUtcTimeThrough2049AndGeneralizedTimeBeyond()
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        DateTimeOffset odd = new(2049, 12, 31, 23, 59, 59, 999, TimeSpan.Zero);
        CertificateTemplate template = Signing() with { NotBefore = odd, NotAfter = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero) };
        Certificate certificate = await new CertificateIssuer(key).IssueAsync(template, root.Certificate.PublicKey);
        Assert.Equal(odd.AddMilliseconds(-999), certificate.NotBefore);
        Assert.Equal(template.NotAfter, certificate.NotAfter);
        Assert.Contains("491231235959Z"u8.ToArray(), certificate.TbsCertificate);
        Assert.Contains("99991231235959Z"u8.ToArray(), certificate.TbsCertificate);
    }

    [Fact]
    [Trait("Requirement", "R9598-3-a")]
    [Trait("Requirement", "R9598-3-c")]
    [Trait("Requirement", "R3850-4.4.3-a")]
    [Trait("Requirement", "R3850-4.4.3-b")]
    [Trait("Requirement", "R9598-B-a")]
    [Trait("Requirement", "R8550-3-c")]
    public async Task Issue_Addresses_TakeTheFormOfTheirLocalPart()
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        CertificateTemplate template = Signing() with
        {
            EmailAddresses = ["First.Last+tag@Example.COM", "alice@bücher.example", "医生@大学.example.com"],
        };
        Certificate certificate = await new CertificateIssuer(key).IssueAsync(template, root.Certificate.PublicKey);
        Assert.Equal([1, 1, 0], certificate.SubjectAlternativeNames.Select(n => n.Tag));
        Assert.Equal(
            ["First.Last+tag@example.com", "alice@xn--bcher-kva.example", "医生@xn--pss25c.example.com"], certificate.EmailAddresses);
        Assert.Equal(
            "A02B06082B06010505070809A01F0C1DE58CBBE7949F40786E2D2D707373323563" + "2E6578616D706C652E636F6D",
            Convert.ToHexString(certificate.SubjectAlternativeNames[2].Value.Span));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("alice@")]
    [InlineData("@example.com")]
    [InlineData("Alice <alice@example.com>")]
    [InlineData("alice@example.com\0.evil.org")]
    [InlineData("alice@example.com\r\nBcc: bob@example.com")]
    [InlineData("alice@example.com, bob@example.com")]
    [InlineData("\"alice smith\"@example.com")]
    [InlineData("alice..smith@example.com")]
    [InlineData(".alice@example.com")]
    [InlineData("alice@-example.com")]
    [InlineData("alice@exa_mple.com")]
    [InlineData("alice@example..com")]
    [InlineData("alice@[192.0.2.1]")]
    [InlineData("a@b@example.com")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com")]
    [Trait("Requirement", "R3850-3-a")]
    public async Task Issue_ForWhatIsNoAddress_IsRefused(string address)
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        CertificateTemplate template = Signing() with { EmailAddresses = [address] };
        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await new CertificateIssuer(key).IssueAsync(template, root.Certificate.PublicKey));
    }

    [Theory]
    [InlineData("1.2.840.113549.1.9.16.3.14")] // id-rsa-kem-spki
    [InlineData("2.16.840.1.101.3.4.4.2")] // ML-KEM-768
    [Trait("Requirement", "R9690-2.3-b")]
    [Trait("Requirement", "R9935-5-a")]
    [Trait("Kind", "negative")]
    public async Task Issue_ForAKeyThatOnlyEncapsulates_AllowsKeyEnciphermentAlone(string algorithm)
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        var issuer = new CertificateIssuer(key);
        SubjectPublicKeyInfo kem = SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(algorithm), root.Certificate.PublicKey.Key.Span);
        CertificateTemplate template = CertificateTemplate.ForEncryption(_alice, ["alice@example.com"], _from, _until, kem);
        Assert.Equal(KeyUsages.KeyEncipherment, (await issuer.IssueAsync(template, kem)).KeyUsage);
        foreach (KeyUsages usage in new[] { KeyUsages.KeyEncipherment | KeyUsages.DigitalSignature, KeyUsages.KeyAgreement, KeyUsages.DataEncipherment })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => issuer.IssueAsync(template with { KeyUsage = usage }, kem));
        }
    }

    [Fact]
    [Trait("Requirement", "R3850-3-p")]
    public async Task Issue_WithoutSubject_MakesTheAddressesCritical()
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        var issuer = new CertificateIssuer(key);
        CertificateTemplate nameless = Signing() with { Subject = new SubjectName().ToDistinguishedName() };
        Certificate certificate = await issuer.IssueAsync(nameless, root.Certificate.PublicKey);
        Assert.True(certificate.Subject.IsEmpty);
        Assert.True(certificate.FindExtension("2.5.29.17")!.IsCritical);
        await AssertRefusedAsync(issuer, nameless with { EmailAddresses = [] });
    }

    [Fact]
    public async Task Issue_TemplatesThatContradictThemselves_AreRefused()
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        var issuer = new CertificateIssuer(key);
        CertificateTemplate good = Signing();
        await AssertRefusedAsync(issuer, good with { NotAfter = good.NotBefore.AddSeconds(-1) });
        await AssertRefusedAsync(issuer, good with { NotBefore = new DateTimeOffset(1949, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        await AssertRefusedAsync(issuer, good with { KeyUsage = KeyUsages.None });
        await AssertRefusedAsync(issuer, good with { PathLength = 1 });
        await AssertRefusedAsync(issuer, good with { KeyUsage = KeyUsages.KeyCertSign });
        await AssertRefusedAsync(issuer, good with { IsCertificateAuthority = true });
        await AssertRefusedAsync(issuer, good with { ExtendedKeyUsages = ["mail"] });
        await AssertRefusedAsync(
            issuer, good with { AdditionalExtensions = [new CertificateExtension("2.5.29.15", true, new byte[] { 5, 0 })] });
        await AssertRefusedAsync(issuer, good with { Subject = KeyCertificatesWithEmailInSubject() });
        Assert.ThrowsAny<ArgumentException>(() => CertificateIssuer.CreateRoot(good));
    }

    [Fact]
    public async Task Issue_AdditionalExtension_IsThere()
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        var noRevocation = new CertificateExtension("2.5.29.56", false, new byte[] { 5, 0 }); // RFC 9608
        Certificate certificate = await new CertificateIssuer(key).IssueAsync(
            Signing() with { AdditionalExtensions = [noRevocation] }, root.Certificate.PublicKey);
        Assert.Equal(noRevocation.Value.ToArray(), certificate.FindExtension("2.5.29.56")!.Value.ToArray());
    }

    [Fact]
    public async Task Issue_BelowAnExhaustedPathLength_IsRefused()
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey rootKey = root.CreateSigningKey();
        CertificateTemplate intermediate = CertificateTemplate.ForIntermediate(_alice, _from, _until, pathLength: 1);
        using IssuedCertificate first = await new CertificateIssuer(rootKey).IssueAsync(intermediate, CertificateKeyKind.EcP256);
        using SigningKey firstKey = first.CreateSigningKey();
        var issuer = new CertificateIssuer(firstKey);
        await AssertRefusedAsync(issuer, intermediate);
        await AssertRefusedAsync(issuer, intermediate with { PathLength = null });
        (await issuer.IssueAsync(intermediate with { PathLength = 0 }, CertificateKeyKind.EcP256)).Dispose();
    }

    [Theory]
    [InlineData("1.3.101.110", KeyUsages.KeyAgreement, KeyUsages.KeyAgreement | KeyUsages.DigitalSignature)]
    [InlineData("1.3.101.112", KeyUsages.DigitalSignature, KeyUsages.DigitalSignature | KeyUsages.KeyAgreement)]
    [InlineData("2.16.840.1.101.3.4.3.18", KeyUsages.DigitalSignature, KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment)]
    [InlineData("2.16.840.1.101.3.4.3.20", KeyUsages.DigitalSignature, KeyUsages.DigitalSignature | KeyUsages.DataEncipherment)]
    [InlineData("2.16.840.1.101.3.4.4.2", KeyUsages.KeyEncipherment, KeyUsages.KeyEncipherment | KeyUsages.DigitalSignature)]
    [Trait("Requirement", "R8410-5-a")]
    [Trait("Requirement", "R8410-5-b")]
    [Trait("Requirement", "R9881-5-a")]
    [Trait("Requirement", "R9814-3-b")]
    [Trait("Requirement", "R9935-5-a")]
    [Trait("Kind", "negative")]
    public async Task Issue_KeyUsageThatTheKindOfKeyForbids_IsRefused(string algorithm, KeyUsages proper, KeyUsages forbidden)
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        var issuer = new CertificateIssuer(key);
        var subject = SubjectPublicKeyInfo.Create(new AlgorithmIdentifier(algorithm), new byte[32]);
        await Assert.ThrowsAsync<ArgumentException>(() => issuer.IssueAsync(Signing() with { KeyUsage = forbidden }, subject));
        Assert.Equal(proper, (await issuer.IssueAsync(Signing() with { KeyUsage = proper }, subject)).KeyUsage);
    }

    [Fact]
    public async Task Issuer_OfACertificateThatIsNoAuthority_IsRefused()
    {
        using House house = await House.BuildAsync(CertificateKeyKind.EcP256);
        using SigningKey key = house.Alice.Signing.CreateSigningKey();
        Assert.Throws<ArgumentException>(() => new CertificateIssuer(key));
    }

    [Fact]
    public async Task Issue_WithPss_SignsSo()
    {
        using IssuedCertificate root = NewRoot(CertificateKeyKind.Rsa2048);
        using SigningKey key = root.CreateSigningKey();
        var issuer = new CertificateIssuer(key, RsaPssSignature.Create(DigestAlgorithm.Sha256));
        Certificate certificate = await issuer.IssueAsync(Signing(), root.Certificate.PublicKey);
        Assert.Equal("1.2.840.113549.1.1.10", certificate.SignatureAlgorithm.Oid);
        Assert.Equal(SignatureCheck.Match, certificate.VerifySignature(root.Certificate.PublicKey));
    }

    [Fact]
    public async Task Issue_WithADeviceThatSignsSomethingElse_IsNoticed()
    {
        using IssuedCertificate root = NewRoot();
        using SigningKey key = root.CreateSigningKey();
        StoreException error = await Assert.ThrowsAsync<StoreException>(
            async () => await new CertificateIssuer(new WrongSigner(key)).IssueAsync(Signing(), root.Certificate.PublicKey));
        Assert.Equal("key-unusable", error.Code);
    }

    [Fact]
    public async Task IssueIdentity_Handles_SignAndDecrypt()
    {
        using House house = await House.BuildAsync(CertificateKeyKind.Rsa2048);
        using SigningKey signing = house.Alice.Signing.CreateSigningKey();
        SignatureAlgorithm scheme = SignatureAlgorithm.ForKey(signing.Certificate.PublicKey)!;
        byte[] digest = scheme.Digest!.Hash("signed"u8);
        byte[] signature = await signing.SignAsync(scheme, digest);
        Assert.Equal(SignatureCheck.Match, scheme.Verify(signing.Certificate.PublicKey, digest, scheme.Digest, signature));
        using DecryptionKey decryption = house.Alice.Encryption.CreateDecryptionKey();
        using RSA rsa = decryption.Certificate.PublicKey.TryCreateRsa()!;
        byte[] encrypted = rsa.Encrypt(new byte[32], RSAEncryptionPadding.Pkcs1);
        Assert.Equal(new byte[32], await decryption.DecryptAsync(new KeyTransportScheme.Pkcs1(), encrypted, 32));
    }

    [Fact]
    public async Task ExportPkcs12_OfAnIdentity_HoldsBothKeysAndTheChain()
    {
        using House house = await House.BuildAsync(CertificateKeyKind.EcP256);
        byte[] pfx = house.Alice.ExportPkcs12("secret", "Alice", new Pkcs12Options { Iterations = 2048 });
        using var store = new Pkcs12CertificateStore(KeyFile.Decode(pfx, "secret"));
        var query = new CertificateQuery { Purpose = CertificatePurpose.EmailSigning, EmailAddress = "alice@example.com" };
        ISigningKey signing = Assert.Single(await store.FindSigningKeysAsync(query));
        Assert.Equal(house.Alice.Signing.Certificate, signing.Certificate);
        Assert.Equal([house.Intermediate.Certificate, house.Root.Certificate], signing.Chain);
        IDecryptionKey decryption = Assert.Single(
            await store.FindDecryptionKeysAsync(query with { Purpose = CertificatePurpose.EmailEncryption }));
        Assert.Equal(house.Alice.Encryption.Certificate, decryption.Certificate);
        string listed = Encoding.UTF8.GetString(Peer.OpenSsl.Run(["pkcs12", "-nodes", "-passin", "pass:secret"], pfx).Succeeded());
        Assert.Equal(4, CertificateFile.Decode(Encoding.UTF8.GetBytes(listed)).Count);
        Assert.Equal(2, listed.Split("BEGIN PRIVATE KEY").Length - 1);
    }

    [Fact]
    public void Dispose_EndsTheKeyOfAnIssuedCertificate()
    {
        IssuedCertificate root = NewRoot();
        root.Dispose();
        Assert.Throws<ObjectDisposedException>(() => root.CreateSigningKey());
        Assert.Throws<ObjectDisposedException>(() => root.CreateDecryptionKey());
        Assert.Throws<ObjectDisposedException>(() => root.ExportPkcs12("secret"));
    }

    [Fact]
    public void SubjectName_ThatIsNone_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new SubjectName { Country = "Germany" }.ToDistinguishedName());
        Assert.Throws<ArgumentException>(() => new SubjectName { Country = "de" }.ToDistinguishedName());
        Assert.Throws<ArgumentException>(() => new SubjectName { CommonName = "" }.ToDistinguishedName());
        Assert.Throws<ArgumentException>(() => new SubjectName { CommonName = "a\nb" }.ToDistinguishedName());
        Assert.Throws<ArgumentException>(() => new SubjectName { CommonName = new string('a', 65) }.ToDistinguishedName());
        Assert.True(new SubjectName().ToDistinguishedName().IsEmpty);
        Assert.Equal("CN=Root,O=House,C=DE", _rootName.ToString());
    }

    private static CertificateTemplate Signing() => CertificateTemplate.ForSigning(_alice, ["alice@example.com"], _from, _until);

    private static IssuedCertificate NewRoot(CertificateKeyKind kind = CertificateKeyKind.EcP256) =>
        CertificateIssuer.CreateRoot(CertificateTemplate.ForRoot(_rootName, _from, _until), kind);

    private static DistinguishedName KeyCertificatesWithEmailInSubject()
    {
        var name = new System.Security.Cryptography.X509Certificates.X500DistinguishedName("E=alice@example.com, CN=Alice");
        return new DistinguishedName(name.RawData);
    }

    private static async Task AssertRefusedAsync(CertificateIssuer issuer, CertificateTemplate template) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await issuer.IssueAsync(template, CertificateKeyKind.EcP256));

    private static void AssertIssuer(Certificate certificate, Certificate issuer, int? pathLength)
    {
        AssertSignedBy(certificate, issuer);
        Assert.True(certificate.IsCertificateAuthority);
        Assert.True(certificate.FindExtension("2.5.29.19")!.IsCritical);
        Assert.Equal(pathLength, certificate.PathLengthConstraint);
        Assert.Equal(KeyUsages.KeyCertSign | KeyUsages.CrlSign, certificate.KeyUsage);
        Assert.True(certificate.FindExtension("2.5.29.15")!.IsCritical);
    }

    private static void AssertPerson(Certificate certificate, Certificate issuer, KeyUsages usage)
    {
        AssertSignedBy(certificate, issuer);
        Assert.Null(certificate.FindExtension("2.5.29.19"));
        Assert.Equal(usage, certificate.KeyUsage);
        Assert.True(certificate.FindExtension("2.5.29.15")!.IsCritical);
        Assert.Equal([EmailProtection], certificate.ExtendedKeyUsages);
        Assert.Equal(["alice@example.com"], certificate.EmailAddresses);
        Assert.False(certificate.FindExtension("2.5.29.17")!.IsCritical);
        Assert.Equal(issuer.SubjectKeyIdentifier.ToArray(), certificate.AuthorityKeyIdentifier.ToArray());
    }

    private static void AssertSignedBy(Certificate certificate, Certificate issuer)
    {
        Assert.Equal(3, certificate.Version);
        Assert.Equal(issuer.Subject, certificate.Issuer);
        Assert.Equal(SignatureCheck.Match, certificate.VerifySignature(issuer.PublicKey));
        Assert.Equal(_from, certificate.NotBefore);
        Assert.Equal(_until, certificate.NotAfter);
        Assert.Equal(SHA1.HashData(certificate.PublicKey.Key.Span), certificate.SubjectKeyIdentifier.ToArray());
        Assert.True(certificate.SignatureAlgorithm.IsEquivalentTo(certificate.TbsSignatureAlgorithm));
    }

    private static byte[] Pem(Certificate certificate) => Encoding.ASCII.GetBytes(CertificateFile.EncodePem([certificate]));

    private sealed class WrongSigner(ISigningKey key) : ISigningKey
    {
        public Certificate Certificate => key.Certificate;

        public IReadOnlyList<Certificate> Chain => [];

        public ValueTask<byte[]> SignAsync(
            SignatureAlgorithm algorithm, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default) =>
            key.SignAsync(algorithm, new byte[input.Length], cancellationToken);
    }

    private sealed record House(IssuedCertificate Root, IssuedCertificate Intermediate, IssuedIdentity Alice) : IDisposable
    {
        internal static async Task<House> BuildAsync(CertificateKeyKind kind)
        {
            IssuedCertificate root = NewRoot(kind);
            using SigningKey rootKey = root.CreateSigningKey();
            DistinguishedName name = new SubjectName { Organization = "House", CommonName = "Mail CA" }.ToDistinguishedName();
            IssuedCertificate intermediate = await new CertificateIssuer(rootKey).IssueAsync(
                CertificateTemplate.ForIntermediate(name, _from, _until), kind);
            using SigningKey key = intermediate.CreateSigningKey();
            IssuedIdentity alice = await new CertificateIssuer(key).IssueIdentityAsync(_alice, ["alice@example.com"], _from, _until, kind);
            return new House(root, intermediate, alice);
        }

        public void Dispose()
        {
            Root.Dispose();
            Intermediate.Dispose();
            Alice.Dispose();
        }
    }
}
