using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Signed;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Algorithms;

/// <summary>The AlgorithmIdentifiers of RFC 3370, to the octet, as messages carry them.</summary>
public sealed class GoldenIdentifierTests
{
    private const string Sha1 = "3007 06052B0E03021A";
    private const string Md5 = "300C 06082A864886F70D0205 0500";

    [Theory]
    [InlineData("rsa-md5", Md5, "300D 06092A864886F70D010104 0500")]
    [InlineData("rsa-sha1", Sha1, "300D 06092A864886F70D010105 0500")]
    [InlineData("dsa-sha1", Sha1, "3009 06072A8648CE380403")]
    [InlineData("dsa-sha224", "300B 0609608648016503040204", "300B 0609608648016503040301")]
    [InlineData("dsa-sha256", "300B 0609608648016503040201", "300B 0609608648016503040302")]
    [InlineData("ecdsa-p256-sha1", Sha1, "3009 06072A8648CE3D0401")]
    [Trait("Requirement", "R3370-1-a")]
    [Trait("Requirement", "R3370-2.1-c")]
    [Trait("Requirement", "R3370-3.1-e")]
    [Trait("Requirement", "R3370-3.2-c")]
    public void Sign_ByScheme_WritesTheIdentifiersOfTheTable(string scheme, string digest, string signature)
    {
        SigningCase signing = SigningCases.All.First(c => c.Scheme.Name == scheme && !c.IsDetached);
        SignerReport signer = SignedMessage.Read(signing.Sign(SigningCase.Content), options: signing.Scheme.ReaderOptions).Report.Signers
            .Single(s => signing.Scheme.Signer().Certificate.Equals(s.Certificate));
        Assert.Equal(Asn.Hex(digest), signer.DigestAlgorithm!.Encode());
        Assert.Equal(Asn.Hex(signature), signer.SignatureAlgorithm!.Encode());
    }

    [Theory]
    [InlineData("AES-128-CBC", "301D 0609608648016503040102 0410")]
    [InlineData("3DES-CBC", "3014 06082A864886F70D0307 0408")]
    [InlineData("RC2-128-CBC", "3019 06082A864886F70D0302 300D 02013A 0408")]
    [InlineData("RC2-40-CBC", "301A 06082A864886F70D0302 300E 020200A0 0408")]
    [Trait("Requirement", "R3370-1-a")]
    public void Encrypt_ByCipher_WritesTheIdentifierOfTheTable(string cipher, string hex)
    {
        byte[] message = Seal(cipher, new CertificateRecipient(Recipient.Certificate));
        using EnvelopedDataReader reader = EnvelopedDataReader.Open(new MemoryStream(message));
        byte[] identifier = reader.ContentEncryptionAlgorithm.Encode();
        byte[] beginning = Asn.Hex(hex);
        Assert.Equal(beginning, identifier[..beginning.Length]);
    }

    [Theory]
    [InlineData("kekri", "300B 060960864801650304012D")]
    [InlineData("pwri-sha256", "302C 060B2A864886F70D0109100309 301D 060960864801650304012A 0410")]
    [InlineData("pwri-aes-wrap", "300B 060960864801650304012D")]
    [Trait("Requirement", "R3565-2.4-a")]
    [Trait("Requirement", "R3565-2.5-a")]
    public void Encrypt_ByRecipient_WritesTheKeyEncryptionAlgorithm(string row, string hex)
    {
        byte[] message = Seal("AES-256-CBC", RecipientRow.All.Single(r => r.Name == row).Recipient());
        using EnvelopedDataReader reader = EnvelopedDataReader.Open(new MemoryStream(message));
        byte[] beginning = Asn.Hex(hex);
        Assert.Equal(beginning, Assert.Single(reader.Recipients).KeyEncryptionAlgorithm!.Encode()[..beginning.Length]);
    }

