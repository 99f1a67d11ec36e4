using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeKit.Asn1;

namespace SmimeKit.Certificates;

/// <summary>
/// What a file with private keys holds: handles for its keys, and its certificates. PKCS #12; PEM and DER with PKCS #8 (plain or
/// encrypted), PKCS #1 and SEC 1 keys.
/// </summary>
/// <remarks>
/// The handles sign and decrypt but never give the key away. They belong to this object: disposing it ends all of them and wipes what
/// was held in memory. A key is paired with the certificates that hold its public half; every pair makes a handle to sign with and one
/// to decrypt with, and queries choose by the certificate's usage. Nothing is trusted for having been found here.
/// </remarks>
public sealed partial class KeyFile : IDisposable
{
    private KeyFile(
        IReadOnlyList<Certificate> certificates,
        IReadOnlyList<SigningKey> signingKeys,
        IReadOnlyList<DecryptionKey> decryptionKeys,
        IReadOnlyList<KeyFileWarning> warnings)
    {
        Certificates = certificates;
        SigningKeys = signingKeys;
        DecryptionKeys = decryptionKeys;
        Warnings = warnings;
    }

    /// <summary>Gets the certificates of the file, each once, in its order.</summary>
    public IReadOnlyList<Certificate> Certificates { get; }

    /// <summary>Gets the keys to sign with. Their chains are the issuers found in the file.</summary>
    public IReadOnlyList<SigningKey> SigningKeys { get; }

    /// <summary>Gets the keys to decrypt with.</summary>
    public IReadOnlyList<DecryptionKey> DecryptionKeys { get; }

    /// <summary>Gets what is wrong with the file without keeping it from being read.</summary>
    public IReadOnlyList<KeyFileWarning> Warnings { get; }

    /// <summary>Decodes a key file.</summary>
    /// <param name="data">The content; not kept: the caller wipes it.</param>
    /// <param name="password">The password, or null for none.</param>
    /// <param name="certificates">Certificates from elsewhere to pair keys with; or null.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The contents, which the caller disposes; without keys when the file has certificates only.</returns>
    /// <exception cref="StoreException">
    /// The password is wrong (<c>wrong-password</c>; a damaged file looks the same), or there is none (<c>password-required</c>), or a
    /// PKCS #12 file has no MAC (<c>no-mac</c>).
    /// </exception>
    /// <exception cref="MalformedDataException">The content has none of the forms, or breaks its form.</exception>
    /// <exception cref="LimitExceededException">The file is too large, holds too many objects, or costs too much to open.</exception>
    /// <exception cref="UnsupportedAlgorithmException">The file is protected in a way that is not implemented.</exception>
    public static KeyFile Decode(
        ReadOnlyMemory<byte> data,
        string? password = null,
        IEnumerable<Certificate>? certificates = null,
        KeyFileOptions? options = null)
    {
        using KeyFileContents contents = ReadContents(data, password, options ?? KeyFileOptions.Default);
        return Pair(contents, certificates ?? []);
    }

    private static KeyFileContents ReadContents(ReadOnlyMemory<byte> data, string? password, KeyFileOptions options)
    {
        var contents = new KeyFileContents(options.Limits);
        try
        {
            Read(data, password, options, contents);
            return contents;
        }
        catch
        {
            contents.Dispose();
            throw;
        }
    }

    private static void Read(ReadOnlyMemory<byte> data, string? password, KeyFileOptions options, KeyFileContents contents)
    {
        var budget = new KdfBudget(options.Limits.MaxKdfIterations);
        List<FileBlock> blocks = FileBlock.Split(data, options.Limits);
        if (!blocks.Exists(b => b.Content != FileContent.Unknown))
        {
            throw new MalformedDataException("no-key-file", "The file holds neither keys nor certificates");
        }

        foreach (FileBlock block in blocks)
        {
            Read(block, password, options, budget, contents);
        }
    }

    /// <summary>Reads a key file from a stream.</summary>
    /// <param name="stream">The stream, read to its end and left open.</param>
    /// <param name="password">The password, or null for none.</param>
    /// <param name="certificates">Certificates from elsewhere to pair keys with; or null.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The contents, which the caller disposes.</returns>
    /// <inheritdoc cref="Decode" path="/exception"/>
    public static async Task<KeyFile> ReadAsync(
        Stream stream,
        string? password = null,
        IEnumerable<Certificate>? certificates = null,
        KeyFileOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        int limit = (options ?? KeyFileOptions.Default).Limits.MaxFileSize;
        return DecodeAndWipe(
            await BoundedInput.ReadAsync(stream, limit, cancellationToken).ConfigureAwait(false), password, certificates, options);
    }

    /// <summary>Reads a key file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="password">The password, or null for none.</param>
    /// <param name="certificates">Certificates from elsewhere to pair keys with; or null.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The contents, which the caller disposes.</returns>
    /// <exception cref="StoreException">The file cannot be read (<c>file-unreadable</c>).</exception>
    /// <inheritdoc cref="Decode" path="/exception"/>
    public static async Task<KeyFile> ReadAsync(
        string path,
        string? password = null,
        IEnumerable<Certificate>? certificates = null,
        KeyFileOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        int limit = (options ?? KeyFileOptions.Default).Limits.MaxFileSize;
        return DecodeAndWipe(
            await BoundedInput.ReadAsync(path, limit, cancellationToken).ConfigureAwait(false), password, certificates, options);
    }

