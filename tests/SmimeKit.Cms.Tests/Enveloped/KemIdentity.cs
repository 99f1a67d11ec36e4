using System.Security.Cryptography;
using System.Text;
using SmimeKit.Certificates;
using SmimeKit.TestKit;

namespace SmimeKit.Cms.Tests.Enveloped;

/// <summary>A published certificate of an ML-KEM key with its private key.</summary>
internal sealed record KemIdentity(Certificate Certificate, byte[] Pkcs8)
{
    internal static KemIdentity MLKem512 => Lamps("ML-KEM-512");

    internal static KemIdentity MLKem768 => Lamps("ML-KEM-768");

    internal static KemIdentity MLKem1024 => Lamps("ML-KEM-1024");

    internal static KemIdentity Lamps(string name, string form = "both") => Read($"lamps-mlkem/{name}.crt", $"lamps-mlkem/{name}-{form}.priv");

    internal static KemIdentity Read(string certificate, string key) => new(Certificate.Decode(ReadDer(certificate)), ReadDer(key));

    internal DecryptionKey Open() => DecryptionKey.FromPkcs8(Certificate, Pkcs8);

    internal static byte[] ReadDer(string path)
    {
        byte[] file = Vectors.Read(path);
        if (file[0] == 0x30)
        {
            return file;
        }

        string text = Encoding.ASCII.GetString(file);
        return Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]);
    }
}
