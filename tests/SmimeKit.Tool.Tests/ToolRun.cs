using System.Text.Json;

namespace SmimeKit.Tool.Tests;

/// <summary>One run of the tool inside the test process, with streams of its own, and what it left on them.</summary>
internal sealed class ToolRun
{
    private ToolRun(int exitCode, string output, string error, byte[] octets)
    {
        ExitCode = exitCode;
        Output = output;
        Error = error;
        Octets = octets;
    }

    internal int ExitCode { get; }

    /// <summary>Gets the text on standard output.</summary>
    internal string Output { get; }

    internal string Error { get; }

    /// <summary>Gets the octets on standard output.</summary>
    internal byte[] Octets { get; }

    /// <summary>Gets the JSON objects on standard output, one a line.</summary>
    internal IReadOnlyList<JsonElement> Lines =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Gets the only JSON object on standard output.</summary>
    internal JsonElement Json => Assert.Single(Lines);

    internal static Task<ToolRun> Async(params IReadOnlyList<string> arguments) => Async(new ToolInput(), arguments);

    internal static async Task<ToolRun> Async(ToolInput input, params IReadOnlyList<string> arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var octets = new MemoryStream();
        var host = new ToolHost
        {
            OpenInput = input.Open,
            OpenOutput = () => octets,
            Out = output,
            Error = error,
            DataFolder = input.DataFolder,
            Time = new FixedTime(input.Now),
        };
        int exitCode = await ToolApplication.RunAsync(arguments, host, input.Cancellation);
        return new ToolRun(exitCode, output.ToString(), error.ToString(), octets.ToArray());
    }

    /// <summary>Asserts the exit code, and shows what the tool said when it is another.</summary>
    internal ToolRun Exits(int expected)
    {
        Assert.True(ExitCode == expected, $"exit code {ExitCode} instead of {expected}\n{Error}\n{Output}");
        return this;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

/// <summary>The world around one run.</summary>
internal sealed record ToolInput
{
    internal static DateTimeOffset DefaultNow { get; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    internal byte[] StandardInput { get; init; } = [];

    internal Func<Stream>? OpenInput { get; init; }

    internal DateTimeOffset Now { get; init; } = DefaultNow;

    internal string DataFolder { get; init; } = Path.Combine(Path.GetTempPath(), "smimekit-tests-no-such-folder");

    internal CancellationToken Cancellation { get; init; }

    internal Stream Open() => OpenInput is not null ? OpenInput() : new OneWayStream(StandardInput);

    // As a pipe: it cannot seek.
    private sealed class OneWayStream(byte[] content) : MemoryStream(content, writable: false)
    {
        public override bool CanSeek => false;
    }
}
