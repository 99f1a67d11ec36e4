using SmimeKit.TestKit.Signing;

namespace SmimeKit.Interop.Tests.Signed;

/// <summary>Every case of <see cref="SigningCases"/>, verified by every foreign implementation that can.</summary>
public sealed class WrittenByUsTests(WrittenByUsTests.Readers readers) : IClassFixture<WrittenByUsTests.Readers>
{
    public static TheoryData<string> Cases { get; } = SigningCases.Names(SigningCases.All);

    [Theory]
    [MemberData(nameof(Cases))]
    public void OpenSsl_Verifies(string name) => Check(new OpenSsl(), name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void DotNet_Verifies(string name) => Check(new DotNet(), name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void BouncyCastle_Verifies(string name) => Check(new BouncyCastle(), name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nss_Verifies(string name) => Check(readers.Nss, name);

    [Theory]
    [MemberData(nameof(Cases))]
    public void GpgSm_Verifies(string name) => Check(readers.GpgSm, name);

    private static void Check(ISignatureReader reader, string name)
    {
        reader.Require();
        SigningCase signing = SigningCases.Named(name);
        byte[] message = signing.Sign(SigningCase.Content);
        string? objection = reader.FindObjection(message, SigningCase.Content, signing.IsDetached, signing.Signers);
        Divergence? divergence = Divergences.Find(reader.Name, signing);
        if (divergence is null)
        {
            Assert.True(objection is null, objection);
        }
        else
        {
            Assert.True(objection is not null, $"The divergence is gone: {divergence.Reason}");
        }
    }

    public sealed class Readers : IDisposable
    {
        public Nss Nss { get; } = new();

        public GpgSm GpgSm { get; } = new();

        public void Dispose()
        {
            Nss.Dispose();
            GpgSm.Dispose();
        }
    }
}