    /// <summary>Disposes all handles.</summary>
    public void Dispose()
    {
        DisposeAll(SigningKeys);
        DisposeAll(DecryptionKeys);
    }

    private static KeyFile DecodeAndWipe(byte[] data, string? password, IEnumerable<Certificate>? certificates, KeyFileOptions? options)
    {
        try
        {
            return Decode(data, password, certificates, options);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(data);
        }
    }

    private static void Read(FileBlock block, string? password, KeyFileOptions options, KdfBudget budget, KeyFileContents contents)
    {
        switch (block.Content)
        {
            case FileContent.Pkcs12:
                new Pkcs12Reader(options, budget, contents).Read(block.Data, password);
                break;
            case FileContent.EncryptedPkcs8:
                AddDecrypted(contents, DecryptPkcs8(block.Data, password, budget, contents), PrivateKeyMaterial.FromPkcs8);
                break;
            case FileContent.Pkcs8:
                contents.Add(PrivateKeyMaterial.FromPkcs8(block.Data));
                break;
            case FileContent.RsaPrivateKey:
                AddLegacy(block, password, contents, PrivateKeyMaterial.FromRsaPrivateKey);
                break;
            case FileContent.EcPrivateKey:
                AddLegacy(block, password, contents, PrivateKeyMaterial.FromEcPrivateKey);
                break;
            default:
                var found = new List<Certificate>();
                CertificateFile.AddTo(found, block, options.Limits);
                found.ForEach(contents.Add);
                break;
        }
    }

    private static void AddLegacy(
        FileBlock block, string? password, KeyFileContents contents, Func<ReadOnlyMemory<byte>, PrivateKeyMaterial> decode)
    {
        if (!LegacyPemKey.IsEncrypted(block.Headers))
        {
            contents.Add(decode(block.Data));
            return;
        }

        contents.Warn("weak-encryption", "The key is encrypted with a password that is hashed once with MD5.");
        using FilePassword reading = FilePassword.Create(password ?? throw PasswordRequired());
        AddDecrypted(contents, LegacyPemKey.Decrypt(block.Headers, block.Data.Span, reading), decode);
    }

    private static byte[]? DecryptPkcs8(ReadOnlyMemory<byte> data, string? password, KdfBudget budget, KeyFileContents contents)
    {
        (AlgorithmIdentifier scheme, byte[] encrypted) = Der.Decode(data, "encryptedPrivateKeyInfo", ReadEncrypted, AsnEncodingRules.BER);
        contents.WarnOfWeakness(scheme);
        using FilePassword reading = FilePassword.Create(password ?? throw PasswordRequired());
        return PasswordEncryption.Decrypt(scheme, encrypted, reading, budget);
    }

    private static (AlgorithmIdentifier Scheme, byte[] Encrypted) ReadEncrypted(AsnReader reader)
    {
        AsnReader fields = reader.ReadSequence();
        AlgorithmIdentifier scheme = AlgorithmIdentifier.Decode(fields);
        byte[] encrypted = fields.ReadOctetString();
        fields.ThrowIfNotEmpty();
        return (scheme, encrypted);
    }

    // One wrong password in 256 leaves octets whose padding looks right; those are no key.
    private static void AddDecrypted(KeyFileContents contents, byte[]? decrypted, Func<ReadOnlyMemory<byte>, PrivateKeyMaterial> decode)
    {
        try
        {
            contents.Add(decode(decrypted ?? throw WrongPassword()));
        }
        catch (MalformedDataException)
        {
            throw WrongPassword();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decrypted);
        }
    }

    private static StoreException PasswordRequired() => new("password-required", "The key file needs a password.");

    private static StoreException WrongPassword() =>
        new("wrong-password", "The password of the key file is wrong, or the file is damaged.");

    private static KeyFile Pair(KeyFileContents contents, IEnumerable<Certificate> others)
    {
        var signingKeys = new List<SigningKey>();
        var decryptionKeys = new List<DecryptionKey>();
        try
        {
            Certificate[] all = [.. contents.Certificates.Concat(others).Distinct()];
            ILookup<ReadOnlyMemory<byte>, Certificate> byKey = all.ToLookup(
                c => (ReadOnlyMemory<byte>)PublicKeyMatch.Normalize(c.PublicKey), OctetComparer.Instance);
            ILookup<DistinguishedName, Certificate> bySubject = all.ToLookup(c => c.Subject);
            foreach ((byte[] publicKey, PrivateKeyMaterial key) in contents.TakeUsableKeys())
            {
                foreach (Certificate certificate in byKey[publicKey])
                {
                    if (key.CanSign)
                    {
                        signingKeys.Add(SigningKey.FromMaterial(certificate, key, IssuerChain.Find(certificate, bySubject)));
                    }

                    if (key.CanDecrypt)
                    {
                        decryptionKeys.Add(DecryptionKey.FromMaterial(certificate, key));
                    }
                }

                if (!byKey.Contains(publicKey))
                {
                    contents.Warn("key-without-certificate", "A private key has no certificate and is left out.");
                }
            }

            return new KeyFile(contents.Certificates, signingKeys, decryptionKeys, [.. contents.Warnings]);
        }
        catch
        {
            DisposeAll(signingKeys);
            DisposeAll(decryptionKeys);
            throw;
        }
    }

    private static void DisposeAll(IEnumerable<IDisposable> handles)
    {
        foreach (IDisposable handle in handles)
        {
            handle.Dispose();
        }
    }
}
