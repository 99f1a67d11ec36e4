using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeKit.Stores.Sqlite.Protection;

/// <summary>A data key, sealed under a key that Argon2id (RFC 9106) derives from a passphrase.</summary>
internal sealed record WrappedDataKey(KeyDerivationCost Cost, byte[] Salt, byte[] Sealed)
{
    /// <summary>The name under which a file says how its key is derived: Argon2id, version 0x13.</summary>
    internal const string Kdf = "argon2id-19";

    private const int SaltSize = 16;
    private const int SealedSize = DataKey.KeySize + DataKey.Overhead;

    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the parts have the sizes and costs that a store writes; derives nothing.</summary>
    internal bool IsSound => Cost.IsSound && Salt.Length == SaltSize && Sealed.Length == SealedSize;

    internal static WrappedDataKey Wrap(DataKey dataKey, ReadOnlyMemory<char> passphrase, KeyDerivationCost cost)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltSize);
        using DataKey wrappingKey = Derive(passphrase.Span, cost, salt);
        return new WrappedDataKey(cost, salt, dataKey.SealUnder(wrappingKey, AssociatedData(cost, salt)));
    }

    /// <summary>Opens the data key.</summary>
    /// <exception cref="StoreException"><c>wrong-passphrase</c>.</exception>
    internal DataKey Unwrap(ReadOnlyMemory<char> passphrase)
    {
        using DataKey wrappingKey = Derive(passphrase.Span, Cost, Salt);
        if (!wrappingKey.TryOpen(Sealed, AssociatedData(Cost, Salt), out byte[]? octets))
        {
            throw new StoreException("wrong-passphrase", "The passphrase is not the one of the store.");
        }

        try
        {
            return DataKey.From(octets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    /// <summary>Refuses, before any work, a passphrase that cannot be one.</summary>
    internal static void ThrowIfUnusable(ReadOnlyMemory<char> passphrase, string parameterName)
    {
        if (passphrase.IsEmpty)
        {
            throw new ArgumentException("A passphrase must not be empty.", parameterName);
        }

        // Half a surrogate pair has no UTF-8: two passphrases that differ there would be one.
        foreach (Rune rune in passphrase.Span.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar && !passphrase.Span.Contains('\uFFFD'))
            {
                throw new ArgumentException("A passphrase must be well-formed Unicode.", parameterName);
            }
        }
    }

    /// <summary>Derives a key of 256 bits from the UTF-8 form of a passphrase.</summary>
    internal static DataKey Derive(ReadOnlySpan<char> passphrase, KeyDerivationCost cost, byte[] salt)
    {
        byte[] password = GC.AllocateUninitializedArray<byte>(_strictUtf8.GetByteCount(passphrase), pinned: true);
        byte[] derived = GC.AllocateUninitializedArray<byte>(DataKey.KeySize, pinned: true);
        try
        {
            _strictUtf8.GetBytes(passphrase, password);
            var generator = new Argon2BytesGenerator();
            generator.Init(new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
                .WithVersion(Argon2Parameters.Version13)
                .WithMemoryAsKB(cost.MemoryKib)
                .WithIterations(cost.Iterations)
                .WithParallelism(cost.Parallelism)
                .WithSalt(salt)
                .Build());
            generator.GenerateBytes(password, derived);
            return DataKey.From(derived);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(password);
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static byte[] AssociatedData(KeyDerivationCost cost, byte[] salt)
    {
        ReadOnlySpan<byte> label = "SmimeKit data key 1"u8;
        byte[] data = new byte[label.Length + (3 * sizeof(int)) + salt.Length];
        label.CopyTo(data);
        Span<byte> numbers = data.AsSpan(label.Length);
        BinaryPrimitives.WriteInt32BigEndian(numbers, cost.MemoryKib);
        BinaryPrimitives.WriteInt32BigEndian(numbers[4..], cost.Iterations);
        BinaryPrimitives.WriteInt32BigEndian(numbers[8..], cost.Parallelism);
        salt.CopyTo(numbers[12..]);
        return data;
    }
}
