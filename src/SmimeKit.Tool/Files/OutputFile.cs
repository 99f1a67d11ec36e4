using System.Security.Cryptography;
using SmimeKit.Cms.Policy;
using SmimeKit.Cms.Streaming;

namespace SmimeKit.Tool.Files;

/// <summary>Where a result goes: nowhere, standard output, or a file. Whole, once it is committed, or not at all.</summary>
/// <remarks>
/// A file is written beside its destination under another name, and renamed at the end. Standard output and devices get the
/// result from temporary storage, encrypted, at the end.
/// </remarks>
internal sealed class OutputFile : IAsyncDisposable
{
    private readonly Func<Stream>? _openTarget;
    private readonly string? _temporary;
    private readonly string? _destination;
    private bool _done;

    private OutputFile(string? name, Stream stream, Func<Stream>? openTarget, string? temporary, string? destination)
    {
        Name = name;
        Stream = stream;
        _openTarget = openTarget;
        _temporary = temporary;
        _destination = destination;
    }

    /// <summary>Gets what the user calls it; null for nowhere.</summary>
    internal string? Name { get; }

    /// <summary>Gets the stream to write the result to.</summary>
    internal Stream Stream { get; }

    /// <summary>Opens the destination that the command line asks for.</summary>
    /// <param name="name">A path, <c>-</c>, or null for nowhere.</param>
    /// <param name="host">The world around.</param>
    /// <param name="limits">The limits of temporary storage.</param>
    /// <returns>The output, which the caller disposes.</returns>
    internal static OutputFile Open(string? name, ToolHost host, CmsLimits limits)
    {
        if (name is null)
        {
            return new OutputFile(null, Stream.Null, null, null, null);
        }

        if (name == "-")
        {
            return new OutputFile(name, new EncryptedSpool(limits, null), host.OpenOutput, null, null);
        }

        string destination = Path.GetFullPath(name);
        if (destination.StartsWith("/dev/", StringComparison.Ordinal)) // renaming over a device would replace it
        {
            return new OutputFile(name, new EncryptedSpool(limits, null), () => File.OpenWrite(destination), null, null);
        }

        string folder = Path.GetDirectoryName(destination) ?? throw ToolException.Io("is-directory", $"{name} is a folder.");
        string temporary = Path.Combine(folder, $".smimekit-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}.tmp");
        return new OutputFile(name, Create(temporary), null, temporary, destination);
    }

    /// <summary>Writes a result that is in memory.</summary>
    internal static async Task WriteAsync(string name, ReadOnlyMemory<byte> content, ToolHost host, CancellationToken cancellationToken)
    {
        OutputFile output = Open(name, host, CmsLimits.Default);
        await using (output.ConfigureAwait(false))
        {
            await output.Stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
            await output.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Puts the result where it belongs.</summary>
    internal async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_openTarget is not null)
        {
            Stream.Position = 0;
            Stream target = _openTarget();
            await using (target.ConfigureAwait(false))
            {
                await Stream.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
                await target.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        else if (Stream is FileStream file)
        {
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
            await file.DisposeAsync().ConfigureAwait(false);
            File.Move(_temporary!, _destination!, overwrite: true);
        }

        _done = true;
    }

    /// <summary>Removes what was not committed.</summary>
    /// <returns>A task that ends when nothing is left of it.</returns>
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync().ConfigureAwait(false);
        if (!_done && _temporary is not null)
        {
            File.Delete(_temporary);
        }
    }

    // What comes out of an encrypted mail is its owner's alone.
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 64 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
