using System.Formats.Asn1;
using SmimeKit.Asn1;
using SmimeKit.Certificates;
using SmimeKit.Cms.Algorithms;
using SmimeKit.Cms.Algorithms.ContentCiphers;
using SmimeKit.Cms.Asn1;
using SmimeKit.Cms.Enveloped;
using SmimeKit.Cms.Recipients;
using SmimeKit.Cms.Types;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>A message put together field by field, so that each of them can be wrong.</summary>
internal sealed class RawEnvelope
{
    internal static readonly byte[] DefaultContent = "A message of more than thirty-two octets."u8.ToArray();

    private RawEnvelope(ContentEncryptionAlgorithm algorithm, byte[] content, byte[]? additionalData)
    {
        ContentEncryption encryption = ContentEncryption.Create(algorithm, content.Length);
        Key = encryption.GenerateKey();
        byte[] ciphertext = new byte[algorithm.CiphertextSize(content.Length)];
        byte[] output = new byte[content.Length + ContentCipher.MaxPadding];
        using ContentCipher cipher = encryption.CreateEncryptor(Key);
        (cipher as AuthenticatingCipher)?.Begin(additionalData ?? [], content.Length);
        cipher.Finish(content, output);
        output.AsSpan(0, ciphertext.Length).CopyTo(ciphertext);
        Ciphertext = ciphertext;
        Cipher = encryption.Identifier;
        IsAuthenticated = algorithm.IsAuthenticated;
        if (IsAuthenticated)
        {
            Mac = new byte[16];
            ((AuthenticatingCipher)cipher).ComputeTag(additionalData ?? [], Mac);
            AuthenticatedAttributes = additionalData is null ? null : [0xA1, .. additionalData.AsSpan(1)];
        }
    }

    internal byte[] Key { get; }

    internal bool IsAuthenticated { get; set; }

    internal int Version { get; set; }

    internal byte[]? Originator { get; set; }

    internal List<byte[]> Recipients { get; } = [];

    internal string ContentType { get; set; } = Oids.Data;

    internal AlgorithmIdentifier Cipher { get; set; }

    internal byte[]? Ciphertext { get; set; }

    internal byte[]? AuthenticatedAttributes { get; set; }

    internal byte[]? Mac { get; set; }

    internal byte[]? LastAttributes { get; set; }

    internal static RawEnvelope Of(ContentEncryptionAlgorithm algorithm, byte[]? content = null, byte[]? additionalData = null) =>
        new(algorithm, content ?? DefaultContent, additionalData);

    internal static byte[] Transport(
        TestIdentity addressed,
        byte[] key,
        TestIdentity? encryptedTo = null,
        KeyTransportScheme? scheme = null,
        bool byKeyIdentifier = false,
        int? version = null,
        Func<byte[], byte[]>? change = null,
        AlgorithmIdentifier? identifier = null)
    {
        scheme ??= new KeyTransportScheme.Pkcs1();
        byte[] encryptedKey = RsaKeyEncryption.Encrypt((encryptedTo ?? addressed).Certificate.PublicKey, scheme, key);
        return Encode(new KeyTransRecipientInfoAsn
        {
            Version = version ?? (byKeyIdentifier ? 2 : 0),
            Rid = byKeyIdentifier ? SubjectKeyIdentifier.Of(addressed.Certificate) : IssuerAndSerialNumber.Of(addressed.Certificate),
            KeyEncryptionAlgorithm = identifier ?? KeyTransport.Encode(scheme),
            EncryptedKey = change?.Invoke(encryptedKey) ?? encryptedKey,
        }.Encode);
    }

    internal static byte[] Encode(Action<AsnWriter> encode)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        encode(writer);
        return writer.Encode();
    }

    internal RawEnvelope To(params byte[][] recipients)
    {
        Recipients.AddRange(recipients);
        return this;
    }

    internal byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.BER, Recipients.Sum(r => r.Length) + 1000); // BER keeps the order of sets
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(IsAuthenticated ? Oids.AuthEnvelopedData : Oids.EnvelopedData);
            using (writer.PushSequence(Der.Context(0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(Version);
                Write(writer, Originator);
                using (writer.PushSetOf())
                {
                    Recipients.ForEach(r => writer.WriteEncodedValue(r));
                }

                WriteContent(writer);
                Write(writer, AuthenticatedAttributes);
                if (Mac is not null)
                {
                    writer.WriteOctetString(Mac);
                }

                Write(writer, LastAttributes);
            }
        }

        return writer.Encode();
    }

    private void WriteContent(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(ContentType);
            writer.WriteAlgorithmIdentifier(Cipher);
            if (Ciphertext is not null)
            {
                writer.WriteOctetString(Ciphertext, Der.Context(0, constructed: false));
            }
        }
    }

    private static void Write(AsnWriter writer, byte[]? encoded)
    {
        if (encoded is not null)
        {
            writer.WriteEncodedValue(encoded);
        }
    }
}
