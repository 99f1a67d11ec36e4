using System.Security.Cryptography;
using System.Text;
using SmimeKit.Certificates.Tests.Keys;
using SmimeKit.TestKit;

namespace SmimeKit.Certificates.Tests.Algorithms;

/// <summary>Published keys, and certificates made around them.</summary>
internal static class KeyVectors
{
    /// <summary>A certificate for any public key, signed by a stranger.</summary>
    internal static Certificate CertificateFor(byte[] subjectPublicKeyInfo) =>
        KeyCertificates.For(SubjectPublicKeyInfo.Decode(subjectPublicKeyInfo));

    /// <summary>The first block of a PEM file with a label that ends so.</summary>
    internal static byte[] Pem(string path, string label)
    {
        string text = Encoding.ASCII.GetString(Vectors.Read(path));
        for (int start = 0; PemEncoding.TryFind(text.AsSpan(start), out PemFields fields);)
        {
            if (text.AsSpan(start)[fields.Label].EndsWith(label, StringComparison.Ordinal))
            {
                return Convert.FromBase64String(text.AsSpan(start)[fields.Base64Data].ToString());
            }

            start += fields.Location.End.Value;
        }

        throw new InvalidOperationException($"{path} has no {label}.");
    }
}
