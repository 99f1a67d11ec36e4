using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using SmimeKit.Certificates;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Signed;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit;
using SmimeKit.TestKit.Signing;
using ForeignSigner = System.Security.Cryptography.Pkcs.CmsSigner;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary>
/// Every case of <see cref="SigningCases"/> that a foreign implementation can make, and what else its options do to a message.
/// </summary>
public sealed class WrittenByOthersTests(ForeignPeers peers)
{
    private static readonly byte[] _content = SigningCase.Content;
    private static readonly byte[] _large = RandomNumberGenerator.GetBytes(300_000);

    private static readonly Dictionary<string, (TestIdentity Signer, string Options)> _openSsl = new()
    {
        ["detached"] = (TestIdentity.Rsa, ""),
        ["attached"] = (TestIdentity.Rsa, "-nodetach"),
        ["streamed"] = (TestIdentity.Rsa, "-nodetach -stream"),
        ["streamed, though said detached"] = (TestIdentity.Rsa, "-stream"),
        ["key identifier"] = (TestIdentity.Rsa, "-nodetach -keyid"),
        ["no attributes"] = (TestIdentity.Rsa, "-nodetach -noattr"),
        ["no attributes, detached"] = (TestIdentity.Rsa, "-noattr"),
        ["no attributes, streamed, key identifier"] = (TestIdentity.Rsa, "-nodetach -noattr -stream -keyid"),
        ["SHA-384"] = (TestIdentity.Rsa, "-nodetach -md sha384"),
        ["SHA-512"] = (TestIdentity.Rsa, "-nodetach -md sha512"),
        ["no capabilities"] = (TestIdentity.Rsa, "-nodetach -nosmimecap"),
        ["CAdES"] = (TestIdentity.Rsa, "-nodetach -cades"),
        ["CAdES, SHA-512"] = (TestIdentity.Rsa, "-nodetach -cades -md sha512"),
        ["receipt request"] = (TestIdentity.Rsa, "-nodetach -receipt_request_all -receipt_request_to x@example.com"),
        ["PSS"] = (TestIdentity.Rsa, "-nodetach -keyopt rsa_padding_mode:pss"),
        ["PSS, salt as the digest"] = (TestIdentity.Rsa, "-nodetach -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:-1"),
        ["PSS, no salt"] = (TestIdentity.Rsa, "-nodetach -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:0"),
        ["PSS, salt 20"] = (TestIdentity.Rsa, "-nodetach -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:20 -md sha384"),
        ["PSS, largest salt"] = (TestIdentity.Rsa, "-nodetach -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:-3 -md sha512"),
        ["PSS, MGF1 with SHA-1"] = (TestIdentity.Rsa, "-nodetach -keyopt rsa_padding_mode:pss -keyopt rsa_mgf1_md:sha1"),
        ["PSS, MGF1 with SHA-512"] = (TestIdentity.Rsa, "-nodetach -keyopt rsa_padding_mode:pss -keyopt rsa_mgf1_md:sha512 -noattr"),
        ["P-256"] = (TestIdentity.P256, "-nodetach"),
        ["P-256, no attributes, detached"] = (TestIdentity.P256, "-noattr"),
        ["P-384"] = (TestIdentity.P384, "-nodetach -md sha384"),
        ["P-521"] = (TestIdentity.P521, "-nodetach -md sha512 -stream"),
        ["P-521, SHA-256"] = (TestIdentity.P521, "-nodetach -md sha256 -keyid"),
    };

    public static TheoryData<string> OfOpenSsl { get; } = [.. _openSsl.Keys];

