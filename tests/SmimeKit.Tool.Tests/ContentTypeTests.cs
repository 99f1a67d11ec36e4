using System.Text.Json;
using SmimeKit.Cms.Authenticated;
using SmimeKit.Cms.Compressed;
using SmimeKit.Cms.Digested;
using SmimeKit.Cms.Recipients;

namespace SmimeKit.Tool.Tests;

/// <summary><c>inspect</c> of the content types that are not of mail.</summary>
public sealed class ContentTypeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_Digested_ShowsTheDigest()
    {
        using var output = new MemoryStream();
        using (DigestedDataWriter writer = DigestedDataWriter.Open(output))
        {
            writer.Content.Write("abc"u8);
            writer.Complete();
        }

        JsonElement cms = await InspectAsync(output, exitCode: 0);
        Assert.Equal("digested-data", cms.GetProperty("contentType").GetString());
        Assert.Equal("data", cms.GetProperty("encapsulatedContentType").GetString());
        Assert.Equal("sha256", cms.GetProperty("fields").GetProperty("digest").GetString());
        Assert.Equal("3 bytes", cms.GetProperty("fields").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Inspect_Compressed_ShowsWhatIsInside()
    {
        using var output = new MemoryStream();
        using (CompressedDataWriter writer = CompressedDataWriter.Open(output))
        {
            writer.Content.Write("MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nabc\r\n"u8);
            writer.Complete();
        }

        JsonElement cms = await InspectAsync(output, exitCode: 0);
        Assert.Equal("compressed-data", cms.GetProperty("contentType").GetString());
        Assert.Equal("zlib", cms.GetProperty("fields").GetProperty("compression").GetString());
        Assert.Equal("text/plain", cms.GetProperty("parts")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Inspect_Authenticated_ShowsRecipientsAndAlgorithms()
    {
        using var output = new MemoryStream();
        House house = await House.Instance;
        SmimeKit.Certificates.Certificate bob = SmimeKit.Certificates.Certificate.Decode(
            System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(house.BobCertificate).RawData);
        using (AuthenticatedDataWriter writer = AuthenticatedDataWriter.Open(
            output, new AuthenticatedDataWriterOptions { Recipients = [new CertificateRecipient(bob)] }))
        {
            writer.Content.Write("abc"u8);
            writer.Complete();
        }

        JsonElement cms = await InspectAsync(output, exitCode: 0);
        Assert.Equal("authenticated-data", cms.GetProperty("contentType").GetString());
        Assert.Equal("hmac-sha256", cms.GetProperty("fields").GetProperty("mac").GetString());
        Assert.Equal("sha256", cms.GetProperty("fields").GetProperty("digest").GetString());
        Assert.Equal(1, cms.GetProperty("recipients").GetArrayLength());
    }

    [Fact]
    public async Task Inspect_UnknownType_IsUnsupportedByName()
    {
        using var output = new MemoryStream(Convert.FromHexString("300906032A0304A0020500"));
        JsonElement cms = await InspectAsync(output, exitCode: 6);
        Assert.Equal("1.2.3.4", cms.GetProperty("contentType").GetString());
    }

    private async Task<JsonElement> InspectAsync(MemoryStream message, int exitCode) =>
        (await ToolRun.Async("inspect", "--json", _folder.Write("message", message.ToArray()))).Exits(exitCode).Json.GetProperty("cms");
}
