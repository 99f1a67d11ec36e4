using System.Diagnostics;
using System.Security.Cryptography;

namespace SmimeKit.Certificates.Tests.Keys;

/// <summary>R3218-2.3.2-a: what good and bad padding cost is the same, as far as a clock beside the process can tell.</summary>
[Collection(nameof(RsaPkcs1TimingTests))]
[CollectionDefinition(nameof(RsaPkcs1TimingTests), DisableParallelization = true)]
public sealed class RsaPkcs1TimingTests
{
    private const int KeySize = 32;
    private const int Rounds = 1500;
    private const int Attempts = 5;

    [Fact]
    [Trait("Requirement", "R3218-2.3.2-a")]
    [Trait("Requirement", "R3370-4.2.1-d")]
    public void Decrypt_GoodAndBadPadding_RaiseTheSameNumberOfExceptions()
    {
        using RSA rsa = RSA.Create(2048);
        byte[] good = rsa.Encrypt(new byte[KeySize], RSAEncryptionPadding.Pkcs1);
        RsaKeyTransport.DecryptPkcs1(rsa, good, KeySize); // makes the decoy
        byte[] bad = Bad(rsa);
        int onGood = CountExceptions(() => RsaKeyTransport.DecryptPkcs1(rsa, good, KeySize));
        int onBad = CountExceptions(() => RsaKeyTransport.DecryptPkcs1(rsa, bad, KeySize));
        Assert.Equal(onGood, onBad);
    }

    [Fact]
    [Trait("Requirement", "R3218-2.3.2-a")]
    public void Decrypt_GoodAndBadPadding_TakeTheSameTime()
    {
        using RSA rsa = RSA.Create(2048);
        byte[] good = rsa.Encrypt(new byte[KeySize], RSAEncryptionPadding.Pkcs1);
        double bare = Difference(good, Bad(rsa), c => TryPlain(rsa, c));
        double balanced = double.NaN;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            // What the platform alone lets through is the yardstick; where it lets nothing through, a microsecond is.
            balanced = Difference(good, Bad(rsa), c => RsaKeyTransport.DecryptPkcs1(rsa, c, KeySize));
            TestContext.Current.TestOutputHelper?.WriteLine($"medians differ by {balanced:F2} µs, bare platform by {bare:F2} µs");
            if (Math.Abs(balanced) < Math.Max(Math.Abs(bare) / 3, 1))
            {
                return;
            }
        }

        Assert.Fail($"The medians differ by {balanced:F2} µs; those of the bare platform by {bare:F2} µs.");
    }

    // Any OAEP block but one in 256 begins with two octets that PKCS #1 v1.5 does not write.
    private static byte[] Bad(RSA rsa)
    {
        byte[] bad;
        do
        {
            bad = rsa.Encrypt([1], RSAEncryptionPadding.OaepSHA256);
        }
        while (TryPlain(rsa, bad));

        return bad;
    }

    private static bool TryPlain(RSA rsa, byte[] ciphertext)
    {
        try
        {
            return rsa.Decrypt(ciphertext, RSAEncryptionPadding.Pkcs1).Length == KeySize;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static int CountExceptions(Action action)
    {
        int count = 0;
        int thread = Environment.CurrentManagedThreadId;
        void Count(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs e) =>
            count += Environment.CurrentManagedThreadId == thread ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            action();
            return count;
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }
    }

    /// <summary>Median time of bad minus median time of good padding in microseconds, measured in turns.</summary>
    private static double Difference(byte[] good, byte[] bad, Action<byte[]> decrypt)
    {
        long[] goods = new long[Rounds];
        long[] bads = new long[Rounds];
        var order = new Random(1);
        for (int i = -100; i < Rounds; i++)
        {
            // In random order: a fixed one falls into step with the blinding that OpenSSL renews every 32 calls.
            bool goodFirst = order.Next(2) == 0;
            long first = Measure(goodFirst ? good : bad, decrypt);
            long second = Measure(goodFirst ? bad : good, decrypt);
            if (i >= 0)
            {
                (goods[i], bads[i]) = goodFirst ? (first, second) : (second, first);
            }
        }

        return Stopwatch.GetElapsedTime(Median(goods), Median(bads)).TotalMicroseconds;
    }

    private static long Measure(byte[] ciphertext, Action<byte[]> decrypt)
    {
        long start = Stopwatch.GetTimestamp();
        decrypt(ciphertext);
        return Stopwatch.GetTimestamp() - start;
    }

    private static long Median(long[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
