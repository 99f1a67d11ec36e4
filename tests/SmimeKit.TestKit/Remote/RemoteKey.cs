using SmimeKit.Certificates;

namespace SmimeKit.TestKit.Remote;

/// <summary>A private key in another process: asynchronous, and there is no way to export it.</summary>
public sealed class RemoteKey : ISigningKey, IDecryptionKey
{
    private readonly KeyProcess _process;
    private readonly string _handle;

    internal RemoteKey(KeyProcess process, string handle, Certificate certificate)
    {
        (_process, _handle, Certificate) = (process, handle, certificate);
    }

    public Certificate Certificate { get; }

    public IReadOnlyList<Certificate> Chain => [];

    /// <summary>Gets how often the key was used.</summary>
    public int Operations { get; private set; }

    public async ValueTask<byte[]> SignAsync(SignatureAlgorithm algorithm, ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default) =>
        (await AskAsync("sign", KeyProcess.Encode(algorithm.Identifier.Encode()), algorithm.Digest?.Oid ?? "-", KeyProcess.Encode(input)))!;

    public async ValueTask<byte[]?> DecryptAsync(
        KeyTransportScheme scheme, ReadOnlyMemory<byte> encryptedKey, int keySize, CancellationToken cancellationToken = default) =>
        await AskAsync("decrypt", KeyProcess.Encode(encryptedKey), $"{keySize}", Describe(scheme));

    public async ValueTask<byte[]?> AgreeAsync(SubjectPublicKeyInfo otherParty, CancellationToken cancellationToken = default) =>
        await AskAsync("agree", KeyProcess.Encode(otherParty.RawData));

    public async ValueTask<byte[]?> DecapsulateAsync(
        KeyEncapsulationScheme scheme, ReadOnlyMemory<byte> ciphertext, CancellationToken cancellationToken = default) =>
        await AskAsync("decapsulate", KeyProcess.Encode(ciphertext), Describe(scheme));

    private async Task<byte[]?> AskAsync(string operation, params IEnumerable<string> words)
    {
        Operations++;
        string answer = await _process.AskAsync([operation, _handle, .. words]);
        return answer == KeyProcess.Nothing ? null : KeyProcess.Decode(answer);
    }

    private static string Describe(KeyTransportScheme scheme) => scheme is KeyTransportScheme.Oaep oaep
        ? $"{oaep.Digest.Oid} {oaep.MgfDigest.Oid} {KeyProcess.Encode(oaep.Label)}"
        : "pkcs1";

    private static string Describe(KeyEncapsulationScheme scheme) => scheme is KeyEncapsulationScheme.Rsa rsa
        ? $"{rsa.Digest.Oid} {rsa.SecretSize}"
        : ((KeyEncapsulationScheme.MLKem)scheme).ParameterSet.Oid;
}
