using SmimeKit.Cms.Signed;
using SmimeKit.TestKit.Signing;

namespace SmimeKit.Cms.Tests.Signed;

public static class CarriedCrlTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [Trait("Requirement", "R3369-5.1-j")]
    public static void Read_WithAnyNumberOfCrlsOfStrangers_IsAsValidAsWithout(int count)
    {
        using var message = new MemoryStream();
        var options = new SignedDataWriterOptions
        {
            Signers = [new CmsSigner(TestIdentity.P256)],
            Certificates = [TestIdentity.P256.Certificate],
            Crls = [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)Asn.Crl((byte)i))],
        };
        using (SignedDataWriter writer = SignedDataWriter.Open(message, options))
        {
            writer.Content.Write(SigningCase.Content);
            writer.Complete();
        }

        SignedMessage read = SignedMessage.Read(message.ToArray());
        read.AssertValid([TestIdentity.P256], SigningCase.Content);
        Assert.Equal(count, read.Report.Carried.Crls.Count);
    }
}
