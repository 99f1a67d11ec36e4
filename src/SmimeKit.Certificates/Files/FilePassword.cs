using System.Security.Cryptography;
using System.Text;

namespace SmimeKit.Certificates;

/// <summary>A password in the forms that key files derive keys from. Wiped when disposed.</summary>
internal sealed class FilePassword : IDisposable
{
    private FilePassword(byte[] bmp, byte[] utf8)
    {
        Bmp = bmp;
        Utf8 = utf8;
    }

    /// <summary>BMPString with its terminator, RFC 7292 B.1; of no octets for a password that is not there at all.</summary>
    internal byte[] Bmp { get; }

    /// <summary>UTF-8 without terminator, RFC 8018 and RFC 9879 §6.</summary>
    internal byte[] Utf8 { get; }

    /// <summary>The readings of a password: an empty one is found in files with and without its terminator.</summary>
    internal static IReadOnlyList<FilePassword> Readings(string? password) => string.IsNullOrEmpty(password)
        ? [new FilePassword([0, 0], []), new FilePassword([], [])]
        : [Create(password)];

    internal static FilePassword Create(string password) =>
        new(Encoding.BigEndianUnicode.GetBytes(password + "\0"), Encoding.UTF8.GetBytes(password));

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(Bmp);
        CryptographicOperations.ZeroMemory(Utf8);
    }
}
