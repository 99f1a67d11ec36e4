using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeKit.Certificates;
using SmimeKit.Interop.Tests.Enveloped;
using SmimeKit.TestKit.Signing;
using AlgorithmIdentifier = System.Security.Cryptography.Pkcs.AlgorithmIdentifier;

namespace SmimeKit.Interop.Tests.Peers;

/// <summary><c>SignedCms</c> and <c>EnvelopedCms</c> of <c>System.Security.Cryptography.Pkcs</c>.</summary>
public sealed class DotNet : IForeign
{
    public string Name => "dotnet";

    public string? FindObjection(byte[] message, byte[] content, bool detached, IReadOnlyList<TestIdentity> signers)
    {
        try
        {
            SignedCms cms = detached ? new SignedCms(new ContentInfo(content), detached: true) : new SignedCms();
            cms.Decode(message);
            cms.CheckSignature(verifySignatureOnly: true);
            string[] found = [.. cms.SignerInfos.Cast<SignerInfo>().Select(s => s.Certificate!.SerialNumber).Order()];
            return !cms.ContentInfo.Content.AsSpan().SequenceEqual(content) ? "the content differs"
                : !found.SequenceEqual(signers.Select(s => s.Certificate.SerialNumberHex).Order()) ? "the signers differ"
                : null;
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            return e.Message;
        }
    }

    public string? FindObjection(byte[] message, byte[] content, TestIdentity recipient)
    {
        try
        {
            var envelope = new EnvelopedCms();
            envelope.Decode(message);
            using X509Certificate2 certificate = recipient.ToX509Certificate2();
            RecipientInfo info = envelope.RecipientInfos.Cast<RecipientInfo>().Single(r => Names(r, certificate));
            envelope.Decrypt(info, recipient.Key);
            return envelope.ContentInfo.Content.AsSpan().SequenceEqual(content) ? null : "the content differs";
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            return e.Message;
        }
    }

    public byte[] Sign(SigningCase signing, byte[] content)
    {
        var cms = new SignedCms(new ContentInfo(content), signing.IsDetached);
        foreach (TestIdentity identity in signing.Signers)
        {
            using X509Certificate2 certificate = identity.ToX509Certificate2();
            var signer = new CmsSigner(certificate)
            {
                IncludeOption = X509IncludeOption.EndCertOnly,
                DigestAlgorithm = new Oid(signing.Scheme.Digest!.Oid),
                SignerIdentifierType = Identifier(signing.KeyIdentifier),
                SignaturePadding = !identity.Certificate.PublicKey.IsRsa ? null : signing.Scheme.Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1,
            };
            if (signing.Attributes)
            {
                signer.SignedAttributes.Add(new Pkcs9SigningTime(SigningCase.SigningTime.UtcDateTime));
            }

            cms.ComputeSignature(signer, silent: true);
        }

        return cms.Encode();
    }

    public byte[] Encrypt(EnvelopeCase envelope, byte[] content)
    {
        var cms = new EnvelopedCms(new ContentInfo(content), new AlgorithmIdentifier(new Oid(envelope.Cipher.Oid), envelope.IsRc2 ? envelope.Cipher.KeySize * 8 : 0));
        RSAEncryptionPadding padding = envelope.Scheme.OaepParameters is { } oaep
            ? RSAEncryptionPadding.CreateOaep(new HashAlgorithmName(oaep.Digest.Name.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal)))
            : RSAEncryptionPadding.Pkcs1;
        var recipients = new CmsRecipientCollection();
        foreach (TestIdentity recipient in envelope.Several ? [Recipients.Other, envelope.Recipient] : new[] { envelope.Recipient })
        {
            recipients.Add(new CmsRecipient(Identifier(envelope.KeyIdentifier), recipient.Certificate.ToX509Certificate2(), padding));
        }

        cms.Encrypt(recipients);
        return cms.Encode();
    }

    public string? FindObjection(byte[] message, Certificate certificate)
    {
        try
        {
            var cms = new SignedCms();
            cms.Decode(message);
            return cms.Certificates.Any(c => c.RawData.AsSpan().SequenceEqual(certificate.RawData.Span)) ? null : "the certificate is missing";
        }
        catch (CryptographicException e)
        {
            return e.Message;
        }
    }

    public byte[] WriteCertificate(TestIdentity identity)
    {
        using X509Certificate2 certificate = identity.Certificate.ToX509Certificate2();
        return new X509Certificate2Collection(certificate).Export(X509ContentType.Pkcs7)!;
    }

    private static SubjectIdentifierType Identifier(bool byKeyIdentifier) =>
        byKeyIdentifier ? SubjectIdentifierType.SubjectKeyIdentifier : SubjectIdentifierType.IssuerAndSerialNumber;

    private static bool Names(RecipientInfo info, X509Certificate2 certificate) => info.RecipientIdentifier.Value switch
    {
        System.Security.Cryptography.Xml.X509IssuerSerial issuer => issuer.SerialNumber == certificate.SerialNumber,
        string identifier => certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifier == identifier,
        _ => false,
    };
}
