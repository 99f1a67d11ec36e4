using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>Reads PKCS #12 (RFC 7292) with password integrity and password privacy.</summary>
/// <remarks><code>
/// PFX ::= SEQUENCE {
///     version   INTEGER (3),
///     authSafe  ContentInfo,          -- Data: AuthenticatedSafe ::= SEQUENCE OF ContentInfo
///     macData   MacData OPTIONAL }
/// SafeContents ::= SEQUENCE OF SafeBag
/// SafeBag ::= SEQUENCE {
///     bagId          OBJECT IDENTIFIER,
///     bagValue       [0] EXPLICIT ANY,
///     bagAttributes  SET OPTIONAL }
/// </code>
/// The whole file is BER: NSS and others write indefinite lengths.
/// </remarks>
internal sealed class Pkcs12Reader
{
    private const int MaxNesting = 8; // SafeContents bags hold SafeContents

    private readonly KeyFileOptions _options;
    private readonly KdfBudget _budget;
    private readonly KeyFileContents _contents;
    private int _bags;

    internal Pkcs12Reader(KeyFileOptions options, KdfBudget budget, KeyFileContents contents)
    {
        _options = options;
        _budget = budget;
        _contents = contents;
    }

    internal void Read(ReadOnlyMemory<byte> pfx, string? password)
    {
        (byte[] content, Pkcs12Mac? mac) = Der.Decode(pfx, "pfx", ReadPfx, AsnEncodingRules.BER);
        IReadOnlyList<FilePassword> readings = FilePassword.Readings(password);
        try
        {
            FilePassword reading = Authenticate(content, mac, readings, password);
            Der.Decode(content, "authSafe", r => ReadAuthenticatedSafe(r, reading), AsnEncodingRules.BER);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content); // a safe that is not encrypted may hold keys
            foreach (FilePassword reading in readings)
            {
                reading.Dispose();
            }
        }
    }

    private (byte[] Content, Pkcs12Mac? Mac) ReadPfx(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        if (!fields.TryReadInt32(out int version) || version != 3)
        {
            throw new AsnContentException();
        }

        (string type, AsnReader content) = ReadContentInfo(fields);
        if (type == Oids.SignedData)
        {
            throw new UnsupportedAlgorithmException(type, "PKCS #12 files that are signed instead of authenticated are not supported.");
        }

        byte[] authSafe = type == Oids.Data ? content.ReadOctetString() : throw new AsnContentException();
        Pkcs12Mac? mac = fields.HasData ? Pkcs12Mac.Decode(fields, _budget) : null;
        fields.ThrowIfNotEmpty();
        return (authSafe, mac);
    }

    private FilePassword Authenticate(byte[] content, Pkcs12Mac? mac, IReadOnlyList<FilePassword> readings, string? password)
    {
        if (mac is null)
        {
            if (!_options.AllowMissingMac)
            {
                throw new StoreException("no-mac", "The PKCS #12 file has no MAC: anyone can have changed it.");
            }

            _contents.Warn("no-mac", "The file has no MAC: anyone can have changed it.");
            return readings[0];
        }

        if (mac.IsWeak)
        {
            _contents.Warn("weak-mac", "The integrity of the file rests on SHA-1.");
        }

        return readings.FirstOrDefault(r => mac.Verify(content, r)) ?? throw WrongPassword(password);
    }

    private bool ReadAuthenticatedSafe(AsnReader reader, FilePassword password)
    {
        AsnReader safes = reader.ReadSequence();
        while (safes.HasData)
        {
            (string type, AsnReader content) = ReadContentInfo(safes);
            switch (type)
            {
                case Oids.Data:
                    ReadSafe(content.ReadOctetString(), password);
                    break;
                case Oids.EncryptedData:
                    ReadSafe(DecryptSafe(content, password), password);
                    break;
                default:
                    throw new UnsupportedAlgorithmException(type, "This protection of a PKCS #12 safe is not supported.");
            }
        }

        return true;
    }

    // EncryptedData ::= SEQUENCE { version INTEGER, encryptedContentInfo SEQUENCE { contentType OBJECT IDENTIFIER,
    //     contentEncryptionAlgorithm AlgorithmIdentifier, encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL } }
    private byte[] DecryptSafe(AsnReader content, FilePassword password)
    {
        AsnReader encryptedData = content.ReadSequence();
        encryptedData.ReadIntegerBytes();
        AsnReader info = encryptedData.ReadSequence();
        info.ReadObjectIdentifier();
        AlgorithmIdentifier scheme = AlgorithmIdentifier.Decode(info);
        return Decrypt(scheme, info.ReadOctetString(Der.Context(0, constructed: false)), password);
    }

    private void ReadSafe(byte[] safeContents, FilePassword password)
    {
        try
        {
            ReadBags(new AsnReader(safeContents, AsnEncodingRules.BER), password, depth: 0);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(safeContents);
        }
    }

    private void ReadBags(AsnReader reader, FilePassword password, int depth)
    {
        AsnReader bags = reader.ReadSequence();
        while (bags.HasData)
        {
            if (++_bags > _options.Limits.MaxBags)
            {
                throw new LimitExceededException(nameof(FileLimits.MaxBags), _options.Limits.MaxBags);
            }

            AsnReader bag = bags.ReadSequence();
            string type = bag.ReadObjectIdentifier();
            AsnReader value = bag.ReadSequence(Der.Context(0));
            ReadBag(type, value, password, depth);
        }
    }

    private void ReadBag(string type, AsnReader value, FilePassword password, int depth)
    {
        switch (type)
        {
            case Oids.KeyBag:
                _contents.Add(PrivateKeyMaterial.FromPkcs8(value.ReadEncodedValue()));
                break;
            case Oids.ShroudedKeyBag:
                AddShroudedKey(value.ReadSequence(), password);
                break;
            case Oids.CertBag:
                AddCertificate(value.ReadSequence());
                break;
            case Oids.SafeContentsBag when depth >= MaxNesting:
                throw new LimitExceededException(nameof(MaxNesting), MaxNesting);
            case Oids.SafeContentsBag:
                ReadBags(value, password, depth + 1);
                break;
            default:
                break; // CRLs, secrets and what others invent: not asked for
        }
    }

    // EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING }
    private void AddShroudedKey(AsnReader encryptedKey, FilePassword password)
    {
        AlgorithmIdentifier scheme = AlgorithmIdentifier.Decode(encryptedKey);
        byte[] pkcs8 = Decrypt(scheme, encryptedKey.ReadOctetString(), password);
        try
        {
            _contents.Add(PrivateKeyMaterial.FromPkcs8(pkcs8));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    // CertBag ::= SEQUENCE { certId OBJECT IDENTIFIER, certValue [0] EXPLICIT OCTET STRING }
    private void AddCertificate(AsnReader bag)
    {
        if (bag.ReadObjectIdentifier() == Oids.X509CertificateBag)
        {
            _contents.Add(Certificate.Decode(bag.ReadSequence(Der.Context(0)).ReadOctetString()));
        }
    }

    private byte[] Decrypt(AlgorithmIdentifier scheme, byte[] encrypted, FilePassword password)
    {
        _contents.WarnOfWeakness(scheme);
        return PasswordEncryption.Decrypt(scheme, encrypted, password, _budget) ?? throw WrongPassword("");
    }

    private static StoreException WrongPassword(string? password) => password is null
        ? new StoreException("password-required", "The key file needs a password.")
        : new StoreException("wrong-password", "The password of the key file is wrong, or the file is damaged.");

    private static (string Type, AsnReader Content) ReadContentInfo(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        string type = fields.ReadObjectIdentifier();
        return (type, fields.ReadSequence(Der.Context(0)));
    }
}
