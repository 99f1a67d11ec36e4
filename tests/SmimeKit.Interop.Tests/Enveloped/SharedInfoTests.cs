using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Cms;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Interop.Tests.Peers;
using SmimeKit.TestKit.Messages;
using SmimeKit.TestKit.Signing;
using AnyRecipientInfo = Org.BouncyCastle.Asn1.Cms.RecipientInfo;

namespace SmimeKit.Interop.Tests.Enveloped;

/// <summary>
/// Why Bouncy Castle for .NET, and MimeKit with it, opens no ECDH message of ours: one message, of which only the wrapped key changes.
/// </summary>
/// <remarks>
/// The key is wrapped anew under a key derived from another ECC-CMS-SharedInfo. The recipient's own key agrees on the same secret as
/// the sender's, so nothing else of the message is touched. What opens then tells what a reader hashes.
/// </remarks>
public sealed class SharedInfoTests(ForeignPeers peers)
{
    private const string Aes256Wrap = "2.16.840.1.101.3.4.1.45";

    /// <summary>Gets the scheme, whether a ukm is sent, whether it is hashed, and whether NULL parameters of the wrap are hashed.</summary>
    public static MatrixTheoryData<string, bool, bool, bool> Choices { get; } =
        new(["ecdh-p256-sha1", "ecdh-p256-sha256", "ecdh-p384-sha384", "ecdh-p521-sha512"], [false, true], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Choices))]
    [Trait("Requirement", "R5753-7.2-c")]
    [Trait("Requirement", "R3565-2.3.2-a")]
    public void PeerOpens_OnlyWhatIsHashedAsItHashes(string scheme, bool sendsUkm, bool hashesUkm, bool hashesNull)
    {
        TestIdentity recipient = RecipientRow.All.Single(s => s.Name == scheme).Identity!();
        byte[] message = Message(scheme, sendsUkm ? 16 : 0);
        byte[] changed = Rewrap(message, scheme, recipient, sendsUkm && hashesUkm, hashesNull);

        bool correct = !hashesNull && (hashesUkm || !sendsUkm); // RFC 3565 §2.3.2: absent; RFC 5753 §7.2: entityUInfo is the ukm
        bool ofBouncyCastle = hashesNull && !(sendsUkm && hashesUkm);
        Assert.Equal(correct, message.SequenceEqual(changed));
        foreach ((string peer, bool opens) in new[] { ("openssl", correct), ("bouncycastle", ofBouncyCastle), ("mimekit", ofBouncyCastle) })
        {
            string? objection = peers[peer].FindObjection(changed, EnvelopeCase.Content, recipient);
            Assert.True(opens == objection is null, $"{peer}: {objection ?? "opened"}");
        }
    }

    private static byte[] Message(string scheme, int ukmSize)
    {
        RecipientRow chosen = RecipientRow.All.Single(s => s.Name == scheme);
        using var output = new MemoryStream();
        using EnvelopedDataWriter writer = EnvelopedDataWriter.Open(output, new EnvelopedDataWriterOptions
        {
            Recipients = [new CertificateRecipient(chosen.Identity!().Certificate) { KeyDerivationDigest = chosen.Derivation }],
            Algorithm = ContentEncryptionAlgorithm.Aes256Cbc,
            UserKeyingMaterialSize = ukmSize,
        });
        writer.Content.Write(EnvelopeCase.Content);
        writer.Complete();
        return output.ToArray();
    }

    private static byte[] Rewrap(byte[] message, string scheme, TestIdentity recipient, bool hashesUkm, bool hashesNull)
    {
        var kari = KeyAgreeRecipientInfo.GetInstance(
            AnyRecipientInfo.GetInstance(EnvelopedData.GetInstance(ContentInfo.GetInstance(message).Content).RecipientInfos[0]).Info);
        byte[]? ukm = kari.UserKeyingMaterial?.GetOctets();
        byte[] wrapped = RecipientEncryptedKey.GetInstance(kari.RecipientEncryptedKeys[0]).EncryptedKey.GetOctets();
        byte[] secret = Agree(recipient, kari.Originator.OriginatorKey.PublicKey.GetBytes());

        byte[] key = AesWrap(false, Derive(scheme, secret, SharedInfo(ukm, withNull: false)), wrapped);
        byte[] again = AesWrap(true, Derive(scheme, secret, SharedInfo(hashesUkm ? ukm : null, hashesNull)), key);

        byte[] changed = [.. message];
        again.CopyTo(changed, message.AsSpan().IndexOf(wrapped));
        return changed;
    }

    private static byte[] Agree(TestIdentity recipient, byte[] point)
    {
        ECParameters own = ((ECDsa)recipient.Key).ExportParameters(includePrivateParameters: true);
        int size = own.Q.X!.Length;
        using ECDiffieHellman key = ECDiffieHellman.Create(own);
        using ECDiffieHellman ephemeral = ECDiffieHellman.Create(new ECParameters
        {
            Curve = own.Curve,
            Q = new ECPoint { X = point[1..(1 + size)], Y = point[(1 + size)..] },
        });
        return key.DeriveRawSecretAgreement(ephemeral.PublicKey);
    }

    private static byte[] SharedInfo(byte[]? ukm, bool withNull)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Aes256Wrap);
                if (withNull)
                {
                    writer.WriteNull();
                }
            }

            if (ukm is not null)
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    writer.WriteOctetString(ukm);
                }
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
            {
                writer.WriteOctetString([0, 0, 1, 0]);
            }
        }

        return writer.Encode();
    }

    private static byte[] Derive(string scheme, byte[] secret, byte[] sharedInfo)
    {
        string digest = RecipientRow.All.Single(s => s.Name == scheme).Derivation!.Name;
        var kdf = new Kdf2BytesGenerator(Org.BouncyCastle.Security.DigestUtilities.GetDigest(digest));
        kdf.Init(new KdfParameters(secret, sharedInfo));
        byte[] key = new byte[32];
        kdf.GenerateBytes(key, 0, key.Length);
        return key;
    }

    private static byte[] AesWrap(bool forWrapping, byte[] key, byte[] input)
    {
        var engine = new AesWrapEngine();
        engine.Init(forWrapping, new KeyParameter(key));
        return forWrapping ? engine.Wrap(input, 0, input.Length) : engine.Unwrap(input, 0, input.Length);
    }
}
