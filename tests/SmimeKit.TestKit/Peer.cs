using System.Diagnostics;
using Xunit;

namespace SmimeKit.TestKit;

/// <summary>A foreign program that tests talk to: openssl, certutil, cmsutil, gpgsm …</summary>
public sealed class Peer(string command)
{
    private readonly Lazy<string?> _path = new(() => Find(command));

    public static Peer OpenSsl { get; } = new("openssl");

    public static Peer CmsUtil { get; } = new("cmsutil");

    public static Peer CertUtil { get; } = new("certutil");

    public static Peer Pk12Util { get; } = new("pk12util");

    public static Peer GpgSm { get; } = new("gpgsm");

    public static Peer Javac { get; } = new("javac");

    /// <summary>Gets whether the program is installed.</summary>
    public bool Available => _path.Value is not null;

    /// <summary>Skips the running test, loudly, when the program is missing.</summary>
    public void Require() => Assert.SkipUnless(Available, $"The peer {command} is not installed.");

    /// <summary>Runs the program; skips the test when it is missing.</summary>
    public PeerResult Run(IEnumerable<string> arguments, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        Require();
        var start = new ProcessStartInfo(_path.Value!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        Task copy = process.StandardOutput.BaseStream.CopyToAsync(output);
        try
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of its input; its exit code tells the story.
        }

        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{command} did not end within two minutes.");
        }

        Task.WaitAll(copy, error);
        return new PeerResult(process.ExitCode, output.ToArray(), error.Result);
    }

    private static string? Find(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, command))
            .FirstOrDefault(File.Exists);
}

/// <summary>How a foreign program ended.</summary>
public sealed record PeerResult(int ExitCode, byte[] Output, string Error)
{
    /// <summary>Asserts success and returns the output.</summary>
    public byte[] Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return Output;
    }
}
