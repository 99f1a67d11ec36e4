using System.Formats.Asn1;

namespace SmimeKit.Certificates.Tests.Paths;

public sealed class NameComparisonTests
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    [Theory]
    [InlineData("ACME Ltd", "ACME Ltd", true)]
    [InlineData("ACME  Ltd", "acme ltd", true)]
    [InlineData("  ACME Ltd ", "ACME Ltd", true)]
    [InlineData("ACME\tLtd", "ACME Ltd", true)]
    [InlineData("ACMELtd", "ACME Ltd", false)]
    [InlineData("ACME Ltd", "ACME Lt", false)]
    [InlineData("ACME", "ACME Ltd", false)]
    [InlineData("", "ACME", false)]
    [InlineData("Zürich", "ZÜRICH", true)]
    [InlineData("Zürich", "Zurich", false)]
    [InlineData("a[b", "a{b", false)]
    [InlineData("a@b", "a`b", false)]
    [Trait("Requirement", "R5280-7.1-a")]
    public void Equality_OfOneAttribute_FoldsCaseAndBlanksOnly(string left, string right, bool equal)
    {
        DistinguishedName a = Name([(CommonName, left, UniversalTagNumber.UTF8String)]);
        DistinguishedName b = Name([(CommonName, right, UniversalTagNumber.UTF8String)]);
        Assert.Equal(equal, a.Equals(b));
        Assert.Equal(equal, b.Equals(a));
        Assert.True(!equal || a.GetHashCode() == b.GetHashCode());
    }

    [Theory]
    [InlineData(UniversalTagNumber.PrintableString)]
    [InlineData(UniversalTagNumber.IA5String)]
    [InlineData(UniversalTagNumber.BMPString)]
    [InlineData(UniversalTagNumber.T61String)]
    [Trait("Requirement", "R5280-7.1-a")]
    public void Equality_OfDifferentStringTypes_IsThatOfTheText(UniversalTagNumber type)
    {
        DistinguishedName a = Name([(CommonName, "Example CA", type)]);
        DistinguishedName b = Name([(CommonName, "EXAMPLE ca", UniversalTagNumber.UTF8String)]);
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
    }

    [Fact]
    [Trait("Requirement", "R3850-3-h")]
    public void PrintableString_WithForbiddenCharacters_IsReadAndCompared()
    {
        byte[] printable = Name([(CommonName, "at&t@example.com", UniversalTagNumber.IA5String)]).RawData.ToArray();
        printable[Array.IndexOf(printable, (byte)0x16)] = (byte)UniversalTagNumber.PrintableString;
        var name = new DistinguishedName(printable);
        Assert.Equal("at&t@example.com", name.CommonName);
        DistinguishedName other = Name([(CommonName, "AT&T@example.com", UniversalTagNumber.UTF8String)]);
        Assert.Equal(name, other);
        Assert.Equal(name.GetHashCode(), other.GetHashCode());
    }

    [Fact]
    public void Equality_OfAttributesInOneRdn_IgnoresTheirOrder()
    {
        DistinguishedName a = Name([(CommonName, "x", UniversalTagNumber.UTF8String), (Organization, "y", UniversalTagNumber.UTF8String)]);
        DistinguishedName b = Name([(Organization, "Y", UniversalTagNumber.UTF8String), (CommonName, "X", UniversalTagNumber.UTF8String)]);
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Equality_OfTextThatImitatesASecondAttribute_IsFalse()
    {
        DistinguishedName two = Name([(Organization, "y", UniversalTagNumber.UTF8String), (CommonName, "x", UniversalTagNumber.UTF8String)]);
        foreach (string separator in (string[])["+", "\t", "\n", " ", ","])
        {
            Assert.NotEqual(two, Name([(Organization, $"y{separator}2.5.4.3=sx", UniversalTagNumber.UTF8String)]));
        }
    }

    [Fact]
    [Trait("Kind", "negative")]
    public void Equality_OfOtherTypesOrderOrNumber_IsFalse()
    {
        DistinguishedName x = Name([(CommonName, "x", UniversalTagNumber.UTF8String)]);
        DistinguishedName xy = Name([(CommonName, "x", UniversalTagNumber.UTF8String)], [(CommonName, "y", UniversalTagNumber.UTF8String)]);
        DistinguishedName yx = Name([(CommonName, "y", UniversalTagNumber.UTF8String)], [(CommonName, "x", UniversalTagNumber.UTF8String)]);
        Assert.NotEqual(x, Name([(Organization, "x", UniversalTagNumber.UTF8String)]));
        Assert.NotEqual(x, xy);
        Assert.NotEqual(xy, x);
        Assert.NotEqual(xy, yx);
    }

    [Fact]
    public void Equality_OfMalformedNames_IsFalseAndNoException()
    {
        byte[] name = Name([(CommonName, "Example", UniversalTagNumber.UTF8String)]).RawData.ToArray();
        var whole = new DistinguishedName(name);
        for (int i = 0; i < name.Length; i++)
        {
            Assert.NotEqual(whole, new DistinguishedName(name.AsMemory(0, i)));
            byte[] flipped = [.. name];
            flipped[i] ^= 0xFF;
            Assert.NotEqual(whole, new DistinguishedName(flipped));
        }
    }

    private static DistinguishedName Name(params (string Oid, string Value, UniversalTagNumber Type)[][] rdns)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            foreach ((string Oid, string Value, UniversalTagNumber Type)[] rdn in rdns)
            {
                using (writer.PushSetOf())
                {
                    foreach ((string oid, string value, UniversalTagNumber type) in rdn)
                    {
                        using (writer.PushSequence())
                        {
                            writer.WriteObjectIdentifier(oid);
                            writer.WriteCharacterString(type, value);
                        }
                    }
                }
            }
        }

        return new DistinguishedName(writer.Encode());
    }
}
