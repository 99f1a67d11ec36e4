using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Ocsp;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities.Collections;
using Org.BouncyCastle.X509;
using SmimeKit.Certificates;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Types;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;
using BouncyCertificate = Org.BouncyCastle.X509.X509Certificate;
using CmsSigner = SmimeKit.Cms.Signed.CmsSigner;
using DotNetSigner = System.Security.Cryptography.Pkcs.CmsSigner;

namespace SmimeKit.Cms.Tests.Signed;

/// <summary>What others say of transformed messages, and what is said of theirs: OpenSSL, the base library, Bouncy Castle.</summary>
public sealed class TransformPeerTests : IDisposable
{
    private static readonly byte[] _content = SigningCase.Content;
    private static readonly TestIdentity _rsa = TestIdentity.Rsa;

    private readonly string _folder = Directory.CreateTempSubdirectory("smimekit-").FullName;

    public static TheoryData<string, string> Signed { get; } = new(
        from transform in Transform.All
        where !transform.DropsSigners || transform.Signs.Count > 0
        from form in new[] { "definite", "indefinite" }
        select (transform.Name, $"rsa-sha256/attributes/keyid/{form}/several"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Signed))]
    public void Transformed_Message_IsValidForOpenSsl(string transform, string message)
    {
        byte[] result = Transform.Named(transform).Apply(SigningCases.Named(message).Sign(_content));
        string signers = File("signers.pem", string.Join('\n', new[] { _rsa, TestIdentity.P256 }.Select(i => i.CertificatePem)));
        byte[] content = Peer.OpenSsl.Run(
            ["cms", "-verify", "-inform", "DER", "-binary", "-noverify", "-certfile", signers], result).Succeeded();
        Assert.Equal(_content, content);
    }

    [Theory]
    [MemberData(nameof(Signed))]
    [Trait("Matrix", "countersignature")]
    [Trait("Matrix", "signature time-stamp")]
    public void Transformed_Message_IsValidForTheBaseLibrary(string transform, string message)
    {
        byte[] result = Transform.Named(transform).Apply(SigningCases.Named(message).Sign(_content));
        var signed = new SignedCms();
        signed.Decode(result);
        Assert.Equal(_content, signed.ContentInfo.Content);
        signed.CheckSignature([.. new[] { _rsa, TestIdentity.P256 }.Select(i => i.Certificate.ToX509Certificate2())], verifySignatureOnly: true);
        if (Transform.Named(transform).Countersigns)
        {
            foreach (SignerInfo signer in signed.SignerInfos)
            {
                Assert.Single(signer.CounterSignerInfos.Cast<SignerInfo>()).CheckSignature(verifySignatureOnly: true);
            }
        }

        if (Transform.Named(transform).TimeStamps)
        {
            foreach (SignerInfo signer in signed.SignerInfos)
            {
                byte[] token = signer.UnsignedAttributes[0].Values[0].RawData;
                Assert.True(Rfc3161TimestampToken.TryDecode(token, out Rfc3161TimestampToken? read, out _));
                Assert.True(read.VerifySignatureForSignerInfo(signer, out _));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Signed))]
    public void Transformed_Message_IsValidForBouncyCastle(string transform, string message)
    {
        byte[] result = Transform.Named(transform).Apply(SigningCases.Named(message).Sign(_content));
        var signed = new CmsSignedData(result);
        BouncyCertificate[] certificates = [Bouncy(_rsa.Certificate), Bouncy(TestIdentity.P256.Certificate)];
        foreach (SignerInformation signer in signed.GetSignerInfos())
        {
            Assert.Contains(certificates, c => signer.SignerID.Match(c) && signer.Verify(c));
            if (Transform.Named(transform).Countersigns)
            {
                SignerInformation countersigner = Assert.Single(signer.GetCounterSignatures().GetSigners());
                Assert.True(countersigner.Verify(certificates[1]));
            }
        }
    }

    [Fact]
    public void Resigned_ByOpenSsl_AndThenByUs_IsValidForBoth()
    {
        byte[] ours = SigningCases.Named("rsa-sha256/attributes/issuer/definite/one").Sign(_content);
        byte[] theirs = Peer.OpenSsl.Run(
            [
                "cms", "-resign", "-inform", "DER", "-outform", "DER", "-md", "sha256", // it adds no digest
                "-signer", File("p384.pem", TestIdentity.P384.CertificatePem), "-inkey", File("p384.key", TestIdentity.P384.KeyPem),
            ],
            ours).Succeeded();
        SignedMessage.Read(theirs).AssertValid([_rsa, TestIdentity.P384], _content);
        byte[] again = Transform.Named("add-signer").Apply(theirs);
        SignedMessage.Read(again).AssertValid([_rsa, TestIdentity.P384, TestIdentity.P256], _content);
        Assert.Equal(_content, Peer.OpenSsl.Run(["cms", "-verify", "-inform", "DER", "-binary", "-noverify"], again).Succeeded());
    }

    [Fact]
    public void Printed_ByOpenSsl_HasCountersignatureAndTimeStamp()
    {
        byte[] message = Transform.Named("time-stamp").Apply(
            Transform.Named("countersign").Apply(SigningCases.Named("rsa-sha256/attributes/issuer/definite/one").Sign(_content)));
        string printed = System.Text.Encoding.UTF8.GetString(
            Peer.OpenSsl.Run(["cms", "-cmsout", "-print", "-inform", "DER", "-noout"], message).Succeeded());
        Assert.Contains("countersignature", printed, StringComparison.Ordinal);
        Assert.Contains("id-smime-aa-timeStampToken", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SubjectIdentifierType.IssuerAndSerialNumber)]
    [InlineData(SubjectIdentifierType.SubjectKeyIdentifier)]
    [Trait("Requirement", "R3369-11.4-b")]
    [Trait("Matrix", "countersignature")]
    public void Countersignature_OfTheBaseLibrary_IsValid(SubjectIdentifierType identifier)
    {
        using X509Certificate2 signer = _rsa.ToX509Certificate2();
        using X509Certificate2 countersigner = TestIdentity.OtherRsa.ToX509Certificate2();
        var signed = new SignedCms(new System.Security.Cryptography.Pkcs.ContentInfo(_content));
        signed.ComputeSignature(new DotNetSigner(signer) { IncludeOption = X509IncludeOption.EndCertOnly });
        signed.SignerInfos[0].ComputeCounterSignature(new DotNetSigner(identifier, countersigner) { IncludeOption = X509IncludeOption.EndCertOnly });
        signed.SignerInfos[0].ComputeCounterSignature(new DotNetSigner(countersigner)
        {
            IncludeOption = X509IncludeOption.None, SignedAttributes = { new Pkcs9SigningTime(SignedMessage.At.UtcDateTime) },
        });
        SignerReport report = Assert.Single(SignedMessage.Read(signed.Encode()).Report.Signers);
        Assert.Equal(2, report.Countersignatures.Length);
        Assert.All(report.Countersignatures, c => Assert.IsType<SignerVerdict.Valid>(c.Verdict));
        Assert.All(report.Countersignatures, c => Assert.Equal(TestIdentity.OtherRsa.Certificate, c.Certificate));
    }

    [Fact]
    public void Countersignature_OfBouncyCastle_IsValid()
    {
        SigningCase signing = SigningCases.Named("rsa-sha256/attributes/issuer/definite/one");
        var signed = new CmsSignedData(signing.Sign(_content));
        var generator = new CmsSignedDataGenerator();
        generator.AddSigner(Key(TestIdentity.OtherRsa), Bouncy(TestIdentity.OtherRsa.Certificate), CmsSignedGenerator.DigestSha512);
        SignerInformation signer = signed.GetSignerInfos().GetSigners().First();
        signer = SignerInformation.AddCounterSigners(signer, generator.GenerateCounterSigners(signer));
        signed = CmsSignedData.ReplaceSigners(signed, new SignerInformationStore([signer]));
        SignerReport report = SignedMessage.Read(
            signed.GetEncoded(),
            resolver: (_, _) => ValueTask.FromResult<IReadOnlyList<Certificate>>([TestIdentity.OtherRsa.Certificate])).Report.Signers[0];
        Assert.IsType<SignerVerdict.Valid>(report.Verdict);
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(report.Countersignatures).Verdict);
    }

    [Fact]
    [Trait("Requirement", "R5940-2-a")]
    [Trait("Requirement", "R5940-3-a")]
    [Trait("Requirement", "R5755-1-a")]
    [Trait("Requirement", "R5652-5.1-a")]
    [Trait("Matrix", "OCSP responses")]
    [Trait("Matrix", "attribute certificates")]
    public void Carried_AttributeCertificateAndOcspResponse_GoBothWays()
    {
        byte[] attributeCertificate = AttributeCertificate();
        byte[] ocsp = OcspResponse();
        using var output = new MemoryStream();
        using (SignedDataWriter writer = SignedDataWriter.Open(output, new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(_rsa)],
            ContentLength = _content.Length,
            Certificates = [_rsa.Certificate],
            OtherCertificates = [CarriedCertificates.EncodeAttributeCertificate(attributeCertificate)],
            Crls = [Vectors.Available ? Vectors.Read("pkits/crls/GoodCACRL.crl") : Asn.Crl()],
            OtherRevocationInfo = [CarriedCertificates.EncodeOcspResponse(ocsp)],
        }))
        {
            writer.Content.Write(_content);
            writer.Complete();
        }

        var read = new CmsSignedData(output.ToArray());
        Assert.Equal(5, read.Version);
        Assert.Equal(attributeCertificate, Assert.Single(read.GetAttributeCertificates().EnumerateMatches(null)).GetEncoded());
        Assert.Equal(ocsp, Assert.Single(read.GetOtherRevInfos(new DerObjectIdentifier("1.3.6.1.5.5.7.16.2")).EnumerateMatches(null)).ToAsn1Object().GetEncoded());
        AssertCarried(SignedMessage.Read(output.ToArray()).Report, attributeCertificate, ocsp);

        var generator = new CmsSignedDataGenerator();
        generator.AddSigner(Key(_rsa), Bouncy(_rsa.Certificate), CmsSignedGenerator.DigestSha256);
        generator.AddCertificate(Bouncy(_rsa.Certificate));
        generator.AddAttributeCertificate(new X509V2AttributeCertificate(attributeCertificate));
        generator.AddOtherRevocationInfo(new DerObjectIdentifier("1.3.6.1.5.5.7.16.2"), Asn1Object.FromByteArray(ocsp));
        byte[] theirs = generator.Generate(new CmsProcessableByteArray(_content), encapsulate: true).GetEncoded();
        AssertCarried(SignedMessage.Read(theirs).Report, attributeCertificate, ocsp);

        // Through a transform, both unchanged.
        AssertCarried(SignedMessage.Read(Transform.Named("carry-more").Apply(theirs)).Report, attributeCertificate, ocsp);
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    [Trait("Requirement", "R3161-A-a")]
    [Trait("Requirement", "R5816-2.2.1-a")]
    [Trait("Matrix", "signature time-stamp")]
    public async Task TimeStamp_OfOpenSsl_AnswersOurRequestAndStampsASigner(string digest)
    {
        byte[] message = SigningCases.Named("rsa-sha256/attributes/issuer/definite/one").Sign(_content);
        byte[] signature = SignedMessage.Read(message).Report.Signers[0].Signature.ToArray();
        TimeStampRequest request = TimeStampRequest.ForSignature(
            signature, digest == "sha512" ? SmimeKit.Certificates.DigestAlgorithm.Sha512 : null);
        string query = File("query.tsq", request.Encode());
        byte[] reply = OpenSslReply(query, digest);

        TimeStampResponse response = TimeStampResponse.Decode(reply);
        Assert.Equal(TimeStampStatus.Granted, response.Status);
        TimeStampReport report = await request.VerifyAsync(response.Token!, response.Token!.Info.GenTime);
        Assert.IsType<TimeStampVerdict.Valid>(report.Verdict);
        Assert.Empty(report.Deviations);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), report.Info!.Accuracy);

        using var output = new MemoryStream();
        SignedDataEditor.Apply(new MemoryStream(message), output, new SignedDataEdits
        {
            EditSigner = (signer, _) =>
            {
                signer.AddTimeStamp(response.Token!);
                return ValueTask.CompletedTask;
            },
        });
        SignerReport stamped = SignedMessage.Read(output.ToArray()).Report.Signers[0];
        Assert.IsType<TimeStampVerdict.Valid>(Assert.Single(stamped.TimeStamps).Verdict);

        // What is in the message is what OpenSSL verifies over the signature.
        Peer.OpenSsl.Run(
        [
            "ts", "-verify", "-token_in", "-in", File("token.der", stamped.TimeStamps[0].Token.ToArray()), "-data", File("signature", stamped.Signature.ToArray()),
            "-CAfile", File("root.pem", TestAuthority.RootPem),
        ]).Succeeded();
    }

    private byte[] OpenSslReply(string query, string digest)
    {
        string configuration = File("tsa.cnf", $"""
            [tsa]
            default_tsa = authority
            [authority]
            serial = {File("serial", "01\n")}
            default_policy = 1.2.3.4.1
            digests = sha256, sha512
            signer_digest = {digest}
            accuracy = secs:1, millisecs:500
            ordering = yes
            tsa_name = yes
            ess_cert_id_chain = no
            ess_cert_id_alg = {digest}
            """);
        string reply = Path.Combine(_folder, "reply.tsr");
        Peer.OpenSsl.Run(
        [
            "ts", "-reply", "-config", configuration, "-section", "authority", "-queryfile", query, "-out", reply,
            "-signer", File("tsa.pem", ForgedTimeStamp.TimeStamper.CertificatePem), "-inkey", File("tsa.key", ForgedTimeStamp.TimeStamper.KeyPem),
        ]).Succeeded();
        return System.IO.File.ReadAllBytes(reply);
    }

    private static void AssertCarried(SignedDataReport report, byte[] attributeCertificate, byte[] ocsp)
    {
        Assert.IsType<SignerVerdict.Valid>(Assert.Single(report.Signers).Verdict);
        Assert.Equal(attributeCertificate, Assert.Single(report.Carried.GetAttributeCertificates()).ToArray());
        Assert.Equal(ocsp, Assert.Single(report.Carried.GetOcspResponses()).ToArray());
        Assert.Empty(report.Deviations);
    }

    private static byte[] AttributeCertificate()
    {
        var generator = new X509V2AttributeCertificateGenerator();
        generator.SetHolder(new AttributeCertificateHolder(Bouncy(_rsa.Certificate)));
        generator.SetIssuer(new AttributeCertificateIssuer(new X509Name("CN=Attributes")));
        generator.SetSerialNumber(Org.BouncyCastle.Math.BigInteger.One);
        generator.SetNotBefore(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        generator.SetNotAfter(new DateTime(2036, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return generator.Generate(new Org.BouncyCastle.Crypto.Operators.Asn1SignatureFactory("SHA256WITHRSA", Key(TestIdentity.OtherRsa))).GetEncoded();
    }

    private static byte[] OcspResponse()
    {
        var generator = new BasicOcspRespGenerator(new RespID(new X509Name("CN=Responder")));
        generator.AddResponse(
            new CertificateID(CertificateID.DigestSha1, Bouncy(_rsa.Certificate), Org.BouncyCastle.Math.BigInteger.Two),
            CertificateStatus.Good);
        BasicOcspResp basic = generator.Generate("SHA256WITHRSA", Key(TestIdentity.OtherRsa), null, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return new OCSPRespGenerator().Generate(OCSPRespGenerator.Successful, basic).GetEncoded();
    }

    private static AsymmetricKeyParameter Key(TestIdentity identity) => PrivateKeyFactory.CreateKey(identity.Key.ExportPkcs8PrivateKey());

    private static BouncyCertificate Bouncy(Certificate certificate) => new(certificate.RawData.ToArray());

    private string File(string name, string text) => File(name, System.Text.Encoding.ASCII.GetBytes(text));

    private string File(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }
}
