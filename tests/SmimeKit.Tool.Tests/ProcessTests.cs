using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace SmimeKit.Tool.Tests;

/// <summary>The tool as users have it: a program with real standard streams.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Program_ReadsStandardInputAndWritesStandardOutput()
    {
        House house = await House.Instance;
        byte[] signed = await RunAsync(0, ["sign", "-", "--form", "opaque", "-o", "-", "--no-store", .. house.Keys(house.AliceKeys)], Encoding.ASCII.GetBytes(House.Mail));
        byte[] report = await RunAsync(
            0, ["open", "-", "--json", "--at", "2026-06-01T12:00:00Z", .. house.Trusting], signed);
        Assert.Equal("ok", JsonDocument.Parse(report).RootElement.GetProperty("outcome").GetString());
        byte[] content = await RunAsync(0, ["open", "-", "-o", "-", "--at", "2026-06-01T12:00:00Z", .. house.Trusting], signed);
        Assert.EndsWith("The secret is 42.\r\n", Encoding.ASCII.GetString(content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_ExitsWithThePromisedCodes()
    {
        await RunAsync(0, ["--version"], []);
        await RunAsync(2, ["--nonsense"], []);
        await RunAsync(3, ["open", "-", "--no-store"], "nothing"u8.ToArray());
        await RunAsync(7, ["open", "no-such-file", "--no-store"], []);
    }

    // SIGTERM, as SIGINT is not delivered to what was started in the background.
    [Fact]
    public async Task Program_InterruptedWhileItWaitsForInput_LeavesNothingBehind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        using var folder = new TestFolder();
        string tool = Path.Combine(AppContext.BaseDirectory, "SmimeKit.Tool.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", tool, "open", "-", "-o", folder["out"], "--no-store"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(House.Mail + new string('x', 100_000)); // the end never comes
        await process.StandardInput.FlushAsync();
        for (int i = 0; i < 300 && folder.Files.Count == 0; i++)
        {
            await Task.Delay(100);
        }

        Assert.StartsWith(".smimekit-", Assert.Single(folder.Files), StringComparison.Ordinal);
        using (Process kill = Process.Start("sh", ["-c", FormattableString.Invariant($"kill -s TERM {process.Id}")]))
        {
            await kill.WaitForExitAsync();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(folder.Files);
    }

    private static async Task<byte[]> RunAsync(int expected, IEnumerable<string> arguments, byte[] input)
    {
        string tool = Path.Combine(AppContext.BaseDirectory, "SmimeKit.Tool.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", tool, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        Task copy = process.StandardOutput.BaseStream.CopyToAsync(output);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program has ended already; its exit code tells the story.
        }

        await copy;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == expected, $"exit code {process.ExitCode}: {await error}");
        return output.ToArray();
    }
}
