using SmimeKit.Tool.Reporting;

namespace SmimeKit.Tool.Files;

/// <summary>One input: a file, or standard input under the name <c>-</c>.</summary>
internal sealed class InputFile : IAsyncDisposable
{
    private readonly Stream _owned;

    private InputFile(string name, Stream owned, Stream stream, InputKind kind)
    {
        Name = name;
        _owned = owned;
        Stream = stream;
        Kind = kind;
    }

    /// <summary>Gets the name as the user gave it.</summary>
    internal string Name { get; }

    /// <summary>Gets what it is.</summary>
    internal InputKind Kind { get; }

    /// <summary>Gets the content from its first byte on; seekable when it is a file.</summary>
    internal Stream Stream { get; }

    internal static async Task<InputFile> OpenAsync(string name, ToolHost host, OutputProgress progress, CancellationToken cancellationToken)
    {
        Stream source = name == "-" ? host.OpenInput() : Open(name);
        source = source.CanSeek ? source : new InterruptibleStream(source);
        try
        {
            byte[] beginning = new byte[InputDetector.BeginningSize];
            int count = await source
                .ReadAtLeastAsync(beginning, beginning.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            InputKind kind = InputDetector.Detect(beginning.AsSpan(0, count));
            if (source.CanSeek)
            {
                source.Position = 0;
                return new InputFile(name, source, progress.Watch(source, name), kind);
            }

            return new InputFile(name, source, progress.Watch(new ReplayStream(beginning.AsMemory(0, count), source), name), kind);
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _owned.DisposeAsync();

    private static FileStream Open(string name) =>
        Directory.Exists(name)
            ? throw ToolException.Io("is-directory", $"{name} is a folder.")
            : new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
}
