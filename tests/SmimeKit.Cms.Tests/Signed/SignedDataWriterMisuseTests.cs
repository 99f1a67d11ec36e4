using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit.Signing;
using static SmimeKit.TestKit.Signing.ForgedAttribute;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>Mistakes are told before anything is written, and nothing half-way looks finished.</summary>
public sealed class SignedDataWriterMisuseTests
{
    private static readonly CmsSigner _signer = new(TestIdentity.P256);

    private static readonly Dictionary<string, SignedDataWriterOptions> _mistakes = new()
    {
        ["content type by the caller"] = Signing(_signer with { SignedAttributes = [Attribute(ContentTypeOid)] }),
        ["message digest by the caller"] = Signing(_signer with { SignedAttributes = [Attribute(MessageDigestOid)] }),
        ["signing time as an attribute"] = Signing(_signer with { SignedAttributes = [SigningTime.Create(SigningCase.SigningTime)] }),
        ["algorithm protection by the caller"] = Signing(_signer with { SignedAttributes = [Attribute(AlgorithmProtectionOid)] }),
        ["signing certificate by the caller"] = Signing(_signer with { SignedAttributes = [Attribute(SigningCertificateV2Oid)] }),
        ["countersignature, signed"] = Signing(_signer with { SignedAttributes = [Attribute(CountersignatureOid)] }),
        ["attribute twice"] = Signing(_signer with { SignedAttributes = [Attribute(UnknownOid), Attribute(UnknownOid)] }),
        ["attribute without value"] = Signing(_signer with { SignedAttributes = [new CmsAttribute(UnknownOid)] }),
        ["attribute with a value that is none"] = Signing(_signer with { SignedAttributes = [new CmsAttribute(UnknownOid, new byte[] { 0x30, 0x05 })] }),
        ["attribute with an identifier that is none"] = Signing(_signer with { SignedAttributes = [Attribute("hello")] }),
        ["content type, unsigned"] = Signing(_signer with { UnsignedAttributes = [Attribute(ContentTypeOid)] }),
        ["message digest, unsigned"] = Signing(_signer with { UnsignedAttributes = [Attribute(MessageDigestOid)] }),
        ["signing time, unsigned"] = Signing(_signer with { UnsignedAttributes = [Attribute(SigningTimeOid)] }),
        ["capabilities, unsigned"] = Signing(_signer with { UnsignedAttributes = [Attribute(CapabilitiesOid)] }),
        ["unsigned value that is none"] = Signing(_signer with { UnsignedAttributes = [new CmsAttribute(UnknownOid, new byte[] { 0x30, 0x05 })] }),
        ["no attributes, other content"] = Signing(_signer with { UseSignedAttributes = false }) with { ContentType = ForgedMessage.TstInfo },
        ["no attributes, yet a time"] = Signing(_signer with { UseSignedAttributes = false, SigningTime = SigningCase.SigningTime }),
        ["no attributes, yet attributes"] = Signing(_signer with { UseSignedAttributes = false, SignedAttributes = [Attribute(UnknownOid)] }),
        ["no signers, other content"] = new() { ContentType = ForgedMessage.TstInfo },
        ["negative length"] = Signing(_signer) with { ContentLength = -1 },
        ["content type that is none"] = Signing(_signer) with { ContentType = "hello" },
        ["CRL that is none"] = Signing(_signer) with { Crls = [new byte[] { 0x30, 0x05 }] },
    };