    [Theory]
    [MemberData(nameof(OfOpenSsl))]
    [Trait("Requirement", "R4056-2.1-a")]
    public async Task OpenSsl_Signs(string name)
    {
        (TestIdentity signer, string options) = _openSsl[name];
        foreach (byte[] content in new[] { _content, _large })
        {
            byte[] message = OpenSsl.Sign(signer, content, options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            bool attached = options.Contains("-nodetach", StringComparison.Ordinal) || options.Contains("-stream", StringComparison.Ordinal);
            Assert.Equal(attached, message.AsSpan().IndexOf(content.AsSpan(0, 20)) >= 0);
            await AssertValidAsync(message, content, signer);
        }
    }

    [Fact]
    public async Task OpenSsl_SignsTwice()
    {
        using var folder = new WorkFolder();
        byte[] one = OpenSsl.Sign(TestIdentity.Rsa, _content, "-nodetach", "-md", "sha512");
        byte[] two = Peer.OpenSsl.Run(
        [
            "cms", "-resign", "-binary", "-nodetach", "-md", "sha512", "-inform", "DER", "-outform", "DER", "-in", folder.Write("one", one),
            "-signer", folder.Write("signer.pem", TestIdentity.P256.CertificatePem + "\n" + TestIdentity.P256.KeyPem),
        ]).Succeeded();
        await AssertValidAsync(two, _content, TestIdentity.Rsa, TestIdentity.P256);
    }

    [Fact]
    public void OpenSsl_SignsWithoutCertificates_AndTheResolverFindsThem()
    {
        byte[] message = OpenSsl.Sign(TestIdentity.Rsa, _content, "-nodetach", "-nocerts");
        Assert.IsType<SignerVerdict.CertificateNotFound>(SignedMessage.Read(message).Verdict);
        SignedMessage.Read(message, resolver: (_, _) => ValueTask.FromResult<IReadOnlyList<Certificate>>([TestIdentity.Rsa.Certificate]))
            .AssertValid([TestIdentity.Rsa], _content);
    }

    public static TheoryData<string, string> Cases { get; } = Exchange.Signed;

    public static TheoryData<string, string> WeakCases { get; } = [.. Cases.Where(r => SigningCases.Named(r.Data.Item2).Scheme.IsWeak)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void SignatureOfPeer_IsWhatItsCaseSays_AndValid(string peer, string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = peers[peer].Sign(signing, _content);

        SignedMessage read = SignedMessage.Read(message, _content, signing.Scheme.ReaderOptions);

        read.AssertValid(signing.Signers, _content);
        SignerReport report = read.Report.Signers.Single(s => s.Certificate!.Equals(signing.Scheme.Signer().Certificate));
        Assert.True(signing.Scheme.Digest is not { } digest || digest.Oid == report.DigestAlgorithm!.Oid, "the digest is that of the case");
        Assert.Equal(signing.Scheme.SchemeName, report.SchemeName);
        Assert.Equal(signing.KeyIdentifier, report.Identifier is SubjectKeyIdentifier);
        Assert.Equal(signing.Attributes, report.SignedAttributes.Count > 0);
        Assert.Equal(signing.IsDetached, message.AsSpan().IndexOf(_content) < 0);
        Assert.Equal(signing.Form == SigningForm.Definite, !signing.IsDetached && message[1] != 0x80);
    }

    [Theory]
    [MemberData(nameof(WeakCases))]
    public void SignatureOfPeer_WithObsoleteAlgorithm_IsRefusedByDefaultAndAWeaknessUnderLegacy(string peer, string name)
    {
        SigningCase signing = SigningCases.Named(name);
        byte[] message = peers[peer].Sign(signing, _content);

        Assert.All(Read(signing, message, CmsReaderOptions.Default), v => Assert.IsType<SignerVerdict.RefusedByPolicy>(v));
        Assert.All(Read(signing, message, signing.Scheme.ReaderOptions), v => Assert.NotEmpty(Assert.IsType<SignerVerdict.Valid>(v).Weaknesses));
    }

    private static IEnumerable<SignerVerdict> Read(SigningCase signing, byte[] message, CmsReaderOptions options) =>
        SignedMessage.Read(message, _content, options).Report.Signers
            .Where(s => s.Certificate?.Equals(signing.Scheme.Signer().Certificate) ?? true).Select(s => s.Verdict);

    [Theory]
    [InlineData("2.16.840.1.101.3.4.2.1")]
    [InlineData("2.16.840.1.101.3.4.2.3")]
    public async Task BouncyCastle_SignsAStreamInSmallSegments(string digest)
    {
        await AssertValidAsync(BouncyCastle.SignStreamed(TestIdentity.Rsa, _large, digest), _large, TestIdentity.Rsa);
        await AssertValidAsync(BouncyCastle.SignStreamed(TestIdentity.P256, _content, digest), _content, TestIdentity.P256);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-G")]
    [InlineData("-G -P")]
    [InlineData("-T")]
    [InlineData("-T -G -H SHA384")]
    [InlineData("-H SHA512")]
    public async Task Nss_Signs(string options)
    {
        peers.Nss.Require();
        bool attributes = options.Contains("-G", StringComparison.Ordinal);
        foreach (TestIdentity signer in attributes ? [TestIdentity.Rsa, TestIdentity.P256] : new[] { TestIdentity.Rsa })
        {
            byte[] message = peers.Nss.Sign(signer, _content, options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            await AssertValidAsync(message, _content, signer);
        }
    }

    // NSS 3.87 writes r and s side by side when there are no signed attributes: no ECDSA-Sig-Value, and OpenSSL refuses it too.
    [Fact]
    [Trait("Requirement", "R3369-5.3-n")]
    public void Nss_SignsWithEcdsaWithoutAttributes_AndNobodyReadsIt()
    {
        peers.Nss.Require();
        byte[] message = peers.Nss.Sign(TestIdentity.P256, _content);
        SignerReport signer = Assert.Single(SignedMessage.Read(message).Report.Signers);
        Assert.IsType<SignerVerdict.SignatureMismatch>(signer.Verdict);
        Assert.Equal(64, signer.Signature.Length);
        Assert.NotNull(new OpenSsl().FindObjection(message, _content, detached: false, [TestIdentity.P256]));
    }

    [Theory]
    [InlineData("--sign")]
    [InlineData("--detach-sign")]
    [InlineData("--sign --digest-algo SHA512")]
    [InlineData("--detach-sign --armor")]
    [InlineData("--sign --base64")]
    [InlineData("--sign --include-certs -1")]
    public async Task GpgSm_Signs(string options)
    {
        peers.GpgSm.Require();
        foreach (byte[] content in new[] { _content, _large })
        {
            byte[] message = peers.GpgSm.Sign([TestIdentity.Rsa], content, options.Split(' '));
            await AssertValidAsync(message, content, TestIdentity.Rsa);
        }
    }

    private static async Task AssertValidAsync(byte[] message, byte[] content, params TestIdentity[] signers)
    {
        SignedMessage read = SignedMessage.Read(message, content);
        read.AssertValid(signers, content);
        Assert.Empty(read.Report.Deviations);
        Assert.DoesNotContain(read.Report.Signers.SelectMany(s => s.Deviations), d => d != "mgf1-digest-differs");
        (await SignedMessage.ReadAsync(DribblingStream.InChunks(message, 61), content)).AssertValid(signers, content);
    }
}
