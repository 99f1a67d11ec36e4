using System.Security.Cryptography;
using SmimeKit.Certificates;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>A private key in another process, <c>openssl pkeyutl</c>: this one sees public keys and secrets only.</summary>
internal sealed class RemoteDecryptionKey(Certificate certificate, byte[] pkcs8) : IDecryptionKey
{
    public Certificate Certificate => certificate;

    /// <summary>Gets how often the key was used.</summary>
    public int Operations { get; private set; }

    public ValueTask<byte[]?> DecryptAsync(
        KeyTransportScheme scheme, ReadOnlyMemory<byte> encryptedKey, int keySize, CancellationToken cancellationToken = default) =>
        throw new UnsupportedAlgorithmException(certificate.PublicKey.Algorithm.Oid, "The key agrees only.");

    public async ValueTask<byte[]?> AgreeAsync(SubjectPublicKeyInfo otherParty, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        Operations++;
        string folder = Directory.CreateTempSubdirectory("smimekit-").FullName;
        try
        {
            string own = Path.Combine(folder, "own.pem");
            string other = Path.Combine(folder, "other.pem");
            string secret = Path.Combine(folder, "secret");
            await File.WriteAllTextAsync(own, PemEncoding.WriteString("PRIVATE KEY", pkcs8), cancellationToken);
            await File.WriteAllTextAsync(other, PemEncoding.WriteString("PUBLIC KEY", otherParty.RawData.Span), cancellationToken);
            PeerResult result = Peer.OpenSsl.Run(["pkeyutl", "-derive", "-inkey", own, "-peerkey", other, "-out", secret]);
            return result.ExitCode == 0 ? Pad(await File.ReadAllBytesAsync(secret, cancellationToken)) : null;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // R2631-2.1.1-a: OpenSSL leaves out the leading zeros of a Diffie-Hellman secret, of which one in 256 has some.
    private byte[] Pad(byte[] secret) =>
        certificate.PublicKey.IsDiffieHellman ? [.. new byte[((certificate.PublicKey.KeySize + 7) / 8) - secret.Length], .. secret] : secret;
}
