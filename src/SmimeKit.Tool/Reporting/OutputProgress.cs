using System.Globalization;
using SmimeKit.Tool.Files;

namespace SmimeKit.Tool.Reporting;

/// <summary>Tells somebody who watches that a large file is being worked on: after a second, on standard error, in one line.</summary>
internal sealed class OutputProgress(ToolHost host, bool enabled)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    private readonly bool _enabled = enabled && host.ErrorIsTerminal;
    private bool _shown;

    /// <summary>Gets the stream itself, or one that reports what is read from it.</summary>
    internal Stream Watch(Stream stream, string name)
    {
        if (!_enabled)
        {
            return stream;
        }

        long began = host.Time.GetTimestamp();
        long last = began;
        long? total = stream.CanSeek ? stream.Length : null;
        return new CountingStream(stream, count =>
        {
            if (host.Time.GetElapsedTime(began) < _patience || host.Time.GetElapsedTime(last) < _interval)
            {
                return;
            }

            last = host.Time.GetTimestamp();
            _shown = true;
            host.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r\e[K{Printable.Of(name)}: {Describe(count, total)}"));
        });
    }

    /// <summary>Removes the line.</summary>
    internal void Clear()
    {
        if (_shown)
        {
            host.Error.Write("\r\e[K");
            _shown = false;
        }
    }

    private static string Describe(long count, long? total) => total is > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{count / 1048576} of {total / 1048576} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{count / 1048576} MiB");
}