    public static TheoryData<string> Mistakes { get; } = [.. _mistakes.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    [Trait("Requirement", "R3369-5.3-g")]
    [Trait("Requirement", "R3369-5.2-d")]
    [Trait("Requirement", "R3369-11.1-b")]
    [Trait("Requirement", "R3369-11.2-b")]
    [Trait("Requirement", "R3369-11.3-a")]
    [Trait("Requirement", "R3369-11.4-a")]
    [Trait("Requirement", "R6211-2-b")]
    [Trait("Requirement", "R2634-1.3.4-c")]
    [Trait("Kind", "negative")]
    public async Task Open_WithAMistake_ThrowsBeforeAnyOutput(string mistake)
    {
        using var output = new MemoryStream();
        Assert.ThrowsAny<ArgumentException>(() => SignedDataWriter.Open(output, _mistakes[mistake]));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SignedDataWriter.OpenAsync(output, _mistakes[mistake]).AsTask());
        Assert.Equal(0, output.Length);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Open_WithoutArguments_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => SignedDataWriter.Open(null!, Signing(_signer)));
        Assert.Throws<ArgumentNullException>(() => SignedDataWriter.Open(Stream.Null, null!));
        Assert.Throws<ArgumentNullException>(() => new CmsSigner(null!));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    [Trait("Kind", "negative")]
    public void Complete_WithAnotherLengthThanAnnounced_Throws(int length)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, Signing(_signer) with { ContentLength = 9 });
        Assert.Throws<InvalidOperationException>(() =>
        {
            writer.Content.Write(new byte[length]);
            writer.Complete();
        });
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.Throws<InvalidOperationException>(() => writer.Content.WriteByte(0));
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2-d")]
    [Trait("Kind", "negative")]
    public void Write_ContentWithoutSigners_Throws()
    {
        using SignedDataWriter writer = SignedDataWriter.Open(Stream.Null, new SignedDataWriterOptions());
        Assert.Throws<InvalidOperationException>(() => writer.Content.Write([1]));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Dispose_BeforeCompletion_LeavesNoMessage()
    {
        foreach (SigningForm form in Enum.GetValues<SigningForm>())
        {
            using var output = new MemoryStream();
            SigningCase signing = SigningCases.Named("rsa-sha256/attributes/issuer/definite/one") with { Form = form };
            using (SignedDataWriter writer = SignedDataWriter.Open(output, signing.Options(100_000)))
            {
                writer.Content.Write(new byte[100_000]);
            }

            Assert.Throws<MalformedDataException>(() => SignedMessage.Read(output.ToArray(), new byte[100_000]));
            Assert.True(output.CanWrite);
        }
    }

    [Fact]
    public void Writer_AfterCompletion_RefusesMore()
    {
        using SignedDataWriter writer = SignedDataWriter.Open(Stream.Null, Signing(_signer));
        writer.Complete();
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.Throws<InvalidOperationException>(() => writer.Content.WriteByte(0));
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Content.WriteByte(0));
    }

    [Theory]
    [InlineData(255)]
    [InlineData(257)]
    [Trait("Requirement", "R3370-3.2-g")]
    [Trait("Kind", "negative")]
    public void Complete_WithAKeyThatReturnsAnotherSize_ThrowsInsteadOfWritingAMessageWithWrongLengths(int size)
    {
        using SignedDataWriter writer = SignedDataWriter.Open(
            Stream.Null, Signing(new CmsSigner(new OddKey(size))) with { ContentLength = 0 });
        Assert.Equal("signature-size", Assert.Throws<StoreException>(writer.Complete).Code);
        Assert.Throws<InvalidOperationException>(writer.Complete);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Open_ByKeyIdentifierOfACertificateWithoutOne_Throws()
    {
        var identity = new TestIdentity(Certificate.FromX509Certificate2(SelfSigned()), TestIdentity.P256.Key);
        Assert.Throws<ArgumentException>(
            () => SignedDataWriter.Open(Stream.Null, Signing(new CmsSigner(identity) { UseSubjectKeyIdentifier = true })));
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Open_WithAKeyOfAnUnknownKind_Throws()
    {
        var identity = new TestIdentity(
            TestAuthority.Issue("x", TrapKeys.Any(Asn.Algorithm("1.2.3.4"), [1, 2, 3])), TestIdentity.P256.Key);
        Assert.Equal(
            "1.2.3.4", Assert.Throws<UnsupportedAlgorithmException>(() => SignedDataWriter.Open(Stream.Null, Signing(new CmsSigner(identity)))).Oid);
    }

    private static SignedDataWriterOptions Signing(CmsSigner signer) => new() { Signers = [signer] };

    private static CmsAttribute Attribute(string oid) => new(oid, Asn.Number(1));

    private static System.Security.Cryptography.X509Certificates.X509Certificate2 SelfSigned() =>
        new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=bare", (System.Security.Cryptography.ECDsa)TestIdentity.P256.Key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(TestAuthority.NotBefore, TestAuthority.NotAfter);

    private sealed class OddKey(int size) : ISigningKey
    {
        public Certificate Certificate => TestIdentity.Rsa.Certificate;

        public IReadOnlyList<Certificate> Chain => [];

        public ValueTask<byte[]> SignAsync(
            SignatureAlgorithm algorithm, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new byte[size]);
    }
}
