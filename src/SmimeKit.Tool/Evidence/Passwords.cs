using SmimeKit.Tool.Options;

namespace SmimeKit.Tool.Evidence;

/// <summary>The passwords of the command line, to be tried one after the other.</summary>
internal static class Passwords
{
    private const int MaxFileSize = 64 * 1024;

    internal static async Task<IReadOnlyList<string>> ReadAsync(EvidenceChoice choice, CancellationToken cancellationToken)
    {
        var passwords = new List<string>(choice.Passwords);
        foreach (string file in choice.PasswordFiles)
        {
            passwords.Add(await ReadFirstLineAsync(file, cancellationToken).ConfigureAwait(false));
        }

        return passwords;
    }

    private static async Task<string> ReadFirstLineAsync(string path, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(path);
        char[] text = new char[MaxFileSize];
        int count = await reader.ReadBlockAsync(text, cancellationToken).ConfigureAwait(false);
        int end = text.AsSpan(0, count).IndexOfAny('\r', '\n');
        return new string(text, 0, end < 0 ? count : end);
    }
}
