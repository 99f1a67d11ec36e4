namespace SmimeKit.Certificates.Tests.Paths;

/// <summary>Damaged certificates are refused as malformed or come out untrusted; nothing else happens.</summary>
public sealed class PathHostileTests
{
    private readonly TestAuthority _root = new("CN=Root");
    private readonly TestAuthority _ca = new("CN=Mail CA");

    [Theory]
    [InlineData("leaf")]
    [InlineData("ca")]
    [Trait("Kind", "negative")]
    public void Octet_Changed_IsNeverTrusted(string which)
    {
        byte[][] der = [_root.Root().RawData.ToArray(), _root.Certify(_ca).RawData.ToArray(), _ca.Leaf().RawData.ToArray()];
        byte[] target = der[which == "leaf" ? 2 : 1];
        for (int i = 0; i < target.Length; i++)
        {
            foreach (byte mask in (byte[])[0x01, 0x20, 0x80, 0xFF])
            {
                target[i] ^= mask;
                Assert.True(TryValidate(der) is null or { Outcome: TrustStatus.Untrusted }, $"octet {i} ^ {mask:X2}");
                target[i] ^= mask;
            }
        }

        Assert.Equal(TrustStatus.Trusted, TryValidate(der)!.Outcome);
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Certificate_CutOff_IsMalformed()
    {
        byte[] leaf = _ca.Leaf().RawData.ToArray();
        for (int length = 0; length < leaf.Length; length++)
        {
            Assert.Throws<MalformedDataException>(() => Certificate.Decode(leaf.AsMemory(0, length)));
        }
    }

    // Every octet of an extension value, cut off at every place: decoded, or malformed in a way that validation reports.
    [Theory]
    [InlineData("2.5.29.15")]
    [InlineData("2.5.29.17")]
    [InlineData("2.5.29.37")]
    [Trait("Kind", "negative")]
    public void Extension_CutOff_IsReported(string oid)
    {
        byte[] value = _ca.Leaf().FindExtension(oid)!.Value.ToArray();
        Certificate ca = _root.Certify(_ca);
        Certificate root = _root.Root();
        for (int length = 0; length < value.Length; length++)
        {
            Certificate leaf = _ca.Leaf(c => c with
            {
                Extensions = [.. c.Extensions.Where(e => e.Oid!.Value != oid), TestAuthority.Raw(oid, value[..length])],
            });
            PathTest.IsUntrusted(PathTest.Validate(leaf, [root], ca), PathProblemCodes.MalformedExtension);
        }
    }

    // Null when a certificate does not decode.
    private static PathValidationResult? TryValidate(byte[][] der)
    {
        try
        {
            Certificate[] path = [.. der.Select(d => Certificate.Decode(d))];
            return PathTest.Validate(path[2], [path[0]], path[1]);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }
}
