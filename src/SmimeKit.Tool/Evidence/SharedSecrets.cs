using SmimeKit.Cms.Recipients;
using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Evidence;

/// <summary>What both sides of a message have known since before: symmetric keys and passwords of the command line.</summary>
internal sealed class SharedSecrets : IDisposable
{
    private readonly List<KeyEncryptionKey> _keys = [];
    private readonly List<RecipientPassword> _passwords = [];

    internal SharedSecrets(EvidenceChoice choice)
    {
        try
        {
            _keys.AddRange(choice.SecretKeys.Select(Parse));
            _passwords.AddRange(choice.RecipientPasswords.Select(p => new RecipientPassword(p)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal IReadOnlyList<KeyEncryptionKey> Keys => _keys;

    internal IReadOnlyList<RecipientPassword> Passwords => _passwords;

    public void Dispose()
    {
        _keys.ForEach(k => k.Dispose());
        _passwords.ForEach(p => p.Dispose());
    }

    // hex[:identifier]; without an identifier the key is tried with each entry of its kind.
    private static KeyEncryptionKey Parse(string text)
    {
        string[] parts = text.Split(':');
        try
        {
            byte[] key = Convert.FromHexString(parts[0]);
            byte[] identifier = parts.Length == 1 ? [] : Convert.FromHexString(parts[1]);
            return parts.Length <= 2 ? new KeyEncryptionKey(identifier, key) : throw new FormatException();
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            throw ToolException.Usage("--secret-key takes a key of 16, 24 or 32 octets in hexadecimal digits, and after a colon its identifier.");
        }
    }
}
