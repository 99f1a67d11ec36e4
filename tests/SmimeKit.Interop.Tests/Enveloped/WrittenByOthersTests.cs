using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using SmimeKit.Certificates;
using SmimeKit.Cms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Streaming;
using SmimeKit.Cms.Types;
using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit.Messages;
using BouncyAlgorithm = Org.BouncyCastle.Asn1.X509.AlgorithmIdentifier;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>Every case of <see cref="EnvelopeMatrix"/> that a foreign implementation can make.</summary>
public sealed class WrittenByOthersTests(ForeignPeers peers)
{
    public static TheoryData<string, string> Cases { get; } = Exchange.Encrypted;

    public static TheoryData<string, string> LegacyCases { get; } = [.. Exchange.Encrypted.Where(r => EnvelopeMatrix.Named(r.Data.Item2).NeedsLegacyPolicy)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void MessageOfPeer_IsWhatItsCaseSays_AndDecrypted(string peer, string name)
    {
        EnvelopeCase envelope = EnvelopeMatrix.Named(name);
        byte[] message = peers[peer].Encrypt(envelope, EnvelopeCase.Content);

        DecryptionReport report = Open(message, envelope, envelope.Policy);

        Assert.Equal(envelope.Cipher, report.Algorithm);
        Assert.Equal(envelope.KeyIdentifier, report.Recipient.Identifier is SubjectKeyIdentifier);
        AssertScheme(envelope.Scheme, report.Recipient.KeyEncryptionAlgorithm!);
        bool wrapsWeakly = peer == "mimekit" && envelope.Scheme.IsEcdh && envelope.Cipher.KeySize > 16; // always AES-128 key wrap
        Assert.Equal(envelope.IsWeak ? ["weak-cipher"] : wrapsWeakly ? ["weak-key-wrap"] : [], report.Weaknesses);
        bool hasOldVersion = peer == "bc-java" && envelope.Scheme.PasswordDigest is not null && !envelope.Cipher.IsAuthenticated; // not 3 (RFC 5652 §6.1)
        Assert.Equal(
            envelope.Scheme.IsEcdh && peer is "bouncycastle" or "mimekit" ? ["shared-info-parameters-null"] : hasOldVersion ? ["version"] : [],
            report.Deviations);
    }

    [Theory]
    [MemberData(nameof(LegacyCases))]
    public void MessageOfPeer_WithACipherForArchives_IsRefusedByDefault(string peer, string name)
    {
        EnvelopeCase envelope = EnvelopeMatrix.Named(name);
        byte[] message = peers[peer].Encrypt(envelope, EnvelopeCase.Content);
        Assert.Throws<PolicyViolationException>(() => Open(message, envelope, CmsPolicy.Default));
    }

    private static DecryptionReport Open(byte[] message, EnvelopeCase envelope, CmsPolicy policy)
    {
        DecryptionKey key = envelope.Recipient.DecryptionKey;
        using var reader = (EncryptedContentReader)CmsReader.Open(new MemoryStream(message), new CmsReaderOptions { Policy = policy });
        Assert.Equal(envelope.Several ? 2 : 1, reader.Recipients.Count);
        using RecipientPassword password = new(RecipientRow.Password);
        using KeyEncryptionKey kek = new(RecipientRow.KeyIdentifier, envelope.KeyEncryptionKey);
        RecipientKeys keys = envelope.Scheme.IsSymmetric
            ? new RecipientKeys { KeyEncryptionKeys = [kek], Passwords = [password] }
            : new RecipientKeys { PrivateKeys = [key] };
        reader.Decrypt(keys, new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        using var content = new MemoryStream();
        reader.Content.CopyTo(content);
        DecryptionReport report = reader.Complete();
        Assert.Equal(EnvelopeCase.Content, content.ToArray());
        return report;
    }

    private static void AssertScheme(RecipientRow scheme, AlgorithmIdentifier identifier)
    {
        if (scheme.IsSymmetric)
        {
            Assert.Contains(identifier.Oid, (string[])["2.16.840.1.101.3.4.1.5", "2.16.840.1.101.3.4.1.25", "2.16.840.1.101.3.4.1.45", "1.2.840.113549.1.9.16.3.9"]);
            return;
        }

        string expected = scheme.Derivation is { } digest ? EcdhOid(digest) : scheme.IsOaep ? "1.2.840.113549.1.1.7" : "1.2.840.113549.1.1.1";
        Assert.Equal(expected, identifier.Oid);
        if (scheme.OaepParameters is { } oaep)
        {
            var parameters = RsaesOaepParameters.GetInstance(Asn1Object.FromByteArray(identifier.Parameters.ToArray()));
            Assert.Equal(oaep.Digest.Oid, parameters.HashAlgorithm.Algorithm.Id);
            Assert.Equal(oaep.MgfDigest.Oid, BouncyAlgorithm.GetInstance(parameters.MaskGenAlgorithm.Parameters).Algorithm.Id);
            Assert.Equal(oaep.Label.ToArray(), Asn1OctetString.GetInstance(parameters.PSourceAlgorithm.Parameters).GetOctets());
        }
    }

    private static string EcdhOid(DigestAlgorithm digest) => digest.Name switch
    {
        "sha-1" => "1.3.133.16.840.63.0.2",
        "sha-256" => "1.3.132.1.11.1",
        "sha-384" => "1.3.132.1.11.2",
        _ => "1.3.132.1.11.3",
    };
}
