using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Writes PKCS #12: one encrypted safe of certificates, one plain safe of shrouded keys, as every other writer does.</summary>
internal sealed class Pkcs12Writer(FilePassword password, Pkcs12Options options)
{
    private const int SaltSize = 16;
    private const int MacKeySize = 32;

    internal byte[] Write(IReadOnlyList<Pkcs12Entry> keys, IReadOnlyList<Certificate> certificates)
    {
        byte[] authSafe = WriteAuthenticatedSafe(keys, certificates);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(3);
            WriteData(writer, authSafe);
            WriteMacData(writer, authSafe);
        }

        return writer.Encode();
    }

    private byte[] WriteAuthenticatedSafe(IReadOnlyList<Pkcs12Entry> keys, IReadOnlyList<Certificate> certificates)
    {
        Dictionary<Certificate, string?> names = keys.DistinctBy(k => k.Certificate).ToDictionary(k => k.Certificate, k => k.FriendlyName);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteEncrypted(writer, WriteSafe(certificates, (w, c) => WriteCertificateBag(w, c, names)));
            if (keys.Count > 0)
            {
                WriteData(writer, WriteSafe(keys, WriteKeyBag));
            }
        }

        return writer.Encode();
    }

    private static byte[] WriteSafe<T>(IEnumerable<T> items, Action<AsnWriter, T> writeBag)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (T item in items)
            {
                using (writer.PushSequence())
                {
                    writeBag(writer, item);
                }
            }
        }

        return writer.Encode();
    }

    private static void WriteCertificateBag(AsnWriter writer, Certificate certificate, Dictionary<Certificate, string?> names)
    {
        writer.WriteObjectIdentifier(Oids.CertBag);
        using (writer.PushSequence(Der.Context(0)))
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.X509CertificateBag);
            using (writer.PushSequence(Der.Context(0)))
            {
                writer.WriteOctetString(certificate.RawData.Span);
            }
        }

        if (names.TryGetValue(certificate, out string? name))
        {
            WriteAttributes(writer, certificate, name);
        }
    }

    private void WriteKeyBag(AsnWriter writer, Pkcs12Entry key)
    {
        writer.WriteObjectIdentifier(Oids.ShroudedKeyBag);
        using (writer.PushSequence(Der.Context(0)))
        using (writer.PushSequence())
        {
            byte[] encrypted = PasswordEncryption.Encrypt(key.Key.Pkcs8, password, options.Iterations, writer);
            writer.WriteOctetString(encrypted);
        }

        WriteAttributes(writer, key.Certificate, key.FriendlyName);
    }

    // Programs pair a key with its certificate by localKeyId, whose value is free; most write the certificate's SHA-1.
    private static void WriteAttributes(AsnWriter writer, Certificate certificate, string? friendlyName)
    {
        using (writer.PushSetOf())
        {
            WriteAttribute(writer, Oids.LocalKeyId, w => w.WriteOctetString(DigestAlgorithm.Sha1.Hash(certificate.RawData.Span)));
            if (!string.IsNullOrEmpty(friendlyName))
            {
                WriteAttribute(writer, Oids.FriendlyName, w => w.WriteCharacterString(UniversalTagNumber.BMPString, friendlyName));
            }
        }
    }

    private static void WriteAttribute(AsnWriter writer, string type, Action<AsnWriter> writeValue)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            using (writer.PushSetOf())
            {
                writeValue(writer);
            }
        }
    }

    private static void WriteData(AsnWriter writer, byte[] content)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Data);
            using (writer.PushSequence(Der.Context(0)))
            {
                writer.WriteOctetString(content);
            }
        }
    }

    private void WriteEncrypted(AsnWriter writer, byte[] content)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.EncryptedData);
            using (writer.PushSequence(Der.Context(0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Data);
                    byte[] encrypted = PasswordEncryption.Encrypt(content, password, options.Iterations, writer);
                    writer.WriteOctetString(encrypted, Der.Context(0, constructed: false));
                }
            }
        }
    }

    private void WriteMacData(AsnWriter writer, byte[] authSafe)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltSize);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                byte[] mac = options.Integrity == Pkcs12Integrity.Pbmac1
                    ? WritePbmac1(writer, authSafe, salt)
                    : WriteHmac(writer, authSafe, salt);
                writer.WriteOctetString(mac);
            }

            // RFC 9879 §4: PBMAC1 ignores these two, but they are there and look like it.
            writer.WriteOctetString(salt);
            writer.WriteInteger(options.Iterations);
        }
    }

    private byte[] WriteHmac(AsnWriter writer, byte[] authSafe, byte[] salt)
    {
        AlgorithmIdentifier.WithNull(Oids.Sha256).Encode(writer);
        byte[] key = Pkcs12Kdf.Derive(
            Pkcs12Digest.Sha256, password.Bmp, salt, options.Iterations, Pkcs12KdfPurpose.MacKey, Pkcs12Digest.Sha256.Size);
        return Mac(key, authSafe);
    }

    private byte[] WritePbmac1(AsnWriter writer, byte[] authSafe, byte[] salt)
    {
        var kdf = new Pbkdf2Parameters(salt, options.Iterations, MacKeySize, DigestAlgorithm.Sha256);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Pbmac1);
            using (writer.PushSequence())
            {
                kdf.Encode(writer);
                AlgorithmIdentifier.WithNull(Oids.HmacWithSha256).Encode(writer);
            }
        }

        return Mac(kdf.Derive(password.Utf8, MacKeySize, new KdfBudget(options.Iterations)), authSafe);
    }

    private static byte[] Mac(byte[] key, byte[] authSafe)
    {
        try
        {
            return HMACSHA256.HashData(key, authSafe);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
