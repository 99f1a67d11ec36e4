using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeKit.Certificates;

/// <summary>The private keys of ML-KEM inside PKCS #8, RFC 9935 §6: a <see cref="SeededPrivateKey"/> with a seed of 64 octets.</summary>
internal static class MLKemKeys
{
    internal const int SeedSize = 64;

    /// <inheritdoc cref="SeededPrivateKey.Decode"/>
    internal static byte[] Decode(MLKemParameterSet set, ReadOnlyMemory<byte> privateKey) => SeededPrivateKey.Decode(
        privateKey, SeedSize, seed => Open(set, seed).WithPreferredFormat(MLKemPrivateKeyParameters.Format.EncodingOnly).GetEncoded());

    /// <summary>Makes Bouncy Castle's form of a key from its seed or its expanded form.</summary>
    internal static MLKemPrivateKeyParameters Open(MLKemParameterSet set, byte[] secret) => secret.Length == SeedSize
        ? MLKemPrivateKeyParameters.FromSeed(set.Managed, secret)
        : MLKemPrivateKeyParameters.FromEncoding(set.Managed, secret);
}
