using System.Text;

namespace SmimeKit.Tool;

/// <summary>What the tool knows of the world around it: standard streams, clock, the user's data folder. Tests bring their own.</summary>
internal sealed record ToolHost
{
    /// <summary>Gets what opens standard input.</summary>
    internal required Func<Stream> OpenInput { get; init; }

    /// <summary>Gets what opens standard output for octets.</summary>
    internal required Func<Stream> OpenOutput { get; init; }

    /// <summary>Gets standard output for text.</summary>
    internal required TextWriter Out { get; init; }

    /// <summary>Gets standard error.</summary>
    internal required TextWriter Error { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets whether somebody watches standard error.</summary>
    internal bool ErrorIsTerminal { get; init; }

    /// <summary>Gets the folder of the user's store; it need not exist.</summary>
    internal required string DataFolder { get; init; }

    internal static ToolHost ForConsole() => new()
    {
        OpenInput = Console.OpenStandardInput,
        OpenOutput = Console.OpenStandardOutput,
        Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)),
        Error = Console.Error,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        DataFolder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "smimekit"),
    };
}
