using System.Security.Cryptography;

namespace SmimeKit.Certificates.Tests.Paths;

public sealed class NativeKeyPoolTests
{
    [Fact]
    public void Rent_HandsOutWhatCameBackAndNothingTwice()
    {
        int created = 0;
        var pool = new NativeKeyPool<RSA>(() =>
        {
            created++;
            return RSA.Create();
        });
        RSA first = pool.Rent()!;
        RSA second = pool.Rent()!;
        Assert.NotSame(first, second);
        pool.Return(first);
        Assert.Same(first, pool.Rent());
        Assert.Equal(2, created);
    }

    [Fact]
    public void Return_BeyondWhatIsKept_DisposesTheKey()
    {
        var pool = new NativeKeyPool<RSA>(RSA.Create);
        RSA[] keys = [.. Enumerable.Range(0, 5).Select(_ => pool.Rent()!)];
        Array.ForEach(keys, pool.Return);
        Assert.Throws<ObjectDisposedException>(() => keys[4].ExportParameters(includePrivateParameters: false));
        Assert.All(keys[..4], key => Assert.Equal(2048, key.KeySize));
    }

    [Fact]
    public void Rent_OfAnUnusableKey_IsNull() => Assert.Null(new NativeKeyPool<RSA>(() => null).Rent());
}
