namespace SmimeKit.Tool.Tests;

/// <summary>Counts what the process allocates, so nothing else may run in it.</summary>
[Collection(nameof(FieldWithoutEndTests))]
[CollectionDefinition(nameof(FieldWithoutEndTests), DisableParallelization = true)]
public sealed class FieldWithoutEndTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_FieldWithoutEnd_IsNotCollected()
    {
        string mail = _folder["mail.eml"];
        await using (FileStream file = File.Create(mail))
        {
            await file.WriteAsync("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nX: "u8.ToArray());
            byte[] piece = [.. Enumerable.Repeat((byte)'x', 1 << 20)];
            for (int i = 0; i < 64; i++)
            {
                await file.WriteAsync(piece);
            }
        }

        long before = GC.GetTotalAllocatedBytes();
        ToolRun run = (await ToolRun.Async("inspect", "--json", mail)).Exits(5);
        Assert.Contains("MaxHeaderSize", run.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 256 << 20); // MimeKit's buffer for a field grows by 4 KiB at a time
    }
}
