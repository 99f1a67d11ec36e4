using System.Diagnostics;

namespace SmimeKit.TestKit.Remote;

/// <summary>A process that holds private keys: this program, started again. What it answers is all that this one sees of them.</summary>
/// <remarks>One request and one answer a line: words separated by spaces, octets as base64, an empty value as a dash.</remarks>
public sealed class KeyProcess : IAsyncDisposable
{
    public const string Verb = "key-process";

    /// <summary>The answer to what the key cannot open.</summary>
    internal const string Nothing = "nothing";

    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1);

    private KeyProcess(Process process) => _process = process;

    public static KeyProcess Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Verb]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new KeyProcess(Process.Start(start)!);
    }

    /// <summary>Hands a key over for good.</summary>
    public async Task<RemoteKey> TakeAsync(Signing.TestIdentity identity)
    {
        string handle = await AskAsync("take", Encode(identity.Certificate.RawData), Encode(identity.Pkcs8));
        return new RemoteKey(this, handle, identity.Certificate);
    }

    /// <summary>Hands a symmetric key over for good.</summary>
    public async Task<RemoteKeyEncryptionKey> TakeAsync(ReadOnlyMemory<byte> identifier, byte[] key, Certificates.AlgorithmIdentifier algorithm) =>
        new(this, await AskAsync("take-secret", Encode(identifier), Encode(key)), identifier, algorithm);

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">The process failed; the message is its own.</exception>
    internal async Task<string> AskAsync(params IEnumerable<string> words)
    {
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(string.Join(' ', words));
            await _process.StandardInput.FlushAsync();
            string answer = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The key process has ended.");
            return answer.StartsWith('!') ? throw new InvalidOperationException(answer) : answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _turn.Dispose();
    }

    internal static string Encode(ReadOnlyMemory<byte> octets) => octets.IsEmpty ? "-" : Convert.ToBase64String(octets.Span);

    internal static byte[] Decode(string word) => word == "-" ? [] : Convert.FromBase64String(word);
}
