using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;
using static SmimeKit.TestKit.Signing.ForgedAttribute;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>What is written, octet for octet: RSASSA-PKCS1-v1_5 is deterministic, so whole messages are compared.</summary>
public sealed class SignedDataWriterTests
{
    private static readonly byte[] _sha256 = Asn.Algorithm(DigestAlgorithm.Sha256.Oid);
    private static readonly byte[] _rsaSha256 = Asn.Algorithm("1.2.840.113549.1.1.11", [5, 0]);
    private static readonly CmsSigner _bare = new(TestIdentity.Rsa) { UseSignedAttributes = false };
    private static readonly ForgedSigner _forged = new() { Identity = TestIdentity.Rsa, Attributes = null };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "R3369-5.1-a")]
    [Trait("Requirement", "R3369-5.1-d")]
    [Trait("Requirement", "R3369-5.1-n")]
    [Trait("Requirement", "R3369-5.3-a")]
    [Trait("Requirement", "R3369-5.3-b")]
    [Trait("Requirement", "R3369-5.5-a")]
    [Trait("Requirement", "R3369-12.1-a")]
    [Trait("Requirement", "R5754-2-a")]
    public void Write_WithoutAttributes_IsTheMinimalDer(bool detached) => Assert.Equal(
        new ForgedMessage { Signers = [_forged], Certificates = [], EContent = detached ? [] : null }.Encode(),
        Write(new SignedDataWriterOptions { Signers = [_bare], IsDetached = detached, ContentLength = ForgedMessage.Text.Length }));

    [Fact]
    [Trait("Requirement", "R3369-5.1-c")]
    [Trait("Requirement", "R3369-5.3-b")]
    [Trait("Requirement", "R3851-2.6-a")]
    public void Write_ByKeyIdentifier_IsVersion3() => Assert.Equal(
        new ForgedMessage
        {
            Version = Asn.Number(3),
            Signers = [_forged with { Version = Asn.Number(3), Sid = ForgedSigner.KeyIdentifier(TestIdentity.Rsa.Certificate.SubjectKeyIdentifier.ToArray()) }],
            Certificates = [],
        }.Encode(),
        Write(new SignedDataWriterOptions { Signers = [_bare with { UseSubjectKeyIdentifier = true }], ContentLength = ForgedMessage.Text.Length }));

    [Fact]
    [Trait("Requirement", "R3369-5.3-j")]
    [Trait("Requirement", "R3369-5.4-c")]
    [Trait("Requirement", "R6211-2-a")]
    [Trait("Requirement", "R8933-4.1-a")]
    [Trait("Requirement", "R8933-3.1-a")]
    [Trait("Requirement", "R5035-5.4-a")]
    [Trait("Requirement", "R5035-5.4.1-a")]
    [Trait("Requirement", "R5035-5.4.1-c")]
    [Trait("Requirement", "R5035-5.4.1.1-a")]
    [Trait("Requirement", "R5035-5.4.1.1-b")]
    [Trait("Requirement", "R5035-5.4.1.1-c")]
    [Trait("Requirement", "R3851-2.5-d")]
    [Trait("Requirement", "R3369-5.1-c")]
    [Trait("Requirement", "R3851-1.1-b")]
    [Trait("Requirement", "R6211-1-a")]
    public void Write_WithAttributesOverOtherContent_IsTheWholeDer()
    {
        Certificate certificate = TestIdentity.Rsa.Certificate;
        byte[] issuerSerial = Asn.Sequence(
            Asn.Sequence(Asn.Tagged(0xA4, certificate.Issuer.RawData.ToArray())), Asn.Write(w => w.WriteInteger(certificate.SerialNumber.Span)));
        byte[] ess = Of(SigningCertificateV2Oid, Asn.Sequence(Asn.Sequence(Asn.Sequence(
            Asn.OctetString(SHA256.HashData(certificate.RawData.Span)), issuerSerial))));
        var forged = new ForgedMessage
        {
            ContentType = ForgedMessage.TstInfo,
            Version = Asn.Number(3),
            Signers = [_forged with
            {
                Attributes = m =>
                [
                    .. Usual(m), AlgorithmProtection(_sha256, _rsaSha256), ess,
                    Of(SigningTimeOid, Asn.Tagged(0x17, "260304050607Z"u8.ToArray())), Of(UnknownOid, Asn.Number(5)),
                ],
                UnsignedAttributes = Asn.Tagged(0xA1, Of(UnknownOid, Asn.Number(6))),
            }],
        };
        byte[] written = Write(new SignedDataWriterOptions
        {
            ContentType = ForgedMessage.TstInfo,
            Signers = [new CmsSigner(TestIdentity.Rsa)
            {
                SigningTime = SigningCase.SigningTime,
                SignedAttributes = [new CmsAttribute(UnknownOid, Asn.Number(5))],
                UnsignedAttributes = [new CmsAttribute(UnknownOid, Asn.Number(6))],
            }],
            Certificates = [certificate, certificate],
            ContentLength = ForgedMessage.Text.Length,
        });
        Assert.Equal(forged.Encode(), written);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.2-d")]
    [Trait("Requirement", "R3369-10.2.3-a")]
    [Trait("Requirement", "R3851-2.4.2-a")]
    [Trait("Requirement", "R3851-3.7-a")]
    public void Write_WithoutSigners_CarriesSortedCertificatesAndCrlsOnly()
    {
        byte[] certificate = TestIdentity.Rsa.Certificate.RawData.ToArray();
        byte[] other = TestIdentity.P521.Certificate.RawData.ToArray();
        byte[] crl = Asn.Crl();
        byte[] expected = Asn.Sequence(Asn.Oid(ForgedMessage.SignedData), Asn.Tagged(0xA0, Asn.Sequence(
            Asn.Number(1), Asn.Set(), Asn.Sequence(Asn.Oid(ForgedMessage.Data)),
            [0xA0, .. Asn.SortedSet(certificate, other).AsSpan(1)], Asn.Tagged(0xA1, crl), Asn.Set())));
        Assert.Equal(expected, Write(
            new SignedDataWriterOptions { Certificates = [TestIdentity.Rsa.Certificate, TestIdentity.P521.Certificate], Crls = [crl] }, []));
        byte[] reversed = Write(
            new SignedDataWriterOptions { Certificates = [TestIdentity.P521.Certificate, TestIdentity.Rsa.Certificate], Crls = [crl] }, []);
        Assert.Equal(expected, reversed);
    }

    [Fact]
    [Trait("Requirement", "R3369-2-d")]
    [Trait("Requirement", "R3369-5.3-i")]
    public void Write_OfUnknownLength_IsIndefiniteButForTheAttributes()
    {
        byte[] written = Write(new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(TestIdentity.Rsa)], Certificates = [TestIdentity.Rsa.Certificate],
        });
        Assert.Equal(Asn.Hex("3080"), written[..2]);
        Assert.Equal(new byte[2], written[^2..]);
        SignerReport signer = Assert.Single(SignedMessage.Read(written).Report.Signers);
        Assert.IsType<SignerVerdict.Valid>(signer.Verdict);
        Assert.Empty(signer.Deviations);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.4-a")]
    public void Write_OfUnknownLength_DoesNotDependOnHowItIsWritten()
    {
        byte[] content = RandomNumberGenerator.GetBytes(200_001);
        byte[] first = [];
        foreach (int chunk in new[] { 1, 1000, 65_535, 65_536, 65_537, 200_001 })
        {
            using var output = new MemoryStream();
            using SignedDataWriter writer = SignedDataWriter.Open(output, new SignedDataWriterOptions { Signers = [_bare] });
            foreach (byte[] part in content.Chunk(chunk))
            {
                writer.Content.Write(part, 0, part.Length);
            }

            writer.Complete();
            first = first.Length == 0 ? output.ToArray() : first;
            Assert.Equal(first, output.ToArray());
        }

        // Four segments of 64 KiB but for the last.
        int start = first.AsSpan().IndexOf(Asn.Hex("A080 2480"));
        Assert.Equal(Asn.Hex("A080 2480 0483010000"), first[start..(start + 9)]);
        Assert.Equal(content, SignedMessage.Read(first).Content);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.1-f")]
    [Trait("Requirement", "R3369-5.3-f")]
    [Trait("Requirement", "R3370-2-a")]
    [Trait("Requirement", "R4056-3-a")]
    public void Write_SeveralSigners_ListsEachDigestOnce()
    {
        byte[] written = Write(new SignedDataWriterOptions
        {
            Signers =
            [
                new CmsSigner(TestIdentity.Rsa), new CmsSigner(TestIdentity.OtherRsa) { UsePss = true },
                new CmsSigner(TestIdentity.P521), new CmsSigner(TestIdentity.P256) { Digest = DigestAlgorithm.Sha512 },
            ],
        });
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(written));
        Assert.Equal(
            [DigestAlgorithm.Sha256.Oid, DigestAlgorithm.Sha512.Oid], reader.DigestAlgorithms.Select(d => d.Oid).Order(StringComparer.Ordinal));
        Assert.All(reader.DigestAlgorithms, d => Assert.True(d.Parameters.IsEmpty)); // RFC 5754 §2
        Assert.Equal(4, reader.Complete(SignedMessage.At).Signers.Length);
    }

    [Theory]
    [InlineData("rsa-sha256", "300D 06092A864886F70D01010B 0500")]
    [InlineData("rsa-sha384", "300D 06092A864886F70D01010C 0500")]
    [InlineData("rsa-sha512", "300D 06092A864886F70D01010D 0500")]
    [InlineData("ecdsa-p256", "300A 06082A8648CE3D040302")]
    [InlineData("ecdsa-p384", "300A 06082A8648CE3D040303")]
    [InlineData("ecdsa-p521", "300A 06082A8648CE3D040304")]
    [InlineData("pss-sha256", "3041 06092A864886F70D01010A 3034 A00F 300D 0609608648016503040201 0500 A11C 301A 06092A864886F70D010108 300D 0609608648016503040201 0500 A203 020120")]
    [InlineData("pss-sha512", "3041 06092A864886F70D01010A 3034 A00F 300D 0609608648016503040203 0500 A11C 301A 06092A864886F70D010108 300D 0609608648016503040203 0500 A203 020140")]
    [Trait("Requirement", "R4056-2.2-a")]
    [Trait("Requirement", "R5754-2-a")]
    [Trait("Requirement", "R3370-3-a")]
    [Trait("Requirement", "R3369-10.1-a")]
    [Trait("Requirement", "R3370-3.2-f")]
    [Trait("Requirement", "R5754-2-b")]
    [Trait("Requirement", "R5754-3.2-a")]
    [Trait("Requirement", "R5754-3.3-a")]
    public void Write_SignatureIdentifier_HasItsParameters(string scheme, string hex)
    {
        byte[] written = SigningCases.Named(scheme + "/attributes/issuer/definite/one").Sign(SigningCase.Content);
        SignerReport signer = Assert.Single(SignedMessage.Read(written).Report.Signers);
        Assert.Equal(Asn.Hex(hex), signer.SignatureAlgorithm!.Encode());
        Assert.True(signer.DigestAlgorithm!.Parameters.IsEmpty);
    }

    [Fact]
    [Trait("Requirement", "R3370-2.2-a")]
    public void Write_Md5OnExplicitRequest_HasNullParameters()
    {
        byte[] written = Write(new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(TestIdentity.Rsa) { Digest = DigestAlgorithm.Md5 }],
            Policy = CmsPolicy.Legacy,
        });
        byte[] identifier = Asn.Hex("300C 06082A864886F70D0205 0500");
        using SignedDataReader reader = SignedDataReader.Open(new MemoryStream(written));
        Assert.Equal(identifier, Assert.Single(reader.DigestAlgorithms).Encode());
        Assert.Equal(identifier, Assert.Single(reader.Complete(SignedMessage.At).Signers).DigestAlgorithm!.Encode());
    }

    [Fact]
    [Trait("Requirement", "R5754-2-c")]
    public void Write_RsaSignature_HasNullInItsDigestInfo()
    {
        byte[] written = Write(new SignedDataWriterOptions { Signers = [_bare] });
        byte[] signature = SignedMessage.Read(written, resolver: Resolve(TestIdentity.Rsa)).Report.Signers[0].Signature.ToArray();
        RSAParameters key = ((RSA)TestIdentity.Rsa.Key).ExportParameters(false);
        byte[] block = BigInteger.ModPow(Number(signature), Number(key.Exponent!), Number(key.Modulus!)).ToByteArray(true, true);
        Assert.Equal(
            [.. Asn.Hex("00 3031300D060960864801650304020105000420"), .. SHA256.HashData(ForgedMessage.Text)], block[^52..]);
    }

    [Fact]
    [Trait("Requirement", "R3369-5.3-i")]
    public void Write_AttributesInAnyOrder_IsTheSame()
    {
        CmsAttribute[] attributes =
        [
            new("1.2.840.113549.1.9.15", Asn.Sequence()), new("1.2.840.113549.1.9.16.2.11", Asn.Tagged(0x80, [1])), new("2.5.4.3", Asn.Number(300)),
            new(UnknownOid, Asn.Number(2), Asn.Number(1)),
        ];
        byte[]? first = null;
        foreach (int[] order in new int[][] { [0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1] })
        {
            byte[] written = Write(new SignedDataWriterOptions
            {
                Signers = [new CmsSigner(TestIdentity.Rsa) { SignedAttributes = [.. order.Select(i => attributes[i])] }],
            });
            Assert.Equal(first ??= written, written);
        }
    }

    [Theory]
    [InlineData("1949-12-31T23:59:59Z", "180F31393439313233313233353935395A")]
    [InlineData("1950-01-01T00:00:00Z", "170D3530303130313030303030305A")]
    [InlineData("2000-02-29T00:00:00Z", "170D3030303232393030303030305A")]
    [InlineData("2049-12-31T23:59:59Z", "170D3439313233313233353935395A")]
    [InlineData("2049-12-31T23:59:59.999Z", "170D3439313233313233353935395A")]
    [InlineData("2050-01-01T00:00:00Z", "180F32303530303130313030303030305A")]
    [InlineData("2050-01-01T00:30:00+01:00", "170D3439313233313233333030305A")]
    [InlineData("2050-01-01T00:00:00.5Z", "180F32303530303130313030303030305A")]
    [InlineData("9999-12-31T23:59:59Z", "180F39393939313233313233353935395A")]
    [Trait("Requirement", "R3369-11.3-b")]
    [Trait("Requirement", "R3369-11.3-c")]
    [Trait("Requirement", "R3369-11.3-e")]
    [Trait("Requirement", "R8551-2.5.1-a")]
    [Trait("Requirement", "R3851-2.5.1-a")]
    public void SigningTime_AtTheBoundaries_HasTheRightForm(string time, string hex)
    {
        DateTimeOffset instant = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        CmsAttribute attribute = SigningTime.Create(instant);
        Assert.Equal(hex, Convert.ToHexString(attribute.Values[0].Span));
        DateTimeOffset whole = instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerSecond));
        Assert.Equal(whole.ToUniversalTime(), SigningTime.Find(new CmsAttributes([attribute])));
        Assert.False(SigningTime.IsUnusual(new CmsAttributes([attribute])));
    }

    [Fact]
    [Trait("Requirement", "R3851-2.6-a")]
    public void Write_NestedInAnotherWriter_NeedsNoBuffer()
    {
        using var output = new MemoryStream();
        using (SignedDataWriter outer = SignedDataWriter.Open(output, new SignedDataWriterOptions
        {
            ContentType = ForgedMessage.SignedData, Signers = [new CmsSigner(TestIdentity.P256)], Certificates = [TestIdentity.P256.Certificate],
        }))
        {
            using SignedDataWriter inner = SignedDataWriter.Open(outer.Content, new SignedDataWriterOptions
            {
                Signers = [new CmsSigner(TestIdentity.Rsa)], Certificates = [TestIdentity.Rsa.Certificate],
            });
            inner.Content.Write(ForgedMessage.Text);
            inner.Complete();
            outer.Complete();
        }

        output.Position = 0;
        using SignedDataReader outerReader = SignedDataReader.Open(output);
        SignedMessage innerMessage = SignedMessage.Read(outerReader.Content);
        innerMessage.AssertValid([TestIdentity.Rsa], ForgedMessage.Text);
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(outerReader.Complete(SignedMessage.At).Signers).Verdict);
    }

    private static byte[] Write(SignedDataWriterOptions options, byte[]? content = null)
    {
        using var output = new MemoryStream();
        using SignedDataWriter writer = SignedDataWriter.Open(output, options);
        writer.Content.Write(content ?? ForgedMessage.Text);
        writer.Complete();
        return output.ToArray();
    }

    private static SignerCertificateResolver Resolve(TestIdentity identity) =>
        (_, _) => ValueTask.FromResult<IReadOnlyList<Certificate>>([identity.Certificate]);

    private static BigInteger Number(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);
}