    [Fact]
    [Trait("Requirement", "R9688-4-a")]
    public async Task Authenticate_WithHmacOfSha3_WritesNoParameters()
    {
        MessageCase subject = MessageCases.All.First(c => c.Name.Contains("/HMAC-SHA3-256/", StringComparison.Ordinal));
        byte[] message = await subject.WriteAsync(MessageCase.Content, synchronous: true);
        using AuthenticatedDataReader reader = AuthenticatedDataReader.Open(new MemoryStream(message));
        Assert.Equal(Asn.Hex("300B 060960864801650304020E"), reader.MacAlgorithm.Encode());
    }

    [Fact]
    [Trait("Requirement", "R3217-3.1-c")]
    public void TripleDesWrap_WithTwoKeysExpanded_GivesTheKeyBack()
    {
        byte[] two = Asn.Hex("0123456789ABCDEF FEDCBA9876543210");
        byte[] expanded = [.. two, .. two[..8]];
        byte[] key = Asn.Hex("2923BF85E06DD6AE 529149F1F1BAE9EA B3A7DA3D860D3E98");
        Assert.Equal(key, KeyWrapAlgorithm.TripleDes.Unwrap(expanded, KeyWrapAlgorithm.TripleDes.Wrap(expanded, key)));
    }

    [Fact]
    [Trait("Requirement", "R3370-2.2-b")]
    public void Find_Md5WithoutParameters_IsMd5() => Assert.Equal(DigestAlgorithm.Md5, DigestAlgorithm.Find(new AlgorithmIdentifier(DigestAlgorithm.Md5.Oid)));

    [Fact]
    [Trait("Requirement", "R3370-3.1-a")]
    public void Resolve_DsaWithSha1_IsForSha1Only()
    {
        SignatureAlgorithm scheme = SignatureAlgorithm.Resolve(new AlgorithmIdentifier("1.2.840.10040.4.3"))!;
        Assert.True(scheme.IsPairedWith(DigestAlgorithm.Sha1, signedAttributes: true));
        Assert.False(scheme.IsPairedWith(DigestAlgorithm.Sha256, signedAttributes: true));
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.5", "sha-1")]
    [InlineData("1.2.840.113549.1.1.11", "sha-256")]
    [Trait("Requirement", "R3370-3.2-e")]
    public void Resolve_CombinedRsaIdentifier_IsRsaWithItsDigest(string oid, string digest)
    {
        SignatureAlgorithm scheme = SignatureAlgorithm.Resolve(AlgorithmIdentifier.WithNull(oid), DigestAlgorithm.Sha512)!;
        Assert.Equal(digest, scheme.Digest!.Name);
        Assert.False(scheme.IsPairedWith(DigestAlgorithm.Sha512, signedAttributes: true));
    }

    [Fact]
    [Trait("Requirement", "R3370-4.2.1-b")]
    public async Task Encrypt_TripleDes_SendsAKeyOfOddParity()
    {
        byte[] message = Seal("3DES-CBC", new CertificateRecipient(Recipient.Certificate) { KeyTransport = new KeyTransportScheme.Pkcs1() });
        using EnvelopedDataReader reader = EnvelopedDataReader.Open(new MemoryStream(message));
        byte[]? key = await Recipient.DecryptionKey.DecryptAsync(new KeyTransportScheme.Pkcs1(), Assert.Single(reader.Recipients).EncryptedKey, 24);
        Assert.All(key!, b => Assert.Equal(1, int.PopCount(b) % 2));
    }

    private static TestIdentity Recipient { get; } = TestIdentity.Issue(
        "to-golden", TestKit.Keys.KeyPair.Make("rsa"), System.Security.Cryptography.X509Certificates.X509KeyUsageFlags.KeyEncipherment);

    private static byte[] Seal(string cipher, EnvelopeRecipient recipient)
    {
        using var output = new MemoryStream();
        var options = new EnvelopedDataWriterOptions
        {
            Recipients = [recipient],
            Algorithm = ContentEncryptionAlgorithm.BuiltIn.Single(a => a.Name == cipher),
            Policy = Policy.CmsPolicy.Legacy,
        };
        using EnvelopedDataWriter writer = EnvelopedDataWriter.Open(output, options);
        writer.Content.Write(SigningCase.Content);
        writer.Complete();
        return output.ToArray();
    }
}
