using System.Formats.Asn1;
using System.Globalization;
using SmimeKit.Certificates;
using SmimeKit.Cms.Recipients;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.TestKit.Remote;

/// <summary>What the process of <see cref="KeyProcess"/> does.</summary>
public static class KeyServer
{
    /// <summary>Answers until the input ends.</summary>
    public static async Task<int> RunAsync(TextReader input, TextWriter output)
    {
        var keys = new List<TestIdentity>();
        var secrets = new List<KeyEncryptionKey>();
        while (await input.ReadLineAsync() is { } line)
        {
            string answer;
            try
            {
                answer = await AnswerAsync(line.Split(' '), keys, secrets);
            }
            catch (Exception e) when (e is SmimeKitException or ArgumentException or FormatException)
            {
                answer = "! " + e.Message.ReplaceLineEndings(" ");
            }

            await output.WriteLineAsync(answer);
            await output.FlushAsync();
        }

        return 0;
    }

    private static async Task<string> AnswerAsync(string[] words, List<TestIdentity> keys, List<KeyEncryptionKey> secrets) => words switch
    {
        ["take", var certificate, var key] => Take(keys, new TestIdentity(Certificate.Decode(Octets(certificate)), Octets(key))),
        ["take-secret", var identifier, var key] => Take(secrets, new KeyEncryptionKey(Octets(identifier), Octets(key))),
        ["sign", var handle, var scheme, var digest, var message] => Text(await Of(keys, handle).SignAsync(Scheme(scheme, digest), Octets(message))),
        ["decrypt", var handle, var key, var size, .. var scheme] =>
            Text(await Of(keys, handle).DecryptionKey.DecryptAsync(Transport(scheme), Octets(key), Number(size))),
        ["agree", var handle, var other] => Text(await Of(keys, handle).DecryptionKey.AgreeAsync(SubjectPublicKeyInfo.Decode(Octets(other)))),
        ["decapsulate", var handle, var ciphertext, .. var scheme] =>
            Text(await Of(keys, handle).DecryptionKey.DecapsulateAsync(Encapsulation(scheme), Octets(ciphertext))),
        ["wrap", var handle, var key] => Text(await Of(secrets, handle).WrapAsync(Octets(key))),
        ["unwrap", var handle, var algorithm, var key] => Text(await Of(secrets, handle).UnwrapAsync(Identifier(algorithm), Octets(key))),
        _ => "! " + words[0],
    };

    private static string Take<TKey>(List<TKey> keys, TKey key)
    {
        keys.Add(key);
        return (keys.Count - 1).ToString(CultureInfo.InvariantCulture);
    }

    private static TKey Of<TKey>(List<TKey> keys, string handle) => keys[Number(handle)];

    private static SignatureAlgorithm Scheme(string identifier, string digest) =>
        SignatureAlgorithm.Resolve(Identifier(identifier), DigestAlgorithm.Find(digest)) ?? throw new FormatException(identifier);

    private static KeyTransportScheme Transport(string[] words) => words is [var digest, var mgf, var label]
        ? new KeyTransportScheme.Oaep(DigestAlgorithm.Find(digest)!, DigestAlgorithm.Find(mgf)!, Octets(label))
        : new KeyTransportScheme.Pkcs1();

    private static KeyEncapsulationScheme Encapsulation(string[] words) => words is [var digest, var size]
        ? new KeyEncapsulationScheme.Rsa(DigestAlgorithm.Find(digest)!, Number(size))
        : new KeyEncapsulationScheme.MLKem(MLKemParameterSet.Find(words[0])!);

    private static AlgorithmIdentifier Identifier(string word)
    {
        AsnReader fields = new AsnReader(Octets(word), AsnEncodingRules.DER).ReadSequence();
        string oid = fields.ReadObjectIdentifier();
        return new AlgorithmIdentifier(oid, fields.HasData ? fields.ReadEncodedValue() : default);
    }

    private static byte[] Octets(string word) => KeyProcess.Decode(word);

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static string Text(byte[]? octets) => octets is null ? KeyProcess.Nothing : KeyProcess.Encode(octets);
}
